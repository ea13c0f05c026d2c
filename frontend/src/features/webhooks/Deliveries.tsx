import { Trans, useLingui } from "@lingui/react/macro";
import { Inbox, RotateCcw } from "lucide-react";
import { useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { WebhookDeliveryOut, WebhookEndpointOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Card } from "#/ui/Card";
import { Segmented } from "#/ui/Field";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { ERRORS, EVENTS, STATES } from "./words";

const SOON_MS = 2_000;
const WEEK_MS = 7 * 86_400_000;
type State = WebhookDeliveryOut["state"];

/** What was sent to an address, and how each attempt went. */
export function Deliveries({ endpoint }: { endpoint: WebhookEndpointOut }) {
  const { i18n, t } = useLingui();
  const [state, setState] = useState<State | "all">("all");
  const path = { endpoint_id: endpoint.id };
  const deliveries = $api.useInfiniteQuery(
    "get",
    "/v1/webhook-endpoints/{endpoint_id}/deliveries",
    { params: { path, query: { limit: 20, ...(state === "all" ? {} : { state }) } } },
    { ...byCursor, refetchInterval: endpoint.waiting > 0 ? SOON_MS : false },
  );
  const replay = $api.useMutation("post", "/v1/webhook-endpoints/{endpoint_id}/replay", {
    onSuccess: () => toast(t`What failed in the last week is sent again.`),
  });
  const since = () => new Date(Date.now() - WEEK_MS).toISOString();
  return (
    <Card
      title={<Trans>What was sent</Trans>}
      lead={<Trans>An event arrives at least once, under the same id at every attempt</Trans>}
      actions={
        endpoint.failed > 0 && (
          <CanButton
            can={endpoint.can}
            action="replay"
            icon={RotateCcw}
            busy={replay.isPending}
            onClick={() => replay.mutate({ params: { path }, body: { since: since() } })}
          >
            <Trans>Send again what failed</Trans>
          </CanButton>
        )
      }
      flush
    >
      <div className="px-5 pb-4">
        <Segmented
          label={t`Which events`}
          value={state}
          onChange={setState}
          options={[
            { value: "all", label: t`All` },
            ...(["waiting", "delivered", "failed"] as const).map((value) => ({
              value,
              label: i18n._(STATES[value].label),
            })),
          ]}
        />
      </div>
      <Loaded
        query={deliveries}
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
              <EmptyState icon={Inbox} title={t`Nothing here yet`}>
                <Trans>As soon as something happens that this address asks for, you see it here.</Trans>
              </EmptyState>
            );
          return (
            <>
              <ul>
                {all.map((each) => (
                  <One key={each.id} endpoint={endpoint} delivery={each} />
                ))}
              </ul>
              <ShowMore query={deliveries}>
                <Trans>Show more</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function One({ endpoint, delivery }: { endpoint: WebhookEndpointOut; delivery: WebhookDeliveryOut }) {
  const { i18n, t } = useLingui();
  const format = useFormat();
  const replay = $api.useMutation(
    "post",
    "/v1/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/replay",
    { onSuccess: () => toast(t`It is sent again.`) },
  );
  const what = i18n._(EVENTS[delivery.event_type]);
  const at = format.dateTime(delivery.happened_at);
  const next = delivery.next_attempt_at && format.dateTime(delivery.next_attempt_at);
  const path = { endpoint_id: endpoint.id, delivery_id: delivery.id };
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-t border-line px-5 py-4">
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="min-w-0 font-semibold">{what}</h3>
          <Tag tone={STATES[delivery.state].tone}>{i18n._(STATES[delivery.state].label)}</Tag>
        </div>
        <p className="mt-1 text-sm text-ink-3">
          {at} · <code className="break-all select-all">{delivery.event_id}</code>
        </p>
        {delivery.state === "withheld" && (
          <p className="mt-1 text-sm text-ink-2">
            <Trans>The mentor took back that the pair is shared.</Trans>
          </p>
        )}
        {delivery.attempts.length > 0 && (
          <ol className="mt-2 flex flex-col gap-1 text-sm text-ink-2">
            {delivery.attempts.map((attempt) => (
              <Attempt key={attempt.at} attempt={attempt} />
            ))}
          </ol>
        )}
        {delivery.state === "waiting" && next && (
          <p className="mt-1 text-sm text-ink-3">
            <Trans>Next attempt: {next}</Trans>
          </p>
        )}
      </div>
      {delivery.can.replay?.allowed && (
        <CanButton
          can={delivery.can}
          action="replay"
          tone="quiet"
          icon={RotateCcw}
          aria-label={t`Send again: ${what}, ${at}`}
          busy={replay.isPending}
          onClick={() => replay.mutate({ params: { path } })}
        >
          <Trans>Send again</Trans>
        </CanButton>
      )}
    </li>
  );
}

function Attempt({ attempt }: { attempt: WebhookDeliveryOut["attempts"][number] }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const at = format.dateTime(attempt.at);
  const took = format.number(attempt.duration_ms / 1000);
  return (
    <li>
      {at}: {attempt.error ? i18n._(ERRORS[attempt.error]) : <Trans>taken</Trans>}
      {attempt.status !== null && ` (${attempt.status})`}, <Trans>{took} s</Trans>
    </li>
  );
}
