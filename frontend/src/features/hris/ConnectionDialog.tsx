import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { fieldErrors, problemWords } from "#/api/problems";
import type { ScimConnectionOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Select, TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { ConnectionSecret } from "./ConnectionSecret";
import { PRESETS, type Preset } from "./connectionWords";

/** A new connection with its secret, or another name or system for one that there is. */
export function ConnectionDialog({ old, onClose }: { old?: ScimConnectionOut; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const [missing, setMissing] = useState(false);
  const create = $api.useMutation("post", "/v1/scim-connections", { meta: { quiet: true } });
  const change = $api.useMutation("patch", "/v1/scim-connections/{connection_id}", {
    meta: { quiet: true },
    onSuccess() {
      toast(t`Changed.`);
      onClose();
    },
  });
  const error = create.error ?? change.error;
  const errors = fieldErrors(error);
  const title = create.data ? t`The connection is made` : old ? t`Change the connection` : t`New connection`;
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = {
      name: String(form.get("name") ?? "").trim(),
      preset: String(form.get("preset")) as Preset,
    };
    setMissing(!body.name);
    if (!body.name) return;
    if (old) change.mutate({ params: { path: { connection_id: old.id } }, body, headers: ifMatch(old) });
    else create.mutate({ body });
  }
  return (
    <Dialog open onClose={onClose} title={title}>
      {create.data?.secret ? (
        <ConnectionSecret connection={create.data} secret={create.data.secret} />
      ) : (
        <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
          <Select
            label={t`Where people come from`}
            name="preset"
            defaultValue={old?.preset}
            error={errors.preset}
            options={(Object.keys(PRESETS) as Preset[]).map((preset) => ({
              value: preset,
              label: i18n._(PRESETS[preset]),
            }))}
          />
          <TextField
            label={t`Name`}
            hint={t`By which you know it again, for example: Entra ID of the group.`}
            name="name"
            maxLength={100}
            defaultValue={old?.name}
            error={missing ? t`Give it a name.` : errors.name}
          />
          {error && Object.keys(errors).length === 0 && (
            <p role="alert" className="text-sm font-semibold text-lingon-text">
              {i18n._(problemWords(error))}
            </p>
          )}
          <div>
            <Button type="submit" tone="primary" busy={create.isPending || change.isPending}>
              {old ? <Trans>Save</Trans> : <Trans>Make the connection</Trans>}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
