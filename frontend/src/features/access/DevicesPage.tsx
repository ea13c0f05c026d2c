import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Fingerprint, KeyRound, Laptop, LogOut, Pencil, Smartphone, Trash2, Unlink } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MyLogin, PasskeyOut } from "#/api/types";
import { takesPart, useMe } from "#/features/identity/me";
import { CalendarFeed } from "#/features/sessions/CalendarFeed";
import { useFormat } from "#/lib/format";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { TextField } from "#/ui/Field";
import { Page } from "#/ui/Page";
import { Tag } from "#/ui/Tag";
import { AddPasskey } from "./AddPasskey";
import { MyAddress } from "./MyAddress";

const MINE = { params: { query: { limit: 100 } } };

/** Where somebody is signed in, and with what they sign in. */
export function DevicesPage() {
  const { t } = useLingui();
  const me = useMe();
  return (
    <Page title={t`Devices and sign-in`} lead={<Trans>Only you see this page.</Trans>}>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Logins />
        <div className="flex flex-col gap-4">
          <Passkeys />
          {takesPart(me) && <CalendarFeed />}
          <MyAddress />
          <Account />
        </div>
      </div>
    </Page>
  );
}

function Logins() {
  const { t } = useLingui();
  const logins = $api.useQuery("get", "/v1/me/logins", MINE);
  const others = $api.useMutation("delete", "/v1/me/logins");
  const count = logins.data?.items.length ?? 0;
  return (
    <Card
      title={<Trans>Where I am signed in</Trans>}
      lead={<Trans>Something here isn't you? Sign it out.</Trans>}
      flush
    >
      <Loaded query={logins}>
        {({ items }) => (
          <>
            <ul aria-label={t`Where I am signed in`}>
              {items.map((login) => (
                <Login key={login.id} login={login} />
              ))}
            </ul>
            {count > 1 && (
              <div className="border-t border-line p-5">
                <Button tone="danger" icon={LogOut} busy={others.isPending} onClick={() => others.mutate({})}>
                  <Trans>Sign out everywhere else</Trans>
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Login({ login }: { login: MyLogin }) {
  const { t } = useLingui();
  const format = useFormat();
  const end = $api.useMutation("delete", "/v1/me/logins/{login_id}");
  const Icon = /iPhone|iPad|Android/u.test(login.device ?? "") ? Smartphone : Laptop;
  const name = login.device ?? t`Some browser`;
  const ways: Record<MyLogin["method"], string> = {
    mail: t`by a code or link by mail`,
    passkey: t`with a passkey`,
    oidc: t`at the organization's own sign-in`,
    shell: t`with a link from whoever runs Vuoro`,
    demo: t`as somebody of the demo`,
  };
  return (
    <li className="flex items-center gap-4 border-t border-line px-5 py-3.5">
      <Icon size={20} aria-hidden className="shrink-0 text-ink-3" />
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
          {name}
          {login.current && (
            <Tag tone="spruce">
              <Trans>This one</Trans>
            </Tag>
          )}
        </p>
        <p className="text-sm text-ink-3">
          <Trans>
            Since {format.date(login.began_at)}, {ways[login.method]}. Last used{" "}
            {format.inDays(`${login.used_on}T12:00:00`)}.
          </Trans>
        </p>
      </div>
      {!login.current && (
        <IconButton
          icon={LogOut}
          label={t`Sign out ${name}`}
          aria-busy={end.isPending}
          onClick={() => end.mutate({ params: { path: { login_id: login.id } } })}
        />
      )}
    </li>
  );
}

function Passkeys() {
  const { t } = useLingui();
  const queryClient = useQueryClient();
  const passkeys = $api.useQuery("get", "/v1/me/passkeys", { params: { query: { limit: 100 } } });
  const [renaming, setRenaming] = useState<PasskeyOut>();
  return (
    <Card
      title={<Trans>Passkeys</Trans>}
      lead={<Trans>Your device's fingerprint, face or PIN signs you in. Nothing to remember.</Trans>}
      flush
    >
      <Loaded query={passkeys}>
        {({ items }) => (
          <>
            {items.length > 0 && (
              <ul aria-label={t`Passkeys`}>
                {items.map((passkey) => (
                  <Passkey key={passkey.id} passkey={passkey} onRename={() => setRenaming(passkey)} />
                ))}
              </ul>
            )}
            <div className="border-t border-line p-5">
              <AddPasskey onDone={() => queryClient.invalidateQueries()} />
            </div>
          </>
        )}
      </Loaded>
      <Dialog
        open={renaming !== undefined}
        onClose={() => setRenaming(undefined)}
        title={t`Rename the passkey`}
      >
        {renaming && <Rename passkey={renaming} onDone={() => setRenaming(undefined)} />}
      </Dialog>
    </Card>
  );
}

function Passkey({ passkey, onRename }: { passkey: PasskeyOut; onRename: () => void }) {
  const { t } = useLingui();
  const format = useFormat();
  const remove = $api.useMutation("delete", "/v1/me/passkeys/{passkey_id}");
  const { name } = passkey;
  return (
    <li className="flex items-center gap-4 border-t border-line px-5 py-3.5">
      <Fingerprint size={20} aria-hidden className="shrink-0 text-ink-3" />
      <div className="min-w-0 grow">
        <p className="font-semibold break-words">{name}</p>
        <p className="text-sm text-ink-3">
          {passkey.used_on ? (
            <Trans>
              Added {format.date(passkey.created_at)}. Last used{" "}
              {format.inDays(`${passkey.used_on}T12:00:00`)}.
            </Trans>
          ) : (
            <Trans>Added {format.date(passkey.created_at)}.</Trans>
          )}
        </p>
      </div>
      <IconButton icon={Pencil} label={t`Rename ${name}`} onClick={onRename} />
      <IconButton
        icon={Trash2}
        label={t`Remove ${name}`}
        aria-busy={remove.isPending}
        onClick={() => remove.mutate({ params: { path: { passkey_id: passkey.id } } })}
      />
    </li>
  );
}

/** The account of the organization's own sign-in, for those who came in by it. */
function Account() {
  const format = useFormat();
  const queryClient = useQueryClient();
  const logins = $api.useQuery("get", "/v1/me/logins", MINE);
  const linked = Boolean(logins.data?.has_account);
  const unlink = $api.useMutation("delete", "/v1/me/account", {
    onSuccess: () => queryClient.removeQueries({ queryKey: ["get", "/v1/me/account"] }),
  });
  // While it is unlinked nobody asks for it: there is nothing to find any more.
  const account = $api.useQuery("get", "/v1/me/account", {}, { enabled: linked && !unlink.isPending });
  if (!linked || !account.data) return null;
  const { issuer, linked_on } = account.data;
  return (
    <Card
      title={<Trans>The organization's own sign-in</Trans>}
      lead={
        <Trans>
          Linked since {format.date(linked_on)}: <span className="break-all">{issuer}</span>
        </Trans>
      }
    >
      <p className="mb-4 text-sm text-ink-2">
        <Trans>
          Did you get another account at work? Unlink the old one. The next time you sign in there, the new
          one is linked by your work mail.
        </Trans>
      </p>
      <Button icon={Unlink} busy={unlink.isPending} onClick={() => unlink.mutate({})}>
        <Trans>Unlink</Trans>
      </Button>
    </Card>
  );
}

function Rename({ passkey, onDone }: { passkey: PasskeyOut; onDone: () => void }) {
  const { t } = useLingui();
  const rename = $api.useMutation("patch", "/v1/me/passkeys/{passkey_id}", { onSuccess: onDone });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    if (name)
      rename.mutate({
        params: { path: { passkey_id: passkey.id }, header: ifMatch(passkey) },
        body: { name },
      });
  }
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <TextField label={t`Name`} name="name" required maxLength={60} defaultValue={passkey.name} />
      <Button type="submit" tone="primary" icon={KeyRound} busy={rename.isPending}>
        <Trans>Keep this name</Trans>
      </Button>
    </form>
  );
}
