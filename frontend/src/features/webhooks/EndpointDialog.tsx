import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { fieldErrors } from "#/api/problems";
import type { WebhookEndpointOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Checkbox, Select, TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { ShownOnce } from "./ShownOnce";
import { EVENTS, type EventType, GROUPS } from "./words";

/** A new address with its secret, or other events for one that there is. */
export function EndpointDialog({ old, onClose }: { old?: WebhookEndpointOut; onClose: () => void }) {
  const { t } = useLingui();
  const [faults, setFaults] = useState<Record<string, string>>({});
  const programs = $api.useQuery("get", "/v1/programs", { params: { query: { limit: 100 } } });
  const create = $api.useMutation("post", "/v1/webhook-endpoints");
  const change = $api.useMutation("patch", "/v1/webhook-endpoints/{endpoint_id}", {
    onSuccess() {
      toast(t`Changed.`);
      onClose();
    },
  });
  const errors = { ...fieldErrors(create.error ?? change.error), ...faults };
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const body = {
      url: text("url"),
      description: text("description"),
      event_types: form.getAll("event_types") as EventType[],
      program_id: text("program_id") || null,
    };
    const missing = {
      ...(/^https?:\/\/\S+$/u.test(body.url) ? {} : { url: t`Write the whole address, with https://.` }),
      ...(body.event_types.length > 0 ? {} : { event_types: t`Choose at least one.` }),
    };
    setFaults(missing);
    if (Object.keys(missing).length > 0) return;
    if (old) change.mutate({ params: { path: { endpoint_id: old.id } }, body, headers: ifMatch(old) });
    else create.mutate({ body });
  }
  const made = create.data?.secret;
  const title = made ? t`The secret is made` : old ? t`Change the address` : t`Send events to a system`;
  return (
    <Dialog open onClose={onClose} title={title}>
      {made ? (
        <ShownOnce secret={made} />
      ) : (
        <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
          <TextField
            label={t`Address`}
            hint={t`Where the other system takes events. Begins with https://.`}
            name="url"
            type="url"
            maxLength={2000}
            defaultValue={old?.url}
            error={errors.url}
          />
          <TextField
            label={t`What for`}
            hint={t`For example: HR system, chat, reports.`}
            name="description"
            maxLength={200}
            defaultValue={old?.description}
            error={errors.description}
          />
          <Select
            key={programs.data ? "all" : "none"}
            label={t`Which programs`}
            name="program_id"
            defaultValue={old?.program_id ?? ""}
            error={errors.program_id}
            options={[
              { value: "", label: t`All, and the directory` },
              ...(programs.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <Types chosen={old?.event_types ?? []} error={errors.event_types} />
          <div>
            <Button type="submit" tone="primary" busy={create.isPending || change.isPending}>
              {old ? <Trans>Save</Trans> : <Trans>Make the secret</Trans>}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Types({ chosen, error }: { chosen: EventType[]; error: string | undefined }) {
  const { i18n, t } = useLingui();
  return (
    <div role="group" aria-label={t`What to tell`} className="flex flex-col gap-5">
      <p className="text-sm text-ink-3">
        <Trans>
          Events carry ids alone, no names and no words. Who wants to know more reads it with a key that may.
        </Trans>
      </p>
      {GROUPS.map((group) => (
        <fieldset key={group.key} className="flex flex-col gap-2">
          <legend className="mb-2 text-sm font-semibold">{i18n._(group.label)}</legend>
          {group.hint && <p className="text-sm text-ink-3">{i18n._(group.hint)}</p>}
          {group.types.map((type) => (
            <Checkbox
              key={type}
              name="event_types"
              value={type}
              defaultChecked={chosen.includes(type)}
              label={i18n._(EVENTS[type])}
            />
          ))}
        </fieldset>
      ))}
      {error && (
        <p role="alert" className="text-xs font-semibold text-lingon-text">
          {error}
        </p>
      )}
    </div>
  );
}
