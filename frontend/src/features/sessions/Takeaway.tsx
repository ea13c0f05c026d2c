import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Check, Lock, Users } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import { useMe } from "#/features/identity/me";
import { useDraft } from "#/lib/draft";
import { Button } from "#/ui/Button";
import { Segmented, TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { takeawaysQuery } from "./queries";

type Visibility = "mine" | "ours";

/** One line that I take along from a talk: mine, or told to the other one too. */
export function TakeawayForm({ sessionId }: { sessionId: string }) {
  const { t } = useLingui();
  const [text, setText] = useDraft(`takeaway:${useMe().person?.id}:${sessionId}`, "");
  const [visibility, setVisibility] = useState<Visibility>("mine");
  const add = $api.useMutation("post", "/v1/sessions/{session_id}/takeaways", {
    onSuccess: () => toast(t`Noted. It stands under What I learnt.`),
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!text.trim() || add.isPending) return;
    add.mutate(
      { params: { path: { session_id: sessionId } }, body: { text: text.trim(), visibility } },
      { onSuccess: () => setText("") },
    );
  }
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      <TextField
        label={t`What I take along, in one line`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={280}
        readOnly={add.isPending}
        required
      />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Segmented<Visibility>
          label={t`Who reads it`}
          value={visibility}
          onChange={setVisibility}
          options={[
            { value: "mine", label: t`Only me` },
            { value: "ours", label: t`Both of us` },
          ]}
        />
        <Button type="submit" icon={Check} busy={add.isPending}>
          <Trans>Take it along</Trans>
        </Button>
      </div>
    </form>
  );
}

/** What was taken along from one talk, as far as I may read it. */
export function Takeaways({ sessionId, name }: { sessionId: string; name: string }) {
  const { data } = useQuery(takeawaysQuery(sessionId));
  if (!data || data.items.length === 0) return null;
  return (
    <ul className="flex flex-col gap-2">
      {data.items.map((each) => (
        <li key={each.id} className="rounded-xl bg-sunken px-3.5 py-2.5">
          <p>{each.text}</p>
          <p className="flex items-center gap-1.5 text-xs text-ink-3">
            {each.visibility === "mine" ? <Lock size={13} aria-hidden /> : <Users size={13} aria-hidden />}
            {each.mine ? (
              each.visibility === "mine" ? (
                <Trans>Only I see this</Trans>
              ) : (
                <Trans>We both see this</Trans>
              )
            ) : (
              <Trans>{name} takes this along</Trans>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
