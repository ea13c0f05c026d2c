import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import type { ActionItemOut, MentoringPair } from "#/api/types";
import { useFormat } from "#/lib/format";
import { cx, firstName } from "#/lib/text";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
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
  const { t } = useLingui();
  const id = useId();
  const [changing, setChanging] = useState(false);
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
      {item.can.edit?.allowed && (
        <>
          <IconButton
            icon={Pencil}
            label={t`Change the promise: ${item.text}`}
            onClick={() => setChanging(true)}
          />
          <PromiseDialog item={item} open={changing} onClose={() => setChanging(false)} />
        </>
      )}
    </li>
  );
}

function PromiseDialog({ item, open, onClose }: { item: ActionItemOut; open: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const path = { params: { path: { item_id: item.id }, header: ifMatch(item) } };
  const save = $api.useMutation("patch", "/v1/action-items/{item_id}", { onSuccess: onClose });
  const remove = $api.useMutation("delete", "/v1/action-items/{item_id}", {
    onSuccess() {
      toast(t`The promise is taken away.`);
      onClose();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = String(form.get("text")).trim();
    if (text) save.mutate({ ...path, body: { text, due_on: String(form.get("due_on")) || null } });
  }
  return (
    <Dialog open={open} onClose={onClose} title={t`Change the promise`}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <TextField
          label={t`What is promised`}
          name="text"
          defaultValue={item.text}
          maxLength={280}
          required
        />
        <TextField
          label={t`By when, if you like`}
          name="due_on"
          type="date"
          defaultValue={item.due_on ?? ""}
        />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" tone="primary" busy={save.isPending}>
            <Trans>Save</Trans>
          </Button>
          {item.can.delete?.allowed && (
            <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate(path)}>
              <Trans>Delete for good</Trans>
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
