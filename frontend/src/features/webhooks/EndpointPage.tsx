import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { KeyRound, Pencil, Power, RotateCcw, Send, Trash2, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { WebhookEndpointOut } from "#/api/types";
import { useIsAdmin } from "#/features/people/access";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Notice } from "#/ui/Notice";
import { Page } from "#/ui/Page";
import { NoPermission, Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";
import { Deliveries } from "./Deliveries";
import { EndpointDialog } from "./EndpointDialog";
import { ShownOnce } from "./ShownOnce";
import { Standing } from "./WebhooksPage";
import { EVENTS, OFF } from "./words";

const SOON_MS = 2_000;

/** One address: what it gets, how it goes, and what an admin can do. */
export function EndpointPage() {
  const { t } = useLingui();
  const isAdmin = useIsAdmin();
  const { endpointId } = useParams({ from: "/shell/manage/webhooks/$endpointId" });
  const endpoint = $api.useQuery(
    "get",
    "/v1/webhook-endpoints/{endpoint_id}",
    { params: { path: { endpoint_id: endpointId } } },
    { enabled: isAdmin, refetchInterval: ({ state }) => (state.data?.waiting ? SOON_MS : false) },
  );
  if (!isAdmin)
    return (
      <Page title={t`Webhooks`}>
        <NoPermission />
      </Page>
    );
  return (
    <Page
      title={endpoint.data?.description || t`Where events go`}
      lead={
        <Link to="/webhooks" className="font-semibold text-spruce-text underline">
          <Trans>All webhooks</Trans>
        </Link>
      }
    >
      <Loaded query={endpoint} skeleton={<Skeleton card lines={6} />}>
        {(found) => (
          <>
            <Facts endpoint={found} />
            <Deliveries endpoint={found} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Facts({ endpoint }: { endpoint: WebhookEndpointOut }) {
  const { i18n, t } = useLingui();
  const format = useFormat();
  const [open, setOpen] = useState<"change" | "rotate" | "remove">();
  const close = () => setOpen(undefined);
  const path = { endpoint_id: endpoint.id };
  const test = $api.useMutation("post", "/v1/webhook-endpoints/{endpoint_id}/test", {
    onSuccess: () => toast(t`A test is on its way. See below how it goes.`),
  });
  const turn = $api.useMutation("patch", "/v1/webhook-endpoints/{endpoint_id}");
  const since = endpoint.failing_since && format.dateTime(endpoint.failing_since);
  const until = endpoint.old_secret_until && format.dateTime(endpoint.old_secret_until);
  const off = endpoint.off_because;
  const flip = () =>
    turn.mutate({ params: { path }, body: { on: Boolean(off) }, headers: ifMatch(endpoint) });
  return (
    <Card>
      <div className="flex flex-col gap-5">
        {off && (
          <Notice
            tone="lingon"
            icon={TriangleAlert}
            title={i18n._(OFF[off])}
            action={
              <Button tone="primary" icon={Power} busy={turn.isPending} onClick={flip}>
                <Trans>Turn it on</Trans>
              </Button>
            }
          >
            <Trans>Nothing is lost: turn it on and send again what failed.</Trans>
          </Notice>
        )}
        {!off && since && (
          <Notice tone="cloud" icon={TriangleAlert} title={<Trans>Nothing arrives since {since}</Trans>}>
            <Trans>Vuoro tries each event for a day, and stops after three days without any arriving.</Trans>
          </Notice>
        )}
        <div className="flex flex-wrap items-start gap-3">
          <div className="min-w-0 flex-1 basis-64">
            <h2 className="text-lg font-semibold break-all">{endpoint.url}</h2>
            {until && (
              <p className="mt-1 text-sm text-ink-3">
                <Trans>The old secret counts too, until {until}</Trans>
              </p>
            )}
          </div>
          <Standing endpoint={endpoint} />
        </div>
        <ul className="flex flex-col gap-1 text-sm text-ink-2">
          {endpoint.event_types.map((type) => (
            <li key={type}>{i18n._(EVENTS[type])}</li>
          ))}
        </ul>
        <div className="flex flex-wrap gap-2">
          <CanButton
            can={endpoint.can}
            action="test"
            icon={Send}
            busy={test.isPending}
            onClick={() => test.mutate({ params: { path } })}
          >
            <Trans>Send a test</Trans>
          </CanButton>
          <Button icon={Pencil} onClick={() => setOpen("change")}>
            <Trans context="of words">Change</Trans>
          </Button>
          <Button icon={KeyRound} onClick={() => setOpen("rotate")}>
            <Trans>New secret</Trans>
          </Button>
          {!off && (
            <Button icon={Power} busy={turn.isPending} onClick={flip}>
              <Trans>Turn it off</Trans>
            </Button>
          )}
          <Button icon={Trash2} tone="danger" onClick={() => setOpen("remove")}>
            <Trans>Remove</Trans>
          </Button>
        </div>
      </div>
      {open === "change" && <EndpointDialog old={endpoint} onClose={close} />}
      {open === "rotate" && <Rotate endpoint={endpoint} onClose={close} />}
      {open === "remove" && <Remove endpoint={endpoint} onClose={close} />}
    </Card>
  );
}

function Rotate({ endpoint, onClose }: { endpoint: WebhookEndpointOut; onClose: () => void }) {
  const { t } = useLingui();
  const rotate = $api.useMutation("post", "/v1/webhook-endpoints/{endpoint_id}/rotate");
  const path = { endpoint_id: endpoint.id };
  const made = rotate.data?.secret;
  const two = Boolean(endpoint.old_secret_until);
  return (
    <Dialog open onClose={onClose} title={made ? t`The secret is made` : t`A new secret?`}>
      {made ? (
        <ShownOnce secret={made} />
      ) : (
        <div className="flex flex-col gap-4">
          <p className="text-ink-2">
            {two ? (
              <Trans>Two secrets count already. A third ends both of them at once.</Trans>
            ) : (
              <Trans>
                For a day every event carries both signatures, so that the other system can change over
                without a break. When somebody has seen the old secret, end it at once.
              </Trans>
            )}
          </p>
          <div className="flex flex-wrap gap-2">
            {!two && (
              <Button
                tone="primary"
                icon={RotateCcw}
                busy={rotate.isPending}
                onClick={() => rotate.mutate({ params: { path }, body: { keep_old_hours: 24 } })}
              >
                <Trans>New secret, keep the old one for a day</Trans>
              </Button>
            )}
            <Button
              tone="danger"
              busy={rotate.isPending}
              onClick={() => rotate.mutate({ params: { path }, body: { keep_old_hours: 0 } })}
            >
              <Trans>New secret, end the old one now</Trans>
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Remove({ endpoint, onClose }: { endpoint: WebhookEndpointOut; onClose: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const remove = $api.useMutation("delete", "/v1/webhook-endpoints/{endpoint_id}", {
    onSuccess() {
      toast(t`Removed. It gets nothing any more.`);
      void navigate({ to: "/webhooks" });
    },
  });
  return (
    <Dialog open onClose={onClose} title={t`Remove this address?`}>
      <div className="flex flex-col gap-4">
        <p className="text-ink-2">
          <Trans>Its log goes with it. To stop sending for a while, turn it off instead.</Trans>
        </p>
        <div>
          <Button
            tone="danger"
            busy={remove.isPending}
            onClick={() => remove.mutate({ params: { path: { endpoint_id: endpoint.id } } })}
          >
            <Trans>Remove the address</Trans>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
