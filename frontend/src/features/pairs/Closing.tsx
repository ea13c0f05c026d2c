import { Trans, useLingui } from "@lingui/react/macro";
import { HeartHandshake, PartyPopper, Sparkles } from "lucide-react";
import type { FormEvent } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import type { MentoringPair } from "#/api/types";
import { useFormat } from "#/lib/format";
import { firstName } from "#/lib/text";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextArea } from "#/ui/Field";
import { toast } from "#/ui/toast";

/** The last stretch: the executive says what changes, and the pair is completed. */
export function Closing({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const format = useFormat();
  const close = $api.useMutation("post", "/v1/pairs/{pair_id}/close", {
    onSuccess: () => toast(t`Thank you both for the time you gave each other.`),
  });
  if (!pair.can.close?.allowed) return null;
  const speaks = pair.my_side === "mentee";
  const day = pair.completes_at && format.date(pair.completes_at);
  const late = pair.state !== "closing";
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const commitment = String(new FormData(event.currentTarget).get("commitment") ?? "").trim() || null;
    if (late && !commitment) return;
    close.mutate({ params: { path: { pair_id: pair.id } }, body: { commitment } });
  }
  return (
    <Card
      title={late ? <Trans>What changes now?</Trans> : <Trans>You have come to the end</Trans>}
      lead={day && <Trans>It completes by itself on {day}.</Trans>}
    >
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {speaks ? (
          <TextArea
            label={t`One thing I do differently from now on`}
            hint={t`Your mentor reads it. It may be small, if it is true.`}
            name="commitment"
            maxLength={1000}
          />
        ) : (
          <p className="text-ink-2">
            <Trans>Look back together: what did each of you learn? Then close in peace.</Trans>
          </p>
        )}
        <div>
          <Button type="submit" tone="primary" icon={PartyPopper} busy={close.isPending}>
            {late ? <Trans>Say it</Trans> : <Trans>Complete our pair</Trans>}
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** What the executive said would change: the fruit of it all. */
export function Commitment({ pair }: { pair: MentoringPair }) {
  if (!pair.commitment) return null;
  const name = firstName(pair.mentee.display_name);
  return (
    <figure className="rounded-2xl bg-spruce-soft p-5">
      <blockquote className="font-display text-xl leading-7 font-bold text-spruce-text">
        {pair.commitment}
      </blockquote>
      <figcaption className="mt-2 text-sm text-ink-2">
        <Trans>{name}, on what changes now</Trans>
      </figcaption>
    </figure>
  );
}

/** Would you stay in touch? It takes two yeses, and nobody learns of a no. */
export function StayInTouch({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const choose = $api.useMutation("post", "/v1/pairs/{pair_id}/stay-in-touch", {
    onSuccess: () => toast(t`Noted, for you alone.`),
  });
  if (!pair.can.stay_in_touch?.allowed || pair.state === "stay_in_touch") return null;
  const say = (yes: boolean) => choose.mutate({ params: { path: { pair_id: pair.id } }, body: { yes } });
  const answer = pair.stays_in_touch;
  return (
    <Card title={<Trans>Shall you stay in touch?</Trans>}>
      <p className="mb-4 max-w-prose text-ink-2">
        <Trans>
          If you both say yes, you can go on meeting when you like. A no is seen by nobody, and you may change
          your mind.
        </Trans>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          icon={HeartHandshake}
          aria-pressed={answer === true}
          tone={answer === true ? "primary" : "secondary"}
          busy={choose.isPending}
          onClick={() => say(true)}
        >
          <Trans>Yes, gladly</Trans>
        </Button>
        <Button
          aria-pressed={answer === false}
          tone={answer === false ? "primary" : "secondary"}
          busy={choose.isPending}
          onClick={() => say(false)}
        >
          <Trans>This was just right</Trans>
        </Button>
      </div>
    </Card>
  );
}

/** After an end: another pair, when one wishes for it. */
export function Rematch({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const ask = $api.useMutation("post", "/v1/pairs/{pair_id}/rematch", {
    onSuccess: () => toast(t`We look for a new pair for you. You get a mail when there is one.`),
  });
  const reason = pair.can.rematch?.reason;
  if (!pair.can.rematch?.allowed && reason !== "already_looking") return null;
  return (
    <CanButton
      can={pair.can}
      action="rematch"
      tone="primary"
      icon={Sparkles}
      busy={ask.isPending}
      onClick={() => ask.mutate({ params: { path: { pair_id: pair.id } } })}
    >
      <Trans>Find me another pair</Trans>
    </CanButton>
  );
}
