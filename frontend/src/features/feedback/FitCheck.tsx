import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Lock, Sparkles } from "lucide-react";
import type { FormEvent, ReactNode } from "react";
import { $api } from "#/api/client";
import type { FitCheckOut } from "#/api/types";
import { pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Scale, TextArea } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { fitChecksQuery } from "./queries";
import { useMissing } from "./useMissing";

type Wish = NonNullable<FitCheckOut["mine"]>["wish"];
type Scores = NonNullable<FitCheckOut["mine"]>["scores"];

const WISHES: Record<Wish, MessageDescriptor> = {
  go_on: msg`Go on as we are`,
  talk_it_over: msg`Change something, together`,
  kind_rematch: msg`Perhaps another pair would suit me better`,
};

/** After talks 1 and 3: does the set-up work? Sealed for good; what to do about it is up to whoever answered. */
export function FitCheck({ pairId, onRematch }: { pairId: string; onRematch?: (() => void) | undefined }) {
  const { i18n } = useLingui();
  const { data } = useQuery(fitChecksQuery(pairId));
  const open = data?.items.find(({ state }) => state === "open");
  if (open)
    return (
      <Card
        title={<Trans>How does it work for you two?</Trans>}
        lead={
          <Sealed>
            {
              <Trans>
                Sealed for good: nobody else reads yours. Only averages over many people are counted.
              </Trans>
            }
          </Sealed>
        }
      >
        <FitForm key={open.moment} pairId={pairId} check={open} />
      </Card>
    );
  const given = data?.items.findLast(({ mine }) => mine)?.mine;
  if (!given || given.wish === "go_on" || !onRematch) return null;
  return (
    <Card title={<Trans>Your fit check</Trans>} lead={<Sealed>{i18n._(WISHES[given.wish])}</Sealed>}>
      <p className="mb-4 max-w-prose text-ink-2">{pick(given.guidance, i18n.locale)}</p>
      {given.wish === "kind_rematch" && (
        <Button icon={Sparkles} onClick={onRematch}>
          <Trans>Start a kind rematch</Trans>
        </Button>
      )}
    </Card>
  );
}

function Sealed({ children }: { children: ReactNode }) {
  return (
    <span className="flex gap-1.5">
      <Lock size={15} aria-hidden className="mt-0.5 shrink-0" />
      {children}
    </span>
  );
}

function FitForm({ pairId, check }: { pairId: string; check: FitCheckOut }) {
  const { t, i18n } = useLingui();
  const [missing, complete] = useMissing();
  const give = $api.useMutation("post", "/v1/pairs/{pair_id}/fit-checks", {
    onSuccess: () => toast(t`Thank you. It is sealed.`),
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const keys = check.statements.map(({ key }) => key);
    if (!complete(event.currentTarget, [...keys, "wish"])) return;
    const form = new FormData(event.currentTarget);
    give.mutate({
      params: { path: { pair_id: pairId } },
      body: {
        moment: check.moment,
        scores: Object.fromEntries(keys.map((key) => [key, Number(form.get(key))])) as Scores,
        wish: form.get("wish") as Wish,
        comment: String(form.get("comment")).trim() || null,
      },
    });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-6">
      {check.statements.map(({ key, text }) => (
        <Scale
          key={key}
          name={key}
          legend={pick(text, i18n.locale)}
          low={t`Not at all`}
          high={t`Fully`}
          error={missing.has(key) ? t`Choose a number from 1 to 5.` : undefined}
        />
      ))}
      <fieldset>
        <legend className="mb-2 font-semibold">
          <Trans>What would you like now?</Trans>
        </legend>
        <div className="flex flex-col">
          {Object.entries(WISHES).map(([wish, words]) => (
            <label key={wish} className="flex min-h-11 cursor-pointer items-center gap-3">
              <input type="radio" name="wish" value={wish} className="size-5 shrink-0 accent-spruce" />
              {i18n._(words)}
            </label>
          ))}
        </div>
        {missing.has("wish") && (
          <p role="alert" className="mt-1 text-xs font-semibold text-lingon-text">
            <Trans>Choose what suits you. Nothing follows from it by itself.</Trans>
          </p>
        )}
      </fieldset>
      <TextArea
        label={t`A word to yourself, if you like`}
        hint={t`You alone can read it later.`}
        name="comment"
        maxLength={2000}
      />
      <div>
        <Button type="submit" tone="primary" icon={Lock} busy={give.isPending}>
          <Trans>Seal my answers</Trans>
        </Button>
      </div>
    </form>
  );
}
