import { Trans, useLingui } from "@lingui/react/macro";
import { KeyRound, Pencil, Plus, Server } from "lucide-react";
import { useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ApiClientOut, ApiSecretOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { ClientDialog } from "./ClientDialog";
import { Confirm } from "./Confirm";
import { Secret } from "./Secret";
import { SCOPES } from "./words";

/** Other systems of the company that come in by a key. */
export function Clients() {
  const { t } = useLingui();
  const [making, setMaking] = useState(false);
  const clients = $api.useInfiniteQuery(
    "get",
    "/v1/api-clients",
    { params: { query: { limit: 50 } } },
    byCursor,
  );
  return (
    <Card
      title={<Trans>Keys for other systems</Trans>}
      lead={<Trans>HR, reports, scripts: each with its own key, and no more rights than it needs</Trans>}
      actions={
        <Button tone="primary" icon={Plus} onClick={() => setMaking(true)}>
          <Trans>New key</Trans>
        </Button>
      }
      flush
    >
      <Loaded
        query={clients}
        skeleton={
          <div className="p-5 pt-0">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ pages }) => {
          const all = pages.flatMap((page) => page.items);
          const ended = all.filter((each) => each.revoked_at);
          const count = ended.length;
          return (
            <>
              {all.length === count && (
                <EmptyState icon={Server} title={t`No system has a key`}>
                  <Trans>Make one when the HR system should keep the directory, or a report read it.</Trans>
                </EmptyState>
              )}
              <ul>
                {all
                  .filter((each) => !each.revoked_at)
                  .map((each) => (
                    <One key={each.id} client={each} />
                  ))}
              </ul>
              {count > 0 && (
                <details className="border-t border-line px-5 py-4">
                  <summary className="min-h-6 font-semibold text-ink-2">
                    <Trans>Ended: {count}</Trans>
                  </summary>
                  <ul className="mt-2 flex flex-col gap-1 text-sm text-ink-3">
                    {ended.map((each) => (
                      <Ended key={each.id} client={each} />
                    ))}
                  </ul>
                </details>
              )}
              <ShowMore query={clients}>
                <Trans>Show more</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
      {making && <ClientDialog onClose={() => setMaking(false)} />}
    </Card>
  );
}

function Ended({ client }: { client: ApiClientOut }) {
  const format = useFormat();
  const { name } = client;
  const on = format.date(client.revoked_at ?? client.updated_at);
  return (
    <li>
      <Trans>
        {name}, ended {on}
      </Trans>
    </li>
  );
}

function One({ client }: { client: ApiClientOut }) {
  const { t, i18n } = useLingui();
  const [open, setOpen] = useState<"change" | "revoke">();
  const close = () => setOpen(undefined);
  const addKey = $api.useMutation("post", "/v1/api-clients/{client_id}/secrets");
  const revoke = $api.useMutation("delete", "/v1/api-clients/{client_id}", {
    onSuccess: () => toast(t`Ended. Its next request is turned away.`),
  });
  const path = { client_id: client.id };
  const { name } = client;
  return (
    <li className="border-t border-line px-5 py-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="flex flex-wrap items-center gap-2 font-semibold">
            <span className="min-w-0 break-words">{name}</span>
            {client.secrets.length === 0 && <Tag>{t`No key`}</Tag>}
          </h3>
          <p className="mt-1 text-sm text-ink-2">
            {client.scopes.map((scope) => i18n._(SCOPES[scope].label)).join(" · ")}
          </p>
        </div>
        <div className="flex flex-wrap items-start gap-2">
          <CanButton
            can={client.can}
            action="add_secret"
            icon={KeyRound}
            aria-label={t`Add a key: ${name}`}
            busy={addKey.isPending}
            onClick={() => addKey.mutate({ params: { path } })}
          >
            <Trans>Add a key</Trans>
          </CanButton>
          <Button icon={Pencil} aria-label={t`Change: ${name}`} onClick={() => setOpen("change")}>
            <Trans context="of words">Change</Trans>
          </Button>
          <Button tone="danger" aria-label={t`End access: ${name}`} onClick={() => setOpen("revoke")}>
            <Trans>End access</Trans>
          </Button>
        </div>
      </div>
      {client.secrets.length > 0 && (
        <ul className="mt-3 flex flex-col gap-2">
          {client.secrets.map((secret) => (
            <Key key={secret.id} client={client} secret={secret} />
          ))}
        </ul>
      )}
      {open === "change" && <ClientDialog old={client} onClose={close} />}
      {open === "revoke" && (
        <Confirm
          title={t`End the access of ${name}?`}
          action={<Trans>End access</Trans>}
          busy={revoke.isPending}
          onYes={() => revoke.mutate({ params: { path } })}
          onClose={close}
        >
          <Trans>All its keys stop working at once, for good. A new key can always be made.</Trans>
        </Confirm>
      )}
      <Dialog open={Boolean(addKey.data?.secret)} onClose={addKey.reset} title={t`The key is made`}>
        <Secret secret={addKey.data?.secret ?? ""} clientId={client.id} />
      </Dialog>
    </li>
  );
}

function Key({ client, secret }: { client: ApiClientOut; secret: ApiSecretOut }) {
  const { t } = useLingui();
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const remove = $api.useMutation("delete", "/v1/api-clients/{client_id}/secrets/{slot_id}", {
    onSuccess: () => toast(t`The key is gone.`),
  });
  const made = format.date(secret.created_at);
  const used = secret.last_used_on && format.date(secret.last_used_on);
  const { name } = secret;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl bg-sunken px-3 py-2">
      <code className="min-w-0 text-sm break-all">{name}_…</code>
      <span className="flex-1 basis-56 text-sm text-ink-3">
        <Trans>Made {made}</Trans>
        {" · "}
        {used ? <Trans>last used {used}</Trans> : <Trans>not used yet</Trans>}
      </span>
      <Button
        tone="quiet"
        className="ml-auto"
        aria-label={t`Delete the key ${name}`}
        onClick={() => setAsking(true)}
      >
        <Trans>Delete</Trans>
      </Button>
      {asking && (
        <Confirm
          title={t`Delete this key?`}
          action={<Trans>Delete the key</Trans>}
          busy={remove.isPending}
          onYes={() => remove.mutate({ params: { path: { client_id: client.id, slot_id: secret.id } } })}
          onClose={() => setAsking(false)}
        >
          <Trans>
            Whoever uses it is turned away at once. To change keys without a break: add a new one, put it in
            use, then delete the old one.
          </Trans>
        </Confirm>
      )}
    </li>
  );
}
