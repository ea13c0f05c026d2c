import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { $api } from "#/api/client";
import type { ActionItemOut, MentoringPair } from "#/api/types";
import { useFormat } from "#/lib/format";
import { cx, firstName } from "#/lib/text";
import { Card } from "#/ui/Card";
import { promisesQuery } from "./queries";

/** What the two promised each other, open ones first; each is ticked off where it stands. */
export function Promises({ pair, children }: { pair: MentoringPair; children?: ReactNode }) {
  const { data } = useQuery(promisesQuery(pair.id));
  if (!data || (data.items.length === 0 && !children)) return null;
  const order = { overdue: 0, open: 1, done: 2 };
  return (
    <Card title={<Trans>Promised</Trans>}>
      <ul className="flex flex-col gap-1">
        {data.items
          .toSorted((a, b) => order[a.state] - order[b.state])
          .map((item) => (
            <One key={item.id} item={item} pair={pair} />
          ))}
      </ul>
      {children}
    </Card>
  );
}

function One({ item, pair }: { item: ActionItemOut; pair: MentoringPair }) {
  const id = useId();
  const format = useFormat();
  const path = { params: { path: { item_id: item.id } } };
  const finish = $api.useMutation("post", "/v1/action-items/{item_id}/finish");
  const reopen = $api.useMutation("post", "/v1/action-items/{item_id}/reopen");
  const done = item.state === "done";
  const may = item.can[done ? "reopen" : "finish"]?.allowed;
  return (
    <li className="flex min-h-11 items-center gap-3">
      <input
        id={id}
        type="checkbox"
        checked={done}
        disabled={!may}
        onChange={() => (done ? reopen : finish).mutate(path)}
        className="size-5 shrink-0 accent-spruce"
      />
      <label htmlFor={id} className="min-w-0 grow py-1">
        <span className={cx("block", done && "text-ink-3 line-through")}>{item.text}</span>
        <span className={cx("block text-xs", item.state === "overdue" ? "text-cloud-text" : "text-ink-3")}>
          {item.mine ? <Trans>Me</Trans> : firstName(pair[item.owner].display_name)}
          {item.due_on && ` · ${format.date(item.due_on)}`}
        </span>
      </label>
    </li>
  );
}
