import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CloudUpload, Lock, Pencil, Users } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { wordsFor } from "#/api/problems";
import type { NoteOut } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { useDraft } from "#/lib/draft";
import { useFormat } from "#/lib/format";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Segmented, TextArea } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { useOutbox } from "./outbox";
import { notesQuery } from "./queries";

type Visibility = "mine" | "ours";

/** Notes of one talk: one's own, which nobody else reads, and the pair's. */
export function Notes({ sessionId }: { sessionId: string }) {
  const { t, i18n } = useLingui();
  const notes = useQuery(notesQuery(sessionId));
  const [visibility, setVisibility] = useState<Visibility>("mine");
  const [text, setText] = useDraft(`note:${useMe().person?.id}:${sessionId}`, "");
  const outbox = useOutbox();
  const waiting = outbox.waiting.filter((each) => each.sessionId === sessionId);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!text.trim()) return;
    outbox.add({ sessionId, visibility, text: text.trim() });
    setText("");
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
              <Note key={note.id} note={note} />
            ))}
          </ul>
        )}
      </Loaded>
      {waiting.length > 0 && (
        <ul className="mb-4 flex flex-col gap-3">
          {waiting.map((note) => (
            <li key={note.key} className="rounded-xl border border-dashed border-edge p-3.5">
              <p className="whitespace-pre-line">{note.text}</p>
              {note.refused ? (
                <>
                  <p role="alert" className="mt-1.5 text-xs font-semibold text-lingon-text">
                    {i18n._(wordsFor(note.refused))}
                  </p>
                  <Button
                    tone="quiet"
                    className="-ml-3"
                    onClick={() => {
                      setText([note.text, text].filter(Boolean).join("\n"));
                      outbox.remove(note.key);
                    }}
                  >
                    <Trans>Back into the field</Trans>
                  </Button>
                </>
              ) : (
                <p role="status" className="mt-1.5 flex items-center gap-1.5 text-xs text-ink-3">
                  <CloudUpload size={14} aria-hidden className="shrink-0" />
                  <Trans>On its way. It waits on this device until Vuoro has it.</Trans>
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={onSubmit} className="flex flex-col gap-3">
        <TextArea
          label={t`Write a note`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={8000}
          required
        />
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
          <Button type="submit">
            <Trans>Save the note</Trans>
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Note({ note }: { note: NoteOut }) {
  const { t } = useLingui();
  const format = useFormat();
  const [changing, setChanging] = useState(false);
  const mayChange = note.can.edit?.allowed || note.can.delete?.allowed;
  return (
    <li className="flex items-start gap-2 rounded-xl bg-sunken p-3.5">
      <div className="min-w-0 grow">
        <p className="whitespace-pre-line">{note.text}</p>
        <p className="mt-1.5 flex flex-wrap items-center gap-1.5 text-xs text-ink-3">
          {note.visibility === "mine" ? <Lock size={13} aria-hidden /> : <Users size={13} aria-hidden />}
          {note.visibility === "mine" ? <Trans>Only I see this</Trans> : <Trans>We both see this</Trans>}
          <span aria-hidden>·</span>
          {format.date(note.created_at)}
          {note.edited_at && (
            <>
              <span aria-hidden>·</span>
              <Trans>changed</Trans>
            </>
          )}
        </p>
      </div>
      {mayChange && (
        <>
          <IconButton
            icon={Pencil}
            label={t`Change the note`}
            className="-my-1.5 -mr-1.5"
            onClick={() => setChanging(true)}
          />
          <NoteDialog note={note} open={changing} onClose={() => setChanging(false)} />
        </>
      )}
    </li>
  );
}

function NoteDialog({ note, open, onClose }: { note: NoteOut; open: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const path = { params: { path: { note_id: note.id }, header: ifMatch(note) } };
  const save = $api.useMutation("patch", "/v1/notes/{note_id}", { onSuccess: onClose });
  const remove = $api.useMutation("delete", "/v1/notes/{note_id}", {
    onSuccess() {
      toast(t`The note is deleted.`);
      onClose();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("text")).trim();
    if (text) save.mutate({ ...path, body: { text } });
  }
  return (
    <Dialog open={open} onClose={onClose} title={t`Change the note`}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <TextArea
          label={note.visibility === "mine" ? t`Only I see this` : t`We both see this`}
          name="text"
          defaultValue={note.text}
          rows={6}
          maxLength={8000}
          required
        />
        <div className="flex flex-wrap gap-2">
          {note.can.edit?.allowed && (
            <Button type="submit" tone="primary" busy={save.isPending}>
              <Trans>Save</Trans>
            </Button>
          )}
          {note.can.delete?.allowed && (
            <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate(path)}>
              <Trans>Delete for good</Trans>
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
