import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft, Video } from "lucide-react";
import { Loaded } from "#/api/Loaded";
import type { MentoringPair, MentoringSession } from "#/api/types";
import { ConcernLink } from "#/features/feedback/ConcernLink";
import { Pulse } from "#/features/feedback/Pulse";
import { pairQuery } from "#/features/pairs/queries";
import { Agenda } from "#/features/sessions/Agenda";
import { Board } from "#/features/sessions/Board";
import { Close, Kit } from "#/features/sessions/Kit";
import { NewPromise } from "#/features/sessions/NewPromise";
import { Notes } from "#/features/sessions/Notes";
import { Promises } from "#/features/sessions/Promises";
import {
  agendaQuery,
  kitQuery,
  notesQuery,
  promisesQuery,
  sessionQuery,
  takeawaysQuery,
  thoughtsQuery,
} from "#/features/sessions/queries";
import { SessionActions } from "#/features/sessions/SessionActions";
import { TakeawayForm, Takeaways } from "#/features/sessions/Takeaway";
import { Timer } from "#/features/sessions/Timer";
import { useWhen } from "#/features/sessions/when";
import { useTalkName } from "#/features/sessions/words";
import { pick } from "#/lib/i18n";
import { firstName } from "#/lib/text";
import { PairAvatars } from "#/ui/Avatar";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { NoPermission, Skeleton } from "#/ui/states";

/** How often the room looks for what the other one wrote (ms). */
const LIVE = { refetchInterval: 5_000 };

/** Where the two talk: time, agenda, board, notes, promises and a good end, on one page for both. */
export function RoomPage() {
  const { t } = useLingui();
  const { sessionId } = useParams({ from: "/shell/sessions/$sessionId/room" });
  const session = useQuery({ ...sessionQuery(sessionId), ...LIVE });
  return (
    <Loaded query={session} page={t`Session room`} skeleton={<Skeleton card lines={8} />}>
      {(found) =>
        found.my_part === "delegate" ? (
          <Page title={t`Session room`}>
            <NoPermission />
          </Page>
        ) : (
          <Shared session={found} />
        )
      }
    </Loaded>
  );
}

function Shared({ session }: { session: MentoringSession }) {
  const { t } = useLingui();
  const pair = useQuery(pairQuery(session.pair_id));
  useQuery({ ...agendaQuery(session.id), ...LIVE });
  useQuery({ ...thoughtsQuery(session.id), ...LIVE });
  useQuery({ ...notesQuery(session.id), ...LIVE });
  useQuery({ ...takeawaysQuery(session.id), ...LIVE });
  useQuery({ ...promisesQuery(session.pair_id), ...LIVE });
  return (
    <Loaded query={pair} page={t`Session room`} skeleton={<Skeleton card lines={8} />}>
      {(found) => <Room session={session} pair={found} />}
    </Loaded>
  );
}

function Room({ session, pair }: { session: MentoringSession; pair: MentoringPair }) {
  const { t, i18n } = useLingui();
  const when = useWhen();
  const name = useTalkName()(session);
  const kit = useQuery(kitQuery(session.kit)).data;
  const other = (session.my_part === "mentor" ? session.mentee : session.mentor).display_name;
  const open = session.state === "scheduled" || session.state === "proposed";
  return (
    <Page
      title={kit ? `${name}: ${pick(kit.title, i18n.locale)}` : name}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <PairAvatars mentor={pair.mentor.display_name} mentee={pair.mentee.display_name} size="sm" />
          {[t`You and ${other}`, when(session), session.place].filter(Boolean).join(" · ")}
        </span>
      }
      actions={
        <>
          <Link
            to="/pairs/$pairId"
            params={{ pairId: pair.id }}
            search={{ session: session.id }}
            className={buttonLook()}
          >
            <ArrowLeft size={18} aria-hidden />
            <Trans>Our pair</Trans>
          </Link>
          {open && session.meeting_url && (
            <a
              href={session.meeting_url}
              target="_blank"
              rel="noreferrer"
              className={buttonLook({ tone: "primary" })}
            >
              <Video size={18} aria-hidden />
              <Trans>Join</Trans>
            </a>
          )}
        </>
      }
    >
      {open && <Timer session={session} />}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex flex-col gap-4">
          <Agenda session={session} side={pair.my_side} />
          <Board session={session} />
          <Notes sessionId={session.id} />
        </div>
        <div className="flex flex-col gap-4">
          <Kit sessionId={session.id} />
          <Promises pair={pair}>
            {(open || session.state === "held") && <NewPromise pair={pair} sessionId={session.id} />}
          </Promises>
          <Ending session={session} pair={pair} />
          <ConcernLink about="pair" programId={pair.program_id} />
        </div>
      </div>
    </Page>
  );
}

/** The last two minutes: the close, that it took place, the pulse, and one line to take along. */
function Ending({ session, pair }: { session: MentoringSession; pair: MentoringPair }) {
  const begun =
    session.state === "held" || (session.starts_at !== null && Date.parse(session.starts_at) <= Date.now());
  const other = firstName((session.my_part === "mentor" ? session.mentee : session.mentor).display_name);
  const { hold, miss } = session.can;
  const over = hold?.allowed || hold?.reason === "primer_missing" || miss?.allowed;
  return (
    <>
      <Card title={<Trans>A good end</Trans>}>
        <div className="flex flex-col gap-4">
          <Close sessionId={session.id} />
          {session.can.hold?.reason === "too_early" && (
            <p className="text-sm text-ink-3">
              <Trans>When you have talked, you say so here with one press.</Trans>
            </p>
          )}
          {session.state === "held" && (
            <p className="font-semibold text-spruce-text">
              <Trans>You met. It counts.</Trans>
            </p>
          )}
          {over && (
            <SessionActions
              session={session}
              primer={
                <Link to="/pairs/$pairId" params={{ pairId: pair.id }} className={buttonLook()}>
                  <Trans>A short warm-up comes first</Trans>
                </Link>
              }
            />
          )}
          {begun && session.my_part === "mentee" && <TakeawayForm sessionId={session.id} />}
          <Takeaways sessionId={session.id} name={other} />
        </div>
      </Card>
      {session.my_pulse !== "none" && session.number && (
        <Pulse sessionId={session.id} number={session.number} />
      )}
    </>
  );
}
