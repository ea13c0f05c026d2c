import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { CalendarX, FileWarning, Inbox, Network, Shuffle, TriangleAlert, UserRoundX } from "lucide-react";
import { type Action, Actions, type Words } from "./actions";

function describe(action: Action): Words | null {
  const count = Number(action.params.count ?? 1);
  if (count === 0) return null;
  const base = `/programs/${String(action.params.program_id)}`;
  switch (action.kind) {
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

/** What waits for a programme manager or an administrator. */
export default function ManagerActions({ actions }: { actions: Action[] }) {
  const { t } = useLingui();
  return <Actions actions={actions} words={describe} label={t`To look after`} />;
}
