import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { type FormEvent, useId } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { GoalOut, MentoringPair } from "#/api/types";
import { cx, firstName } from "#/lib/text";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextField } from "#/ui/Field";
import { goalsQuery } from "./queries";

/** What each of the two wants from this; both read all of them, each ticks off their own. */
export function Goals({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const goals = useQuery(goalsQuery(pair.id));
  const add = $api.useMutation("post", "/v1/pairs/{pair_id}/goals");
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const written = () => String(new FormData(form).get("goal")).trim();
    const text = written();
    if (text)
      add.mutate(
        { params: { path: { pair_id: pair.id } }, body: { text } },
        { onSuccess: () => written() === text && form.reset() },
      );
  }
  const nameOf = (side: GoalOut["side"]) =>
    side === pair.my_side ? t`Me` : firstName(pair[side].display_name);
  const may = pair.can.write_goals?.allowed;
  if (!may && goals.data?.items.length === 0) return null;
  return (
    <Card title={<Trans>What we want from this</Trans>} lead={<Trans>Only the two of you read it.</Trans>}>
      <Loaded query={goals}>
        {({ items }) => (
          <ul className="flex flex-col gap-1">
            {items.map((goal) => (
              <Goal key={goal.id} goal={goal} pairId={pair.id} who={nameOf(goal.side)} />
            ))}
          </ul>
        )}
      </Loaded>
      {may && (
        <form onSubmit={onSubmit} className="mt-3 flex flex-col items-start gap-3">
          <div className="w-full">
            <TextField label={t`A goal of mine`} name="goal" maxLength={1000} />
          </div>
          <Button type="submit" icon={Plus} busy={add.isPending}>
            <Trans>Add</Trans>
          </Button>
        </form>
      )}
    </Card>
  );
}

function Goal({ goal, pairId, who }: { goal: GoalOut; pairId: string; who: string }) {
  const { t } = useLingui();
  const id = useId();
  const path = { pair_id: pairId, goal_id: goal.id };
  const change = $api.useMutation("patch", "/v1/pairs/{pair_id}/goals/{goal_id}");
  const remove = $api.useMutation("delete", "/v1/pairs/{pair_id}/goals/{goal_id}");
  const done = goal.done_at !== null;
  return (
    <li className="flex min-h-11 items-center gap-3">
      {goal.can.edit?.allowed ? (
        <input
          id={id}
          type="checkbox"
          checked={done}
          onChange={() => change.mutate({ params: { path, header: ifMatch(goal) }, body: { done: !done } })}
          className="size-5 shrink-0 accent-spruce"
        />
      ) : (
        <span
          aria-hidden
          className={cx(
            "size-5 shrink-0 rounded-md border-2",
            done ? "border-spruce-fill bg-spruce-fill" : "border-edge",
          )}
        />
      )}
      <label htmlFor={id} className="min-w-0 grow py-1">
        <span className={cx("block", done && "text-ink-3 line-through")}>{goal.text}</span>
        <span className="block text-xs text-ink-3">
          {who}
          {done && (
            <>
              {" · "}
              <Trans>reached</Trans>
            </>
          )}
        </span>
      </label>
      {goal.can.delete?.allowed && (
        <IconButton
          icon={X}
          label={t`Remove the goal`}
          onClick={() => remove.mutate({ params: { path, header: ifMatch(goal) } })}
        />
      )}
    </li>
  );
}
