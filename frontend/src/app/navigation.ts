import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  CalendarDays,
  FileUp,
  House,
  KeyRound,
  LifeBuoy,
  Lightbulb,
  Lock,
  type LucideIcon,
  NotebookPen,
  Plug,
  Shuffle,
  SlidersHorizontal,
  Smile,
  Users,
  UsersRound,
} from "lucide-react";
import type { Me } from "#/api/types";
import { isAdmin, isContact, type MyProgram, rolesOf, takesPart } from "#/features/identity/me";

export interface Destination {
  to: string;
  label: MessageDescriptor;
  icon: LucideIcon;
  /** Only this very page lights up, not those below it. */
  exact?: boolean;
}

/** The bar of a person: the union of what their roles need, most used first. */
export function destinations(me: Me, program: MyProgram | null): Destination[] {
  const roles = rolesOf(me, program);
  const list: Destination[] = [{ to: "/", label: msg`Today`, icon: House, exact: true }];
  if (me.programs.some((each) => each.roles.includes("mentor")))
    list.push({ to: "/prepare", label: msg`Prepare`, icon: NotebookPen });
  if (takesPart(me)) list.push({ to: "/sessions", label: msg`Sessions`, icon: CalendarDays });
  if (me.programs.some((each) => each.roles.includes("mentee")))
    list.push({ to: "/learnt", label: msg`What I learnt`, icon: Lightbulb });
  if (program && roles.has("programme_manager")) {
    list.push(
      { to: `/programs/${program.id}/pairs`, label: msg`Pairs`, icon: Users },
      { to: `/programs/${program.id}/matching`, label: msg`Matching`, icon: Shuffle },
    );
  }
  if (program && (roles.has("programme_manager") || roles.has("organization_admin")))
    list.push({ to: `/programs/${program.id}`, label: msg`Program`, icon: SlidersHorizontal, exact: true });
  if (isAdmin(me))
    list.push(
      { to: "/people", label: msg`People`, icon: UsersRound },
      { to: "/imports", label: msg`Imports`, icon: FileUp },
      { to: "/connections", label: msg`Connections`, icon: Plug },
      { to: "/access", label: msg`Access`, icon: Lock },
      { to: "/keys", label: msg`Keys and apps`, icon: KeyRound },
    );
  if (me.books_for_others) list.push({ to: "/delegated", label: msg`Booking`, icon: CalendarDays });
  if (isContact(me)) list.push({ to: "/concerns", label: msg`Concerns`, icon: LifeBuoy, exact: true });
  list.push({ to: "/me", label: msg`Me`, icon: Smile });
  return list;
}

/** Five at most on a phone: the first four and "Me"; the search finds the rest. */
export function bottomBar(list: Destination[]): Destination[] {
  return list.length <= 5 ? list : [...list.slice(0, 4), ...list.slice(-1)];
}
