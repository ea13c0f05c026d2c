import { Trans, useLingui } from "@lingui/react/macro";
import { useIsMutating, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, PlugZap, Trash2 } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { fieldErrors, problemWords } from "#/api/problems";
import type { ProviderOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextField } from "#/ui/Field";
import { Notice } from "#/ui/Notice";
import { toast } from "#/ui/toast";

const PATH = "/v1/organization/identity-provider";

/** The organization's own sign-in (OpenID Connect): where it is, and a try whether it answers. */
export function Provider() {
  const organization = $api.useQuery("get", "/v1/organization");
  const removing = useIsMutating({ mutationKey: ["delete", PATH] }) > 0;
  const enabled = Boolean(organization.data?.has_identity_provider) && !removing;
  const provider = $api.useQuery("get", PATH, {}, { enabled });
  return (
    <Card
      title={<Trans>Your own sign-in</Trans>}
      lead={
        <Trans>
          With OpenID Connect people come in as they do everywhere at work. Your IT has these values.
        </Trans>
      }
    >
      <Loaded query={organization}>
        {({ has_identity_provider }) =>
          has_identity_provider ? (
            <Loaded query={provider}>{(data) => <Form provider={data} />}</Loaded>
          ) : (
            <Form provider={null} />
          )
        }
      </Loaded>
    </Card>
  );
}

function Form({ provider }: { provider: ProviderOut | null }) {
  const { t, i18n } = useLingui();
  const queryClient = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [issuer, setIssuer] = useState(provider?.issuer ?? "");
  const save = $api.useMutation("put", PATH, {
    meta: { quiet: true },
    onSuccess: () => toast(t`Saved. Try it in a private window before you sign out.`),
  });
  const remove = $api.useMutation("delete", PATH, {
    // A read under way would come after the removal and find nothing.
    onMutate: () => queryClient.cancelQueries({ queryKey: ["get", PATH] }),
    onSuccess: () => queryClient.removeQueries({ queryKey: ["get", PATH] }),
  });
  const check = $api.useMutation("post", `${PATH}/checks`, { meta: { quiet: true } });
  const errors = fieldErrors(save.error);
  const checked =
    fieldErrors(check.error).issuer ?? (check.isError ? i18n._(problemWords(check.error)) : undefined);
  const domainErrors = Object.keys(errors).some((name) => name === "mail_domains" || /^\d+$/u.test(name));
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    const text = (name: string) => String(said.get(name)).trim();
    save.mutate({
      body: {
        issuer: text("issuer"),
        client_id: text("client_id"),
        client_secret: text("client_secret") || null,
        mail_domains: text("mail_domains")
          .toLowerCase()
          .split(/[\s,;]+/u)
          .filter(Boolean),
        label: text("label"),
      },
    });
  }
  return (
    <form ref={form} onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <TextField
        label={t`Address of the provider (issuer)`}
        name="issuer"
        type="url"
        inputMode="url"
        placeholder="https://login.company.com"
        value={issuer}
        onChange={({ target }) => setIssuer(target.value)}
        error={errors.issuer ?? checked}
      />
      <div>
        <Button
          icon={PlugZap}
          busy={check.isPending}
          {...(!issuer && { disabledReason: t`Write the address first.` })}
          onClick={() => check.mutate({ body: { issuer: issuer.trim() } })}
        >
          <Trans>Test the connection</Trans>
        </Button>
      </div>
      {check.isSuccess && (
        <div role="status">
          <Notice tone="spruce" icon={CircleCheck} title={<Trans>It answers, and can be used</Trans>}>
            <span className="break-all">{check.data.authorization_endpoint}</span>
          </Notice>
        </div>
      )}
      <TextField
        label={t`Client ID`}
        name="client_id"
        autoComplete="off"
        defaultValue={provider?.client_id}
        error={errors.client_id}
      />
      <TextField
        label={t`Client secret`}
        name="client_secret"
        type="password"
        autoComplete="new-password"
        hint={
          provider?.has_client_secret
            ? t`One is kept sealed. Leave this empty to keep it.`
            : t`It is kept sealed and never shown again.`
        }
        error={errors.client_secret}
      />
      <TextField
        label={t`Domains of your mail addresses`}
        name="mail_domains"
        placeholder="company.com, company.fi"
        autoComplete="off"
        defaultValue={provider?.mail_domains.join(", ")}
        error={domainErrors ? t`Write domains such as company.com, separated by commas.` : undefined}
      />
      <TextField
        label={t`What people call it`}
        name="label"
        hint={t`The button says: Sign in with …`}
        defaultValue={provider?.label}
        error={errors.label}
      />
      {provider && (
        <p className="text-sm text-ink-3">
          <Trans>
            Tell your provider this way back:{" "}
            <code className="break-all text-ink">{provider.redirect_uri}</code>
          </Trans>
        </p>
      )}
      {save.isError && Object.keys(errors).length === 0 && (
        <p role="alert" className="text-sm font-semibold text-lingon-text">
          {i18n._(problemWords(save.error))}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="primary" busy={save.isPending}>
          <Trans>Save</Trans>
        </Button>
        {provider && (
          <Button tone="danger" icon={Trash2} busy={remove.isPending} onClick={() => remove.mutate({})}>
            <Trans>Remove</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}
