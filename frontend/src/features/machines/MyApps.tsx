import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Smartphone } from "lucide-react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { AppOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { IconTile } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { APP_SCOPES } from "./appScopes";

/** The apps that I let act for me, and the way to take that back. */
export function MyApps() {
  const apps = useQuery($api.queryOptions("get", "/v1/me/apps", { params: { query: { limit: 100 } } }));
  return (
    <Card title={<Trans>Apps with access</Trans>} lead={<Trans>They act for you because you let them</Trans>}>
      <Loaded query={apps}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-sm text-ink-3">
              <Trans>No app acts for you.</Trans>
            </p>
          ) : (
            <ul className="flex flex-col gap-3">
              {items.map((app) => (
                <One key={app.id} app={app} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function One({ app }: { app: AppOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const end = $api.useMutation("delete", "/v1/me/apps/{app_id}", {
    onSuccess: () => toast(t`Done. The app is out at once.`),
  });
  const since = format.date(app.given_at);
  const used = app.last_used_on && format.date(app.last_used_on);
  const { name } = app;
  return (
    <li className="flex flex-wrap items-center gap-3 rounded-xl border border-line p-3">
      <IconTile tone="lake">
        <Smartphone size={20} />
      </IconTile>
      <div className="min-w-40 flex-1">
        <p className="font-semibold break-words">{name}</p>
        <p className="text-sm text-ink-2">
          {app.scopes.map((scope) => i18n._(APP_SCOPES[scope].label)).join(" · ")}
        </p>
        <p className="text-sm text-ink-3">
          <Trans>since {since}</Trans>
          {used && (
            <>
              {" · "}
              <Trans>last used {used}</Trans>
            </>
          )}
        </p>
      </div>
      <Button
        aria-label={t`Take access away: ${name}`}
        busy={end.isPending}
        onClick={() => end.mutate({ params: { path: { app_id: app.id } } })}
      >
        <Trans>Take access away</Trans>
      </Button>
    </li>
  );
}
