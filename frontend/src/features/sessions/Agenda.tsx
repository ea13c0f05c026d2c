import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { PencilLine, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { MentoringSession } from "#/api/types";
import { pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextArea } from "#/ui/Field";
import { kitQuery } from "./queries";
import { Spark } from "./Spark";
import { useAgenda } from "./useAgenda";
import { useTalkName } from "./words";

/** What the next talk is about: the junior's to fill, with the kit's questions at hand. */
export function Agenda({ session, side }: { session: MentoringSession; side: "mentor" | "mentee" | null }) {
  const { t, i18n } = useLingui();
  const [editing, setEditing] = useState(false);
  const agenda = useAgenda(session);
  const kit = useQuery(kitQuery(session.kit)).data;
  const name = useTalkName()(session);
  const title = kit ? pick(kit.title, i18n.locale) : "";
  const may = session.can.edit_agenda?.allowed ?? false;
  const questions = (side === "mentee" ? kit?.mentee_questions : kit?.mentor_questions) ?? [];
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    agenda.write(String(new FormData(event.currentTarget).get("text")).trim(), () => setEditing(false));
  }
  return (
    <Card
      title={<Trans>Agenda</Trans>}
      lead={kit ? `${name}: ${title}` : name}
      actions={
        may &&
        !editing && (
          <Button icon={PencilLine} onClick={() => setEditing(true)}>
            <Trans>Edit</Trans>
          </Button>
        )
      }
    >
      {editing ? (
        <form onSubmit={onSubmit} className="flex flex-col gap-3">
          <TextArea
            label={t`What we talk about`}
            name="text"
            defaultValue={session.agenda ?? ""}
            maxLength={4000}
          />
          <div className="flex gap-2">
            <Button type="submit" tone="primary" busy={agenda.busy}>
              <Trans>Save</Trans>
            </Button>
            <Button tone="quiet" onClick={() => setEditing(false)}>
              <Trans>Leave as it was</Trans>
            </Button>
          </div>
        </form>
      ) : session.agenda ? (
        <p className="whitespace-pre-line">{session.agenda}</p>
      ) : (
        <p className="text-ink-3">
          <Trans>Nothing here yet. One line is plenty.</Trans>
        </p>
      )}
      <Spark session={session} />
      {questions.length > 0 && !editing && (
        <div className="mt-4 border-t border-line pt-4">
          <h3 className="mb-2 text-sm font-semibold">
            <Trans>Questions to start from</Trans>
          </h3>
          <ul className="flex flex-col gap-2">
            {questions.map((question) => {
              const text = pick(question, i18n.locale);
              return (
                <li
                  key={text}
                  className="flex items-center justify-between gap-3 rounded-xl bg-cloud-soft py-1 pr-1 pl-3.5 text-cloud-text"
                >
                  <span className="py-1.5 text-sm font-medium">{text}</span>
                  {may && (
                    <button
                      type="button"
                      aria-label={t`Add to the agenda: ${text}`}
                      onClick={() => agenda.add(text)}
                      className="inline-flex size-10 shrink-0 items-center justify-center rounded-lg hover:bg-surface"
                    >
                      <Plus size={18} aria-hidden />
                    </button>
                  )}
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </Card>
  );
}
