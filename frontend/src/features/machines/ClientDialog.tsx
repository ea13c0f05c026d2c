import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { fieldErrors } from "#/api/problems";
import type { ApiClientOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Checkbox, TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { Secret } from "./Secret";
import { CHOICES, SCOPES, type Scope } from "./words";

/** A new system with its first key, or another name and other rights for one that there is. */
export function ClientDialog({ old, onClose }: { old?: ApiClientOut; onClose: () => void }) {
  const { t } = useLingui();
  const [faults, setFaults] = useState<{ name?: string; scopes?: string }>({});
  const create = $api.useMutation("post", "/v1/api-clients");
  const addKey = $api.useMutation("post", "/v1/api-clients/{client_id}/secrets");
  const change = $api.useMutation("patch", "/v1/api-clients/{client_id}", {
    onSuccess() {
      toast(t`Changed. It holds from the next request on.`);
      onClose();
    },
  });
  const errors = { ...fieldErrors(create.error ?? change.error), ...faults };
  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { name: String(form.get("name") ?? "").trim(), scopes: form.getAll("scopes") as Scope[] };
    const missing = {
      ...(body.name ? {} : { name: t`Give it a name by which others know it too.` }),
      ...(body.scopes.length > 0 ? {} : { scopes: t`Choose at least one.` }),
    };
    setFaults(missing);
    if (Object.keys(missing).length > 0) return;
    if (old) return change.mutate({ params: { path: { client_id: old.id } }, body, headers: ifMatch(old) });
    const made = await create.mutateAsync({ body }).catch(() => undefined);
    if (made) addKey.mutate({ params: { path: { client_id: made.id } } });
  }
  const busy = create.isPending || addKey.isPending || change.isPending;
  const title = old ? t`Change the system` : addKey.data ? t`The key is made` : t`A key for another system`;
  return (
    <Dialog open onClose={onClose} title={title}>
      {addKey.data?.secret && create.data ? (
        <Secret secret={addKey.data.secret} clientId={create.data.id} />
      ) : (
        <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
          <TextField
            label={t`Which system`}
            hint={t`For example: HR system, reports, intranet.`}
            name="name"
            maxLength={100}
            defaultValue={old?.name}
            error={errors.name}
          />
          <Scopes chosen={old?.scopes ?? []} error={errors.scopes} />
          <div>
            <Button type="submit" tone="primary" busy={busy}>
              {old ? <Trans>Save</Trans> : <Trans>Make the key</Trans>}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Scopes({ chosen, error }: { chosen: Scope[]; error: string | undefined }) {
  const { i18n } = useLingui();
  return (
    <fieldset className="flex flex-col gap-3" aria-describedby={error ? "scopes-error" : undefined}>
      <legend className="mb-2 text-sm font-semibold">
        <Trans>What it may do</Trans>
      </legend>
      {CHOICES.map((scope) => (
        <Checkbox
          key={scope}
          name="scopes"
          value={scope}
          defaultChecked={chosen.includes(scope)}
          label={i18n._(SCOPES[scope].label)}
          hint={i18n._(SCOPES[scope].hint)}
        />
      ))}
      {error && (
        <p id="scopes-error" role="alert" className="text-xs font-semibold text-lingon-text">
          {error}
        </p>
      )}
    </fieldset>
  );
}
