import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { fieldErrors } from "#/api/problems";
import type { OrganizationOut } from "#/api/types";
import { LOCALE_NAMES, LOCALES, type Locale } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Checkbox, Select, TextField } from "#/ui/Field";
import { AddPasskey } from "./AddPasskey";
import { Frame } from "./Frame";

/** The first day: the first admin's key, then the organization's name, languages and time. */
export function SetUpPage() {
  const { t } = useLingui();
  const queryClient = useQueryClient();
  const organization = $api.useQuery("get", "/v1/organization", {}, { retry: false });
  const locked = organization.error?.code === "stronger_sign_in_needed";
  return (
    <Frame
      title={t`Set up Vuoro`}
      heading={<Trans>Good that you are here</Trans>}
      lead={
        <Trans>Two short steps, then Vuoro is yours: your key, and what your organization is called.</Trans>
      }
      aside={
        <ol className="flex max-w-lg flex-col gap-3">
          <Step number={1} done={!locked && organization.isSuccess}>
            <Trans>A passkey for you, the first admin</Trans>
          </Step>
          <Step number={2} done={false}>
            <Trans>Name, languages, time zone</Trans>
          </Step>
          <Step number={3} done={false}>
            <Trans>Then bring your people in from a file</Trans>
          </Step>
        </ol>
      }
    >
      {locked ? (
        <Card title={<Trans>Your key</Trans>} lead={<Trans>Your device's fingerprint, face or PIN.</Trans>}>
          <AddPasskey primary onDone={() => queryClient.resetQueries()} />
        </Card>
      ) : (
        <Loaded query={organization}>{(data) => <Organization organization={data} />}</Loaded>
      )}
    </Frame>
  );
}

function Step({ number, done, children }: { number: number; done: boolean; children: ReactNode }) {
  return (
    <li className="flex items-center gap-3">
      <span
        aria-hidden
        className="flex size-8 shrink-0 items-center justify-center rounded-full bg-spruce-soft text-sm font-bold text-spruce-text"
      >
        {done ? <Check size={16} /> : number}
      </span>
      {children}
    </li>
  );
}

const zones = () => Intl.supportedValuesOf?.("timeZone") ?? [];

function Organization({ organization }: { organization: OrganizationOut }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [locales, setLocales] = useState<Locale[]>(organization.locales);
  const change = $api.useMutation("patch", "/v1/organization", {
    onSuccess: () => {
      queryClient.clear();
      navigate({ to: "/imports", replace: true });
    },
  });
  const errors = fieldErrors(change.error);
  const all = zones();
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    change.mutate({
      params: { header: ifMatch(organization) },
      body: {
        name: String(said.get("name")).trim(),
        locales,
        default_locale: String(said.get("default_locale")) as Locale,
        time_zone: String(said.get("time_zone")),
      },
    });
  }
  return (
    <Card title={<Trans>Your organization</Trans>} lead={<Trans>All of this can be changed later.</Trans>}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <TextField
          label={t`Name`}
          name="name"
          required
          defaultValue={organization.name}
          error={errors.name}
        />
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 text-sm font-semibold">
            <Trans>Languages</Trans>
          </legend>
          {LOCALES.map((locale) => (
            <Checkbox
              key={locale}
              label={LOCALE_NAMES[locale]}
              checked={locales.includes(locale)}
              disabled={locales.length === 1 && locales.includes(locale)}
              onChange={({ target }) =>
                setLocales(
                  LOCALES.filter((each) => (each === locale ? target.checked : locales.includes(each))),
                )
              }
            />
          ))}
        </fieldset>
        <Select
          label={t`Language of those who haven't chosen`}
          name="default_locale"
          defaultValue={organization.default_locale}
          error={errors.default_locale}
          options={locales.map((locale) => ({ value: locale, label: LOCALE_NAMES[locale] }))}
        />
        <Select
          label={t`Time zone`}
          name="time_zone"
          defaultValue={organization.time_zone}
          error={errors.time_zone}
          options={(all.includes(organization.time_zone) ? all : [organization.time_zone, ...all]).map(
            (zone) => ({ value: zone, label: zone.replaceAll("_", " ") }),
          )}
        />
        <Button type="submit" tone="primary" full busy={change.isPending}>
          <Trans>Done, bring people in</Trans>
        </Button>
      </form>
    </Card>
  );
}
