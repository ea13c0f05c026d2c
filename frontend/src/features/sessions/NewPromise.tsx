import { Trans, useLingui } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import type { MentoringPair } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { useDraft } from "#/lib/draft";
import { firstName } from "#/lib/text";
import { Button } from "#/ui/Button";
import { Segmented, TextField } from "#/ui/Field";
import { dayOf } from "./when";

/** A promise of either of the two, with a day if one likes. */
export function NewPromise({ pair, sessionId }: { pair: MentoringPair; sessionId: string }) {
  const { t } = useLingui();
  const mySide = pair.my_side ?? "mentor";
  const other = firstName((mySide === "mentor" ? pair.mentee : pair.mentor).display_name);
  const [owner, setOwner] = useState<"mentor" | "mentee">(mySide);
  const [text, setText] = useDraft(`promise:${useMe().person?.id}:${sessionId}`, "");
  const [day, setDay] = useState("");
  const add = $api.useMutation("post", "/v1/sessions/{session_id}/action-items");
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!text.trim() || add.isPending) return;
    add.mutate(
      {
        params: { path: { session_id: sessionId } },
        body: { text: text.trim(), owner, due_on: day || null },
      },
      {
        onSuccess() {
          setText("");
          setDay("");
        },
      },
    );
  }
  return (
    <form onSubmit={onSubmit} className="mt-3 flex flex-col gap-3 border-t border-line pt-4">
      <TextField
        label={t`A promise`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={280}
        readOnly={add.isPending}
        required
      />
      <div className="flex flex-wrap items-end gap-3">
        <Segmented
          label={t`Whose promise`}
          value={owner}
          onChange={setOwner}
          options={[
            { value: mySide, label: t`Mine` },
            { value: mySide === "mentor" ? "mentee" : "mentor", label: other },
          ]}
        />
        <TextField
          label={t`By when, if you like`}
          type="date"
          min={dayOf(new Date())}
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
      </div>
      <div>
        <Button type="submit" icon={Plus} busy={add.isPending}>
          <Trans>Promise it</Trans>
        </Button>
      </div>
    </form>
  );
}
