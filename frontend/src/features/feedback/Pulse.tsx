import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Lock, MailOpen } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { PulseStatus } from "#/api/types";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Checkbox, Scale } from "#/ui/Field";
import { Meter } from "#/ui/Meter";
import { toast } from "#/ui/toast";
import { pulseQuery } from "./queries";
import { useMissing } from "./useMissing";
import { ITEMS } from "./words";

type Answer = NonNullable<PulseStatus["mine"]>;

/** The sealed pulse of one talk: asked, given, and opened only when both said yes. */
export function Pulse({ sessionId, number }: { sessionId: string; number: number }) {
  const pulse = useQuery(pulseQuery(sessionId));
  return (
    <Loaded query={pulse}>
      {(status) => {
        if (status.state === "open")
          return (
            <Card
              title={<Trans>How was talk {number}?</Trans>}
              lead={<Trans>Sealed: nobody reads it, unless you both want to open yours to each other.</Trans>}
            >
              <PulseForm sessionId={sessionId} />
            </Card>
          );
        if (status.state === "given" && status.mine)
          return (
            <Card title={<Trans>The pulse of talk {number}</Trans>}>
              {status.theirs ? (
                <>
                  <p className="mb-4 flex items-center gap-2 text-ink-2">
                    <MailOpen size={18} aria-hidden className="shrink-0 text-spruce-text" />
                    <Trans>You both chose to open it.</Trans>
                  </p>
                  <Opened mine={status.mine} theirs={status.theirs} />
                </>
              ) : (
                <p className="flex items-center gap-2 text-ink-2">
                  <Lock size={18} aria-hidden className="shrink-0" />
                  <Trans>Yours is in. It stays sealed.</Trans>
                </p>
              )}
            </Card>
          );
        return null;
      }}
    </Loaded>
  );
}

function Opened({ mine, theirs }: { mine: Answer; theirs: Answer }) {
  const { t, i18n } = useLingui();
  return (
    <ul className="flex flex-col gap-4">
      {ITEMS.map(([item, words]) => {
        const my = mine.scores[item];
        const their = theirs.scores[item];
        return (
          <li key={item}>
            <p className="mb-1.5 text-sm font-medium">{i18n._(words)}</p>
            <div className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-1 text-xs text-ink-3">
              <span>{t`Me`}</span>
              <Meter value={my} max={5} label={t`Me: ${my} of 5`} tone="cloud" />
              <span>{my}</span>
              <span>{t`The other`}</span>
              <Meter value={their} max={5} label={t`The other: ${their} of 5`} />
              <span>{their}</span>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function PulseForm({ sessionId }: { sessionId: string }) {
  const { t, i18n } = useLingui();
  const sliderId = useId();
  const [balance, setBalance] = useState(50);
  const balanceWords = balance === 50 ? t`Evenly` : balance < 50 ? t`Mostly I` : t`Mostly the other`;
  const [missing, complete] = useMissing();
  const give = $api.useMutation("post", "/v1/sessions/{session_id}/feedback", {
    onSuccess: () => toast(t`Thank you. It is sealed.`),
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const names = ITEMS.map(([item]) => item);
    if (!complete(event.currentTarget, names)) return;
    const form = new FormData(event.currentTarget);
    give.mutate({
      params: { path: { session_id: sessionId } },
      body: {
        scores: Object.fromEntries(ITEMS.map(([item]) => [item, Number(form.get(item))])) as Answer["scores"],
        balance: Number(form.get("balance")),
        open_if_both: form.get("open_if_both") === "on",
      },
    });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-6">
      {ITEMS.map(([item, words]) => (
        <Scale
          key={item}
          name={item}
          legend={i18n._(words)}
          low={t`Not at all`}
          high={t`Fully`}
          error={missing.has(item) ? t`Choose a number from 1 to 5.` : undefined}
        />
      ))}
      <div className="max-w-md">
        <label htmlFor={sliderId} className="font-semibold">
          <Trans>Who spoke more?</Trans>
        </label>
        <input
          id={sliderId}
          type="range"
          name="balance"
          min={0}
          max={100}
          step={5}
          defaultValue={50}
          aria-valuetext={balanceWords}
          onChange={(event) => setBalance(Number(event.target.value))}
          className="mt-2 h-6 w-full accent-spruce"
        />
        <div aria-hidden className="flex justify-between text-xs text-ink-3">
          <span>{t`Only I`}</span>
          <span>{t`Evenly`}</span>
          <span>{t`Only the other`}</span>
        </div>
      </div>
      <Checkbox
        name="open_if_both"
        label={t`Open mine, if the other opens theirs too`}
        hint={t`If either of you leaves this empty, both read "stays sealed". Nobody learns whose choice it was.`}
      />
      <div>
        <Button type="submit" tone="primary" busy={give.isPending}>
          <Trans>Seal it</Trans>
        </Button>
      </div>
    </form>
  );
}
