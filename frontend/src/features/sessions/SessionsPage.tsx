import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarDays, CalendarPlus } from "lucide-react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MentoringPair, MentoringSession } from "#/api/types";
import { pick } from "#/lib/i18n";
import { PairAvatars } from "#/ui/Avatar";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { kitsQuery, mySessionsQuery } from "./queries";
import { useWhen } from "./when";
import { SESSION_STATES, useTalkName } from "./words";

/** All my talks: what comes first, then what has been. */
export function SessionsPage() {
  const { t } = useLingui();
  const sessions = useQuery(mySessionsQuery());
  const pairs = useQuery(
    $api.queryOptions("get", "/v1/pairs", { params: { query: { mine: true, limit: 100 } } }),
  );
  const byId = new Map(pairs.data?.items.map((pair) => [pair.id, pair]));
  return (
    <Page
      title={t`Sessions`}
      lead={<Trans>Your talks, the next one first</Trans>}
      actions={
        <Link to="/me/devices" className={buttonLook()}>
          <CalendarPlus size={18} aria-hidden />
          <Trans>In my calendar</Trans>
        </Link>
      }
    >
      <Loaded query={sessions} skeleton={<Skeleton card lines={6} />}>
        {({ items }) => {
          const coming = items.filter(({ state }) => state === "scheduled" || state === "proposed");
          const been = items.filter((session) => !coming.includes(session));
          const time = (session: MentoringSession) => session.starts_at ?? session.created_at;
          coming.sort((a, b) => time(a).localeCompare(time(b)));
          been.sort((a, b) => time(b).localeCompare(time(a)));
          return (
            <>
              <Card title={<Trans>Coming</Trans>} flush>
                {coming.length === 0 ? (
                  <EmptyState icon={CalendarDays} title={t`Nothing booked yet`}>
                    <Trans>Open your pair to plan the next talk.</Trans>
                  </EmptyState>
                ) : (
                  <SessionList sessions={coming} pairs={byId} />
                )}
              </Card>
              {been.length > 0 && (
                <Card title={<Trans>Been</Trans>} flush>
                  <SessionList sessions={been} pairs={byId} />
                </Card>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function SessionList({
  sessions,
  pairs,
}: {
  sessions: MentoringSession[];
  pairs: Map<string, MentoringPair>;
}) {
  const { i18n } = useLingui();
  const when = useWhen();
  const name = useTalkName();
  const kits = useQuery(kitsQuery()).data?.items;
  return (
    <ul>
      {sessions.map((session) => {
        const pair = pairs.get(session.pair_id);
        const other = pair && (pair.my_side === "mentor" ? pair.mentee : pair.mentor).display_name;
        const kit = kits?.find((each) => each.key === session.kit);
        const [label, tone] = SESSION_STATES[session.state];
        return (
          <li
            key={session.id}
            className="relative flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-3.5 hover:bg-sunken"
          >
            {pair && <PairAvatars mentor={pair.mentor.display_name} mentee={pair.mentee.display_name} />}
            <div className="min-w-40 flex-1">
              <Link
                to="/pairs/$pairId"
                params={{ pairId: session.pair_id }}
                search={{ session: session.id }}
                className="font-semibold after:absolute after:inset-0"
              >
                {kit ? pick(kit.title, i18n.locale) : name(session)}
              </Link>
              <p className="text-sm text-ink-3">{[other, when(session)].filter(Boolean).join(" · ")}</p>
            </div>
            {session.my_pulse === "open" && (
              <Tag tone="cloud">
                <Trans>Your pulse is asked</Trans>
              </Tag>
            )}
            <Tag tone={tone}>{i18n._(label)}</Tag>
          </li>
        );
      })}
    </ul>
  );
}
