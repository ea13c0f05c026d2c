import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import {
  ArrowRight,
  CalendarCheck,
  CalendarPlus,
  CalendarX,
  CircleCheck,
  FileWarning,
  GraduationCap,
  HeartPulse,
  Inbox,
  type LucideIcon,
  MailQuestion,
  Network,
  PenLine,
  Shuffle,
  TriangleAlert,
  UserRoundX,
} from "lucide-react";
import type { ReactNode } from "react";
import type { TodayOut } from "#/api/types";
import type { MyProgram } from "#/features/identity/me";
import { IconTile, type Tone } from "#/ui/Tag";

type Action = TodayOut["actions"][number];

interface Words {
  icon: LucideIcon;
  tone: Tone;
  title: ReactNode;
  detail: ReactNode;
  /** Where it leads; otherwise the link that came with it. */
  to?: string;
}

function describe(action: Action, program: MyProgram | null): Words | null {
  const count = Number(action.params.count ?? 1);
  const base = `/programs/${String(action.params.program_id ?? program?.id)}`;
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
        detail: <Trans>Four easy times are ready to choose from</Trans>,
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
    case "quiet_pairs":
      return {
        icon: TriangleAlert,
        tone: "lingon",
        title: <Plural value={count} one="# pair has gone quiet" other="# pairs have gone quiet" />,
        detail: <Trans>See who could use a kind word</Trans>,
        to: `${base}/pairs?needs_care=true`,
      };
    case "not_booked":
      return {
        icon: CalendarX,
        tone: "cloud",
        title: <Plural value={count} one="# pair has nothing booked" other="# pairs have nothing booked" />,
        detail: <Trans>The executive is asked first, not the junior</Trans>,
        to: `${base}/pairs?needs_care=true`,
      };
    case "suspended_pairs":
      return {
        icon: UserRoundX,
        tone: "cloud",
        title: <Plural value={count} one="# pair needs a new match" other="# pairs need a new match" />,
        detail: <Trans>The organization changed around them</Trans>,
        to: `${base}/pairs?state=suspended_conflict`,
      };
    case "suggestions_ready":
      return {
        icon: Shuffle,
        tone: "cloud",
        title: <Plural value={count} one="# suggested pair is ready" other="# suggested pairs are ready" />,
        detail: <Trans>Review why, then ask the mentors</Trans>,
        to: `${base}/matching`,
      };
    case "waiting_enrollments":
      return {
        icon: Inbox,
        tone: "lake",
        title: <Plural value={count} one="# person waits for your yes" other="# people wait for your yes" />,
        detail: <Trans>They have asked to take part</Trans>,
        to: `${base}?tab=enrollments&state=applied`,
      };
    case "unknown_lines":
      return {
        icon: Network,
        tone: "cloud",
        title: (
          <Plural
            value={count}
            one="# person has an unknown manager"
            other="# people have an unknown manager"
          />
        ),
        detail: <Trans>They can't be paired until their line is known</Trans>,
        to: "/people?has_unknown_line=true",
      };
    case "import_errors":
      return {
        icon: FileWarning,
        tone: "lake",
        title: (
          <Plural
            value={count}
            one="# row of the import needs a look"
            other="# rows of the import need a look"
          />
        ),
        detail: <Trans>See each row, and what it needs</Trans>,
        to: action.link.startsWith("/imports") ? action.link : "/imports",
      };
    default:
      return null;
  }
}

/** What waits for me, most urgent first; each one leads to where it is done. */
export function Actions({
  actions,
  program,
  label,
  stacked = false,
}: {
  actions: Action[];
  program: MyProgram | null;
  label: string;
  stacked?: boolean;
}) {
  const shown = actions.flatMap((action) => {
    const words = describe(action, program);
    return words ? [{ ...words, key: action.kind + action.link, href: words.to ?? action.link }] : [];
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
