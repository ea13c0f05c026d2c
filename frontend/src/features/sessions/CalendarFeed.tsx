import { Trans, useLingui } from "@lingui/react/macro";
import { CalendarPlus, CalendarX, KeyRound, RefreshCw } from "lucide-react";
import { useRef } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { useFormat } from "#/lib/format";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { CopyButton } from "#/ui/CopyButton";
import { Notice } from "#/ui/Notice";
import { toast } from "#/ui/toast";

/** The address by which somebody's own calendar shows their talks; it is shown once, like a key. */
export function CalendarFeed() {
  const { t } = useLingui();
  const feed = $api.useQuery("get", "/v1/me/calendar-feed");
  const make = $api.useMutation("post", "/v1/me/calendar-feed");
  const makeButton = useRef<HTMLButtonElement>(null);
  const stop = $api.useMutation("delete", "/v1/me/calendar-feed", {
    onSuccess: () => {
      make.reset();
      makeButton.current?.focus();
      toast(t`Stopped. Calendars that had the address get nothing more.`);
    },
  });
  const url = make.data?.url;
  return (
    <Card
      title={<Trans>Talks in my calendar</Trans>}
      lead={
        <Trans>
          Each talk comes as an invitation by mail. You can also subscribe to all of them, and to the events
          you join.
        </Trans>
      }
    >
      <Loaded query={feed}>
        {({ since, last_read_on }) => (
          <div className="flex flex-col gap-4">
            <div role="status" className="empty:hidden">
              {url && <Address url={url} />}
            </div>
            {since && <Since since={since} lastReadOn={last_read_on} />}
            <div className="flex flex-wrap gap-2">
              <Button
                ref={makeButton}
                icon={since ? RefreshCw : CalendarPlus}
                busy={make.isPending}
                onClick={() => make.mutate({})}
              >
                {since ? <Trans>Change the address</Trans> : <Trans>Subscribe</Trans>}
              </Button>
              {since && (
                <Button tone="danger" icon={CalendarX} busy={stop.isPending} onClick={() => stop.mutate({})}>
                  <Trans>Stop</Trans>
                </Button>
              )}
            </div>
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function Address({ url }: { url: string }) {
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="cloud" icon={KeyRound} title={<Trans>Keep this address like a key</Trans>}>
        <Trans>
          Whoever has it sees whom you meet, when and where; nothing of what you talk about. It isn't shown
          again.
        </Trans>
      </Notice>
      <p className="rounded-xl bg-sunken p-3 font-mono text-sm break-all select-all">{url}</p>
      <div className="flex flex-wrap gap-2">
        <a href={url.replace(/^https?:/u, "webcal:")} className={buttonLook({ tone: "primary" })}>
          <CalendarPlus size={18} aria-hidden />
          <Trans>Open in my calendar</Trans>
        </a>
        <CopyButton text={url}>
          <Trans>Copy the address</Trans>
        </CopyButton>
      </div>
    </div>
  );
}

function Since({ since, lastReadOn }: { since: string; lastReadOn: string | null }) {
  const format = useFormat();
  return (
    <p className="text-sm text-ink-3">
      {lastReadOn ? (
        <Trans>
          Subscribed since {format.date(since)}. A calendar last looked{" "}
          {format.inDays(`${lastReadOn}T12:00:00`)}.
        </Trans>
      ) : (
        <Trans>The address is there since {format.date(since)}. No calendar has looked yet.</Trans>
      )}{" "}
      <Trans>Another address ends this one.</Trans>
    </p>
  );
}
