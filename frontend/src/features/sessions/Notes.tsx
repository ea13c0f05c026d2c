import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Lock, Users } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Segmented, TextArea } from "#/ui/Field";
import { notesQuery } from "./queries";

type Visibility = "mine" | "ours";

/** Notes of one talk: one's own, which nobody else reads, and the pair's. */
export function Notes({ sessionId }: { sessionId: string }) {
  const { t } = useLingui();
  const format = useFormat();
  const notes = useQuery(notesQuery(sessionId));
  const [visibility, setVisibility] = useState<Visibility>("mine");
  const write = $api.useMutation("post", "/v1/sessions/{session_id}/notes");
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const written = () => String(new FormData(form).get("text")).trim();
    const text = written();
    if (!text) return;
    write.mutate(
      { params: { path: { session_id: sessionId } }, body: { visibility, text } },
      // What was written meanwhile stays.
      { onSuccess: () => written() === text && form.reset() },
    );
  }
  return (
    <Card
      title={<Trans>Notes</Trans>}
      lead={<Trans>Encrypted. Only the two of you can read what you share here.</Trans>}
    >
      <Loaded query={notes}>
        {({ items }) => (
          <ul className="mb-4 flex flex-col gap-3">
            {items.map((note) => (
              <li key={note.id} className="rounded-xl bg-sunken p-3.5">
                <p className="whitespace-pre-line">{note.text}</p>
                <p className="mt-1.5 flex flex-wrap items-center gap-1.5 text-xs text-ink-3">
                  {note.visibility === "mine" ? (
                    <Lock size={13} aria-hidden />
                  ) : (
                    <Users size={13} aria-hidden />
                  )}
                  {note.visibility === "mine" ? (
                    <Trans>Only I see this</Trans>
                  ) : (
                    <Trans>We both see this</Trans>
                  )}
                  <span aria-hidden>·</span>
                  {format.date(note.created_at)}
                </p>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <form onSubmit={onSubmit} className="flex flex-col gap-3">
        <TextArea label={t`Write a note`} name="text" maxLength={8000} required />
        <div className="flex flex-wrap items-center justify-between gap-3">
          <Segmented<Visibility>
            label={t`Who sees the note`}
            value={visibility}
            onChange={setVisibility}
            options={[
              { value: "mine", label: t`Only me` },
              { value: "ours", label: t`Both of us` },
            ]}
          />
          <Button type="submit" busy={write.isPending}>
            <Trans>Save the note</Trans>
          </Button>
        </div>
      </form>
    </Card>
  );
}
