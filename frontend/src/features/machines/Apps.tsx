import { Trans, useLingui } from "@lingui/react/macro";
import { Pencil, Plus, Smartphone } from "lucide-react";
import { useState } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { OauthClientOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";
import { AppDialog } from "./AppDialog";
import { Confirm } from "./Confirm";

/** Apps that may ask people to act for them. */
export function Apps() {
  const { t } = useLingui();
  const [making, setMaking] = useState(false);
  const apps = $api.useInfiniteQuery(
    "get",
    "/v1/oauth-clients",
    { params: { query: { limit: 50 } } },
    byCursor,
  );
  return (
    <Card
      title={<Trans>Apps for phones and computers</Trans>}
      lead={<Trans>An app acts for a person only when that person lets it</Trans>}
      actions={
        <Button tone="primary" icon={Plus} onClick={() => setMaking(true)}>
          <Trans>Register an app</Trans>
        </Button>
      }
      flush
    >
      <Loaded
        query={apps}
        skeleton={
          <div className="p-5 pt-0">
            <Skeleton lines={3} />
          </div>
        }
      >
        {({ pages }) => {
          const all = pages.flatMap((page) => page.items);
          if (all.length === 0)
            return (
              <EmptyState icon={Smartphone} title={t`No app is registered`}>
                <Trans>People use Vuoro in the browser, on phones too. An app of your own comes here.</Trans>
              </EmptyState>
            );
          return (
            <>
              <ul>
                {all.map((each) => (
                  <One key={each.id} app={each} />
                ))}
              </ul>
              <ShowMore query={apps}>
                <Trans>Show more</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
      {making && <AppDialog onClose={() => setMaking(false)} />}
    </Card>
  );
}

function One({ app }: { app: OauthClientOut }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<"change" | "remove">();
  const close = () => setOpen(undefined);
  const remove = $api.useMutation("delete", "/v1/oauth-clients/{oauth_client_id}", {
    onSuccess: () => toast(t`Removed. It acts for nobody any more.`),
  });
  const { name, id } = app;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 border-t border-line px-5 py-4">
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="font-semibold break-words">{name}</h3>
        <p className="mt-1 text-sm text-ink-3">
          <Trans>
            Client id: <code className="break-all select-all">{id}</code>
          </Trans>
        </p>
        <ul className="mt-1 text-sm text-ink-2">
          {app.redirect_uris.map((uri) => (
            <li key={uri}>
              <code className="break-all">{uri}</code>
            </li>
          ))}
        </ul>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button icon={Pencil} aria-label={t`Change: ${name}`} onClick={() => setOpen("change")}>
          <Trans context="of words">Change</Trans>
        </Button>
        <Button tone="danger" aria-label={t`Remove: ${name}`} onClick={() => setOpen("remove")}>
          <Trans>Remove</Trans>
        </Button>
      </div>
      {open === "change" && <AppDialog old={app} onClose={close} />}
      {open === "remove" && (
        <Confirm
          title={t`Remove ${name}?`}
          action={<Trans>Remove the app</Trans>}
          busy={remove.isPending}
          onYes={() => remove.mutate({ params: { path: { oauth_client_id: id } } })}
          onClose={close}
        >
          <Trans>It stops acting for everybody at once. People who use it sign in with a browser.</Trans>
        </Confirm>
      )}
    </li>
  );
}
