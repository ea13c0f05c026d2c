import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CalendarDays, CalendarPlus, CircleCheck } from "lucide-react";
import { useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { DelegatedPair, MentoringSession } from "#/api/types";
import { useFormat } from "#/lib/format";
import { PairAvatars } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { comingOf } from "./delegated";
import { mySessionsQuery } from "./queries";
import { MoveDialog, PlanDialog } from "./TimeDialogs";
import { useWhen } from "./when";
import { SESSION_STATES } from "./words";

/** An assistant's page: the times of those they book for, and no more of a pair than that. */
export function DelegatedPage() {
  const { t } = useLingui();
  const pairs = useQuery($api.queryOptions("get", "/v1/me/delegated-pairs"));
  const sessions = useQuery(mySessionsQuery());
  return (
    <Page
      title={t`I book for others`}
      lead={<Trans>Times and places alone. What the two talk about is theirs.</Trans>}
    >
      <Loaded query={pairs} skeleton={<Skeleton card lines={6} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Card>
              <EmptyState icon={CalendarDays} title={t`Nothing to book just now`}>
                <Trans>When somebody you book for has a pair under way, its times stand here.</Trans>
              </EmptyState>
            </Card>
          ) : (
            <Loaded query={sessions} skeleton={<Skeleton card lines={6} />}>
              {({ items: talks }) => (
                <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
                  {items.map((pair) => (
                    <OnePair key={pair.pair_id} pair={pair} talks={comingOf(pair.pair_id, talks)} />
                  ))}
                </div>
              )}
            </Loaded>
          )
        }
      </Loaded>
    </Page>
  );
}

function OnePair({ pair, talks }: { pair: DelegatedPair; talks: MentoringSession[] }) {
  const { mentor, mentee } = pair;
  const [planning, setPlanning] = useState(false);
  return (
    <Card
      title={
        <span className="flex items-center gap-3">
          <PairAvatars mentor={mentor.display_name} mentee={mentee.display_name} />
          <span>
            {mentee.display_name}
            <span className="block text-sm font-normal text-ink-3">
              <Trans>with {mentor.display_name}</Trans>
            </span>
          </span>
        </span>
      }
      actions={
        <CanButton can={pair.can} action="plan_session" icon={CalendarPlus} onClick={() => setPlanning(true)}>
          <Trans>Book a talk</Trans>
        </CanButton>
      }
      flush
    >
      {talks.length === 0 ? (
        <p className="border-t border-line px-5 py-4 text-ink-3">
          <Trans>Nothing booked yet</Trans>
        </p>
      ) : (
        <ul>
          {talks.map((talk) => (
            <Talk key={talk.id} talk={talk} />
          ))}
        </ul>
      )}
      <PlanDialog pairId={pair.pair_id} open={planning} onClose={() => setPlanning(false)} />
    </Card>
  );
}

function Talk({ talk }: { talk: MentoringSession }) {
  const { t, i18n } = useLingui();
  const when = useWhen();
  const format = useFormat();
  const [moving, setMoving] = useState(false);
  const path = { params: { path: { session_id: talk.id } } };
  const agree = $api.useMutation("post", "/v1/sessions/{session_id}/schedule", {
    onSuccess: () => toast(t`Agreed. You both see it.`),
  });
  const [label, tone] = SESSION_STATES[talk.state];
  const several = talk.slots.length > 1;
  const mayChoose = talk.can.schedule?.allowed;
  const place = talk.place ?? talk.meeting_url;
  return (
    <li className="flex flex-col gap-3 border-t border-line px-5 py-4">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <div className="min-w-0">
          <p className="font-semibold">{several ? <Trans>Some times are proposed</Trans> : when(talk)}</p>
          {place && <p className="text-sm wrap-anywhere text-ink-3">{place}</p>}
        </div>
        <Tag tone={tone}>{i18n._(label)}</Tag>
      </div>
      <div className="flex flex-wrap gap-2">
        {mayChoose &&
          (several ? (
            talk.slots.map((starts_at) => (
              <Button
                key={starts_at}
                busy={agree.isPending}
                onClick={() => agree.mutate({ ...path, body: { starts_at } })}
              >
                {format.day(starts_at)}, {format.time(starts_at)}
              </Button>
            ))
          ) : (
            <Button
              tone="primary"
              icon={CircleCheck}
              busy={agree.isPending}
              onClick={() => agree.mutate(path)}
            >
              <Trans>This time suits</Trans>
            </Button>
          ))}
        <CanButton can={talk.can} action="move" icon={CalendarDays} onClick={() => setMoving(true)}>
          <Trans>Move</Trans>
        </CanButton>
      </div>
      <MoveDialog session={talk} open={moving} onClose={() => setMoving(false)} />
    </li>
  );
}
