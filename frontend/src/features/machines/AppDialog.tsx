import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { ProblemError, wordsFor } from "#/api/problems";
import type { OauthClientOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { TextArea, TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";

/** Registers an app, or changes one. */
export function AppDialog({ old, onClose }: { old?: OauthClientOut; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const [faults, setFaults] = useState<Record<string, string>>({});
  const create = $api.useMutation("post", "/v1/oauth-clients", {
    onSuccess() {
      toast(t`Registered. Its makers need the client id.`);
      onClose();
    },
  });
  const change = $api.useMutation("patch", "/v1/oauth-clients/{oauth_client_id}", {
    onSuccess() {
      toast(t`Changed.`);
      onClose();
    },
  });
  const wrong: Record<string, string> = {
    redirect_uris: i18n._(wordsFor("bad_redirect_uri")),
    android_package: t`A package name looks like com.example.app.`,
    android_fingerprints: t`A fingerprint is 32 pairs of digits and letters A to F, with colons between.`,
    apple_app_id: t`It looks like ABCDE12345.com.example.app.`,
  };
  /** What the server said of a field, also when it named one of its lines. */
  function errorOf(field: string): string | undefined {
    const error = create.error ?? change.error;
    const told =
      error instanceof ProblemError && error.errors.find((each) => each.pointer.split("/")[1] === field);
    return faults[field] ?? (told ? (wrong[field] ?? told.detail) : undefined);
  }
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const lines = (name: string) =>
      text(name)
        .split(/\s+/u)
        .filter((line) => line !== "");
    const body = {
      name: text("name"),
      redirect_uris: lines("redirect_uris"),
      android_package: text("android_package") || null,
      android_fingerprints: lines("android_fingerprints"),
      apple_app_id: text("apple_app_id") || null,
    };
    const missing = {
      ...(body.name ? {} : { name: t`Give the app the name that people know.` }),
      ...(body.redirect_uris.length > 0 ? {} : { redirect_uris: t`At least one address is needed.` }),
    };
    setFaults(missing);
    if (Object.keys(missing).length > 0) return;
    if (old) change.mutate({ params: { path: { oauth_client_id: old.id } }, body, headers: ifMatch(old) });
    else create.mutate({ body });
  }
  return (
    <Dialog open onClose={onClose} title={old ? t`Change the app` : t`Register an app`}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
        <TextField
          label={t`Name`}
          hint={t`People read it when the app asks to act for them.`}
          name="name"
          maxLength={100}
          defaultValue={old?.name}
          error={errorOf("name")}
        />
        <TextArea
          label={t`Addresses of the app, one a line`}
          hint={t`Where people come back to: https://…, com.example.app:/… or http://127.0.0.1/…`}
          name="redirect_uris"
          rows={3}
          spellCheck={false}
          defaultValue={old?.redirect_uris.join("\n")}
          error={errorOf("redirect_uris")}
        />
        <details>
          <summary className="min-h-6 font-semibold">
            <Trans>Links of Vuoro that open the app</Trans>
          </summary>
          <div className="mt-4 flex flex-col gap-5">
            <TextField
              label={t`Android: package name`}
              name="android_package"
              placeholder="com.example.app"
              defaultValue={old?.android_package ?? ""}
              error={errorOf("android_package")}
            />
            <TextArea
              label={t`Android: SHA-256 fingerprints, one a line`}
              name="android_fingerprints"
              rows={2}
              spellCheck={false}
              defaultValue={old?.android_fingerprints.join("\n")}
              error={errorOf("android_fingerprints")}
            />
            <TextField
              label={t`iOS: team id and bundle id`}
              name="apple_app_id"
              placeholder="ABCDE12345.com.example.app"
              defaultValue={old?.apple_app_id ?? ""}
              error={errorOf("apple_app_id")}
            />
          </div>
        </details>
        <div>
          <Button type="submit" tone="primary" busy={create.isPending || change.isPending}>
            {old ? <Trans>Save</Trans> : <Trans>Register</Trans>}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
