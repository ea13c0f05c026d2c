import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import {
  ArrowRight,
  CalendarCheck,
  CalendarPlus,
  CircleCheck,
  GraduationCap,
  Heart,
  HeartPulse,
  ListChecks,
  type LucideIcon,
  MailQuestion,
  PenLine,
} from "lucide-react";
import type { ReactNode } from "react";
import type { TodayOut } from "#/api/types";
import { IconTile, type Tone } from "#/ui/Tag";

export type Action = TodayOut["actions"][number];

export interface Words {
  icon: LucideIcon;
  tone: Tone;
  title: ReactNode;
  detail: ReactNode;
  /** Where it leads; otherwise the link that came with it. */
  to?: string;
}

/** What a participant is asked to do. */
function describe(action: Action): Words | null {
  switch (action.kind) {
    case "answer_offer":
      return {
        icon: MailQuestion,
        tone: "cloud",
        title: <Trans>A pair is offered to you</Trans>,
        detail: <Trans>See why you two, then answer</Trans>,
      };
    case "sign_agreement":
      return {
        icon: PenLine,
        tone: "lake",
        title: <Trans>Sign your agreement</Trans>,
        detail: <Trans>Both sign before the first talk</Trans>,
      };
    case "finish_primer":
      return {
        icon: GraduationCap,
        tone: "lake",
        title: <Trans>A short warm-up waits</Trans>,
        detail: <Trans>Ten minutes before the first talk</Trans>,
        to: `/primer/${String(action.params.enrollment_id)}`,
      };
    case "plan_session":
      return {
        icon: CalendarPlus,
        tone: "cloud",
        title: <Trans>Plan your next talk</Trans>,
        detail: <Trans>Times that suit you both are ready</Trans>,
      };
    case "confirm_session":
      return {
        icon: CalendarCheck,
        tone: "cloud",
        title: <Trans>A time is proposed to you</Trans>,
        detail: <Trans>Say that it suits, or move it</Trans>,
      };
    case "hold_session":
      return {
        icon: CircleCheck,
        tone: "spruce",
        title: <Trans>Did you meet?</Trans>,
        detail: <Trans>One press, and it counts</Trans>,
      };
    case "give_pulse":
      return {
        icon: HeartPulse,
        tone: "cloud",
        title: <Trans>How was the talk?</Trans>,
        detail: <Trans>Five presses, then it is sealed</Trans>,
      };
    case "fit_check":
      return {
        icon: HeartPulse,
        tone: "lake",
        title: <Trans>How does it work for you two?</Trans>,
        detail: <Trans>Five presses, then it is sealed</Trans>,
      };
    case "answer_invitation":
      return {
        icon: MailQuestion,
        tone: "cloud",
        title: <Trans>You are invited</Trans>,
        detail: <Trans>See what it is, then answer</Trans>,
      };
    case "agree_terms":
      return {
        icon: PenLine,
        tone: "cloud",
        title: <Trans>Read the terms and agree</Trans>,
        detail: <Trans>Before your pair begins</Trans>,
      };
    case "answer_candid":
      return {
        icon: Heart,
        tone: "lake",
        title: <Trans>Your mentor gave you a thought</Trans>,
        detail: <Trans>Say that you heard it</Trans>,
      };
    case "action_item_due":
      return {
        icon: ListChecks,
        tone: "lake",
        title: <Trans>Something you promised</Trans>,
        detail: <Trans>Tick it off when it is done</Trans>,
      };
    default:
      return null;
  }
}

/** What waits for me, most urgent first; each one leads to where it is done. */
export function Actions({
  actions,
  label,
  words = describe,
  stacked = false,
}: {
  actions: Action[];
  label: string;
  words?: (action: Action) => Words | null;
  stacked?: boolean;
}) {
  const shown = actions.flatMap((action) => {
    const told = words(action);
    return told ? [{ ...told, key: action.kind + action.link, href: told.to ?? action.link }] : [];
  });
  if (shown.length === 0) return null;
  return (
    <section aria-label={label}>
      <ul className={stacked ? "flex flex-col gap-3" : "grid gap-3 md:grid-cols-2 xl:grid-cols-3"}>
        {shown.map((each) => (
          <li
            key={each.key}
            className="relative flex items-center gap-4 rounded-2xl border border-line bg-surface p-4 shadow-card transition-colors hover:bg-sunken"
          >
            <IconTile tone={each.tone}>
              <each.icon size={20} />
            </IconTile>
            <div className="min-w-0 grow">
              <Link to={each.href} className="font-semibold after:absolute after:inset-0 after:rounded-2xl">
                {each.title}
              </Link>
              <p className="text-sm text-ink-3">{each.detail}</p>
            </div>
            <ArrowRight size={18} aria-hidden className="shrink-0 text-ink-3" />
          </li>
        ))}
      </ul>
    </section>
  );
}
