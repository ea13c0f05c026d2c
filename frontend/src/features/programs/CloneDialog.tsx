import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import { fieldErrors } from "#/api/problems";
import type { ProgramOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";

/** A new draft like this program, with nobody in it. */
export default function CloneDialog({ program, onClose }: { program: ProgramOut; onClose: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [nameless, setNameless] = useState(false);
  const clone = $api.useMutation("post", "/v1/programs/{program_id}/clone", {
    onSuccess(made) {
      toast(t`The new program stands as a draft.`);
      onClose();
      void navigate({ to: "/programs/$programId", params: { programId: made.id } });
    },
  });
  const errors = fieldErrors(clone.error);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name") ?? "").trim();
    const starts_on = String(form.get("starts_on") ?? "");
    setNameless(!name);
    if (name)
      clone.mutate({
        params: { path: { program_id: program.id } },
        body: { name, ...(starts_on && { starts_on }) },
      });
  }
  return (
    <Dialog open onClose={onClose} title={t`A new program like this one`}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        <p className="text-ink-2">
          <Trans>
            What it is for, its rules and its rhythm come along. People, pairs and announcements stay here.
          </Trans>
        </p>
        <TextField
          label={t`Name`}
          name="name"
          maxLength={200}
          error={nameless ? t`Give the program a name.` : errors.name}
        />
        <TextField
          label={t`First day`}
          name="starts_on"
          type="date"
          hint={t`Left empty: a Monday about four weeks from now.`}
          error={errors.starts_on}
        />
        <div>
          <Button type="submit" tone="primary" busy={clone.isPending}>
            <Trans>Make the draft</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
