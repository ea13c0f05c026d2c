import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Lock, PencilLine, Sprout, Trash2, Users } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api, byCursor, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MentoringPair, MentoringSession, TakeawayOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { firstName } from "#/lib/text";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Select, TextField } from "#/ui/Field";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { mySessionsQuery } from "./queries";
import { TakeawayForm } from "./Takeaway";
import { useTalkName } from "./words";

/** Everything that I took along, newest first, and a line more from any talk that has been. */
export function MyTakeaways({ pairs }: { pairs: MentoringPair[] }) {
  const { t } = useLingui();
  const sessions = useQuery(mySessionsQuery()).data?.items ?? [];
  const takeaways = $api.useInfiniteQuery(
    "get",
    "/v1/me/takeaways",
    { params: { query: { limit: 50 } } },
    byCursor,
  );
  const nameOf = (pairId: string) => {
    const pair = pairs.find(({ id }) => id === pairId);
    return pair && firstName((pair.my_side === "mentor" ? pair.mentee : pair.mentor).display_name);
  };
  return (
    <Card title={<Trans>What I take along</Trans>} lead={<Trans>One line a talk is plenty.</Trans>} flush>
      <OneMore sessions={sessions} nameOf={nameOf} />
      <Loaded
        query={takeaways}
        skeleton={
          <div className="border-t border-line p-5">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0)
            return (
              <div className="border-t border-line">
                <EmptyState icon={Sprout} title={t`The first line is still to come`}>
                  <Trans>What did a junior show you that you could not see?</Trans>
                </EmptyState>
              </div>
            );
          return (
            <>
              <ul>
                {rows.map((each) => (
                  <One key={each.id} takeaway={each} name={nameOf(each.pair_id)} />
                ))}
              </ul>
              <ShowMore query={takeaways}>
                <Trans>Show older ones</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function OneMore({
  sessions,
  nameOf,
}: {
  sessions: MentoringSession[];
  nameOf: (pairId: string) => string | undefined;
}) {
  const { t } = useLingui();
  const format = useFormat();
  const talk = useTalkName();
  const [chosen, setChosen] = useState<string>();
  const now = new Date().toISOString();
  const been = sessions
    .filter(
      ({ state, starts_at }) =>
        state === "held" || (["scheduled", "proposed"].includes(state) && (starts_at ?? "z") <= now),
    )
    .toSorted((a, b) => (b.starts_at ?? "").localeCompare(a.starts_at ?? ""));
  const session = been.find(({ id }) => id === chosen) ?? been[0];
  if (!session) return null;
  return (
    <div className="flex flex-col gap-3 px-5 pb-5">
      <TakeawayForm key={session.id} sessionId={session.id} />
      {been.length > 1 && (
        <Select
          label={t`From which talk`}
          value={session.id}
          options={been.map((each) => ({
            value: each.id,
            label: [talk(each), nameOf(each.pair_id), each.starts_at && format.date(each.starts_at)]
              .filter(Boolean)
              .join(" · "),
          }))}
          onChange={(event) => setChosen(event.target.value)}
        />
      )}
    </div>
  );
}

function One({ takeaway, name }: { takeaway: TakeawayOut; name: string | undefined }) {
  const { t } = useLingui();
  const format = useFormat();
  const [editing, setEditing] = useState(false);
  const params = { path: { takeaway_id: takeaway.id }, header: ifMatch(takeaway) };
  const change = $api.useMutation("patch", "/v1/takeaways/{takeaway_id}");
  const remove = $api.useMutation("delete", "/v1/takeaways/{takeaway_id}");
  const mine = takeaway.visibility === "mine";
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("text")).trim();
    if (text) change.mutate({ params, body: { text } }, { onSuccess: () => setEditing(false) });
  }
  const { text } = takeaway;
  return (
    <li className="border-t border-line px-5 py-3">
      {editing ? (
        <form onSubmit={onSubmit} className="flex flex-col gap-3">
          <TextField
            label={t`What I take along, in one line`}
            name="text"
            defaultValue={text}
            maxLength={280}
            required
          />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" tone="primary" busy={change.isPending}>
              <Trans>Save</Trans>
            </Button>
            <Button tone="quiet" onClick={() => setEditing(false)}>
              <Trans>Leave as it was</Trans>
            </Button>
          </div>
        </form>
      ) : (
        <div className="flex items-start justify-between gap-3">
          <div className="min-w-0">
            <p className="text-lg">{text}</p>
            <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-ink-3">
              {mine ? <Lock size={13} aria-hidden /> : <Users size={13} aria-hidden />}
              {mine ? (
                <Trans>Only I see this</Trans>
              ) : name ? (
                <Trans>{name} sees it too</Trans>
              ) : (
                <Trans>We both see this</Trans>
              )}
              <span aria-hidden>·</span>
              {format.date(takeaway.created_at)}
            </p>
          </div>
          <div className="-mr-2 flex shrink-0">
            {takeaway.can.edit?.allowed && (
              <>
                <IconButton
                  icon={mine ? Users : Lock}
                  label={mine ? t`Show it to your pair: ${text}` : t`Keep it to yourself: ${text}`}
                  onClick={() => change.mutate({ params, body: { visibility: mine ? "ours" : "mine" } })}
                />
                <IconButton
                  icon={PencilLine}
                  label={t`Change the words: ${text}`}
                  onClick={() => setEditing(true)}
                />
              </>
            )}
            {takeaway.can.delete?.allowed && (
              <IconButton
                icon={Trash2}
                label={t`Delete: ${text}`}
                onClick={() => remove.mutate({ params })}
              />
            )}
          </div>
        </div>
      )}
    </li>
  );
}
