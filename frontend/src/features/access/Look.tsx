import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { ImageUp, Trash2 } from "lucide-react";
import { type ChangeEvent, useId, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { OrganizationOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { asPng } from "./picture";

const PATH = "/v1/organization";
const ACCENTS: Record<OrganizationOut["accent"], MessageDescriptor> = {
  spruce: msg`Spruce`,
  moss: msg`Moss`,
  teal: msg`Teal`,
  lake: msg`Lake`,
  night: msg`Night`,
  plum: msg`Plum`,
  brick: msg`Brick`,
  graphite: msg`Graphite`,
};

/** The organization's name, colour and logo, as everybody sees them in the frame, at the sign-in and in mails. */
export function Look() {
  const organization = $api.useQuery("get", PATH);
  return (
    <Card
      title={<Trans>Name and look</Trans>}
      lead={<Trans>Seen by everybody: in the frame, at the sign-in, and as who mails come from.</Trans>}
    >
      <Loaded query={organization}>{(found) => <Form key={found.name} organization={found} />}</Loaded>
    </Card>
  );
}

function Form({ organization }: { organization: OrganizationOut }) {
  const { t, i18n } = useLingui();
  const legend = useId();
  const [name, setName] = useState(organization.name);
  const [wish, setWish] = useState<OrganizationOut["accent"]>();
  const { mutate, isPending } = $api.useMutation("patch", PATH, {
    onSuccess: () => toast(t`Saved.`),
    onSettled: (_data, _error, { body }) => setWish((now) => (now === body.accent ? undefined : now)),
  });
  const params = { header: ifMatch(organization) };
  function choose(accent: OrganizationOut["accent"]) {
    setWish(accent);
    mutate({ params, body: { accent } });
  }
  return (
    <div className="flex flex-col gap-5">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) mutate({ params, body: { name: name.trim() } });
        }}
        className="flex flex-wrap items-end gap-2"
      >
        <div className="min-w-48 grow">
          <TextField
            label={t`Name of the organization`}
            value={name}
            maxLength={200}
            onChange={({ target }) => setName(target.value)}
          />
        </div>
        {name.trim() !== organization.name && (
          <Button type="submit" busy={isPending}>
            <Trans>Save</Trans>
          </Button>
        )}
      </form>
      <div role="radiogroup" aria-labelledby={legend}>
        <p id={legend} className="mb-2 text-sm font-semibold">
          <Trans>Colour</Trans>
        </p>
        <div className="grid grid-cols-2 gap-2">
          {Object.entries(ACCENTS).map(([value, label]) => (
            <label
              key={value}
              className="flex min-h-11 items-center gap-2.5 rounded-xl border border-edge px-3 text-sm font-medium has-checked:border-ink has-checked:ring-1 has-checked:ring-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-spruce"
            >
              <input
                type="radio"
                name="accent"
                value={value}
                checked={(wish ?? organization.accent) === value}
                onChange={() => choose(value as OrganizationOut["accent"])}
                className="sr-only"
              />
              <span data-accent={value} aria-hidden className="size-4 shrink-0 rounded-full bg-(--brand)" />
              {i18n._(label)}
            </label>
          ))}
        </div>
      </div>
      <Logo organization={organization} />
    </div>
  );
}

function Logo({ organization }: { organization: OrganizationOut }) {
  const { t } = useLingui();
  const id = useId();
  const [bad, setBad] = useState(false);
  const set = $api.useMutation("put", "/v1/organization/logo", { onSuccess: () => toast(t`Saved.`) });
  const remove = $api.useMutation("delete", "/v1/organization/logo");
  const params = { header: ifMatch(organization) };
  async function onChoose({ target }: ChangeEvent<HTMLInputElement>) {
    const file = target.files?.[0];
    target.value = "";
    if (!file) return;
    const png = await asPng(file).catch(() => null);
    setBad(png === null);
    if (png) set.mutate({ params, body: { png } });
  }
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-semibold">
        <Trans>Logo</Trans>
      </p>
      <div className="flex flex-wrap items-center gap-3">
        {organization.logo_url && (
          <img
            src={organization.logo_url}
            alt={t`The logo now`}
            className="h-12 max-w-48 rounded-lg bg-white object-contain p-1"
          />
        )}
        <input
          id={id}
          type="file"
          accept="image/png,image/jpeg,image/webp,image/svg+xml"
          disabled={set.isPending}
          onChange={(event) => void onChoose(event)}
          className="peer sr-only"
        />
        <label
          htmlFor={id}
          className="inline-flex min-h-11 cursor-pointer items-center gap-2 rounded-xl border border-edge bg-surface px-4 text-sm font-semibold peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-spruce hover:bg-sunken sm:min-h-10"
        >
          <ImageUp size={18} aria-hidden />
          {organization.logo_url ? <Trans>Choose another picture</Trans> : <Trans>Choose a picture</Trans>}
        </label>
        {organization.logo_url && (
          <Button icon={Trash2} busy={remove.isPending} onClick={() => remove.mutate({ params })}>
            <Trans>Show none</Trans>
          </Button>
        )}
      </div>
      <p className="text-xs text-ink-3">
        <Trans>It is made small enough here, and shown on white.</Trans>
      </p>
      {bad && (
        <p role="alert" className="text-sm font-semibold text-lingon-text">
          <Trans>This file is no picture that a browser can show.</Trans>
        </p>
      )}
    </div>
  );
}
