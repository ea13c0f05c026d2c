import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import type { PersonSummary } from "#/api/types";
import { PersonPicker } from "#/features/people/PersonPicker";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { toast } from "#/ui/toast";

/** Names somebody whom people of the program may turn to; never one of its managers. */
export default function ContactDialog({ programId, onClose }: { programId: string; onClose: () => void }) {
  const { t } = useLingui();
  const [person, setPerson] = useState<PersonSummary | null>(null);
  const [missing, setMissing] = useState(false);
  const give = $api.useMutation("post", "/v1/organization/grants", {
    onSuccess() {
      toast(t`Named. From now on people can turn to them.`);
      onClose();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setMissing(!person);
    if (person)
      give.mutate({ body: { person_id: person.id, role: "safeguarding_contact", program_id: programId } });
  }
  return (
    <Dialog open onClose={onClose} title={t`Name a safeguarding contact`}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
        <p className="text-ink-2">
          <Trans>
            Somebody outside the program's management to turn to when something weighs. They see only what
            people choose to tell them.
          </Trans>
        </p>
        <PersonPicker
          label={t`Person`}
          chosen={person}
          onChoose={(next) => {
            setPerson(next);
            setMissing(false);
          }}
          error={missing ? t`Choose a person from the list.` : undefined}
        />
        <div>
          <Button type="submit" tone="primary" busy={give.isPending}>
            <Trans>Name this person</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
