import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Plus, Webhook } from "lucide-react";
import { useState } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { WebhookEndpointOut } from "#/api/types";
import { useIsAdmin } from "#/features/people/access";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, NoPermission, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { EndpointDialog } from "./EndpointDialog";

/** Which other systems hear of what happens here. */
export function WebhooksPage() {
  const { t } = useLingui();
  const isAdmin = useIsAdmin();
  return (
    <Page title={t`Webhooks`} lead={<Trans>Which other systems hear of what happens here</Trans>}>
      {isAdmin ? <Endpoints /> : <NoPermission />}
    </Page>
  );
}

function Endpoints() {
  const { t } = useLingui();
  const [making, setMaking] = useState(false);
  const endpoints = $api.useInfiniteQuery(
    "get",
    "/v1/webhook-endpoints",
    { params: { query: { limit: 50 } } },
    byCursor,
  );
  return (
    <Card
      title={<Trans>Addresses</Trans>}
      lead={<Trans>Each gets the events that you choose, signed with a secret of its own</Trans>}
      actions={
        <Button tone="primary" icon={Plus} onClick={() => setMaking(true)}>
          <Trans>New address</Trans>
        </Button>
      }
      flush
    >
      <Loaded
        query={endpoints}
        skeleton={
          <div className="p-5 pt-0">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ pages }) => {
          const all = pages.flatMap((page) => page.items);
          if (all.length === 0)
            return (
              <EmptyState icon={Webhook} title={t`No system gets events`}>
                <Trans>
                  Name an address when another system should know at once that somebody left, or that a
                  program has begun.
                </Trans>
              </EmptyState>
            );
          return (
            <>
              <ul>
                {all.map((each) => (
                  <One key={each.id} endpoint={each} />
                ))}
              </ul>
              <ShowMore query={endpoints}>
                <Trans>Show more</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
      {making && <EndpointDialog onClose={() => setMaking(false)} />}
    </Card>
  );
}

function One({ endpoint }: { endpoint: WebhookEndpointOut }) {
  return (
    <li className="relative border-t border-line px-5 py-4 hover:bg-sunken">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="min-w-0 font-semibold break-all">
          <Link
            to="/webhooks/$endpointId"
            params={{ endpointId: endpoint.id }}
            className="after:absolute after:inset-0"
          >
            {endpoint.description || endpoint.url}
          </Link>
        </h3>
        <Standing endpoint={endpoint} />
      </div>
      {endpoint.description && <p className="mt-1 text-sm break-all text-ink-2">{endpoint.url}</p>}
      <p className="mt-1 text-sm text-ink-3">
        <Plural value={endpoint.event_types.length} one="# kind of event" other="# kinds of events" />
      </p>
    </li>
  );
}

/** How an address stands, in a word. */
export function Standing({ endpoint }: { endpoint: WebhookEndpointOut }) {
  const { t } = useLingui();
  const { failed } = endpoint;
  if (endpoint.off_because) return <Tag tone="lingon">{t`Off`}</Tag>;
  if (endpoint.failing_since) return <Tag tone="cloud">{t`Doesn't arrive`}</Tag>;
  if (failed > 0) return <Tag tone="cloud">{t`Failed: ${failed}`}</Tag>;
  return <Tag tone="spruce">{t`On`}</Tag>;
}
