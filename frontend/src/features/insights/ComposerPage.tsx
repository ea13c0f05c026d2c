import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Bookmark, Eraser, HandHeart, Lock, RefreshCw, Shuffle } from "lucide-react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { CandidMessageOut, MentoringPair } from "#/api/types";
import { LOCALE_NAMES, LOCALES } from "#/lib/i18n";
import { firstName } from "#/lib/text";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Segmented, Select, TextArea } from "#/ui/Field";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { Blame } from "./ComposerBlame";
import { Given, Kept } from "./ComposerGiven";
import { type Parts, PROMPTS, RUNGS, type Rung } from "./composer";
import { type Composer, myCandidQuery, useComposer } from "./useComposer";

const TALKS = ["active", "paused", "closing", "stay_in_touch"];

/** Browsers and their helpers send what is spelled to strangers: here they are asked not to look. */
const UNSEEN = {
  spellCheck: false,
  autoComplete: "off",
  autoCapitalize: "none",
  "data-gramm": "false",
} as const;

/** A blunt thought becomes one that can be heard. Nothing of it leaves the browser before it is kept or given. */
export function ComposerPage() {
  const { t } = useLingui();
  const messages = useQuery(myCandidQuery());
  const pairs = useQuery(
    $api.queryOptions("get", "/v1/pairs", { params: { query: { mine: true, limit: 100 } } }),
  );
  return (
    <Page
      title={t`Say it without stepping on toes`}
      lead={
        <span className="flex items-start gap-2">
          <Lock size={16} aria-hidden className="mt-1 shrink-0" />
          <Trans>What you write stays in this browser. Nothing is sent until you press Give or Keep.</Trans>
        </span>
      }
    >
      <Loaded query={pairs} skeleton={<Skeleton card lines={8} />}>
        {({ items: all }) => (
          <Loaded query={messages} skeleton={<Skeleton card lines={8} />}>
            {({ items }) => <Composing messages={items} pairs={all.filter((pair) => pair.my_side)} />}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

function Composing({ messages, pairs }: { messages: CandidMessageOut[]; pairs: MentoringPair[] }) {
  const composer = useComposer(messages);
  return (
    <>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Thought composer={composer} />
        <Message composer={composer} pairs={pairs.filter(({ state }) => TALKS.includes(state))} />
      </div>
      <div className="grid grid-cols-1 items-start gap-4 empty:hidden lg:grid-cols-2">
        <Given messages={messages} pairs={pairs} />
        <Kept messages={messages} pairs={pairs} composer={composer} />
      </div>
    </>
  );
}

const ASKED: [keyof Parts, MessageDescriptor][] = [
  ["situation", msg`When and where was it?`],
  ["behaviour", msg`What did you see or hear?`],
  ["impact", msg`What did it do to you or to others?`],
];

function Thought({ composer }: { composer: Composer }) {
  const { t, i18n } = useLingui();
  const { language } = composer;
  return (
    <Card
      title={<Trans>Your thought, in three parts</Trans>}
      lead={<Trans>A few words each are plenty.</Trans>}
    >
      <div className="flex flex-col gap-5">
        <div>
          <p aria-hidden className="mb-1.5 text-sm font-semibold">
            <Trans>The message is in</Trans>
          </p>
          <Segmented
            label={t`The language of the message`}
            value={language}
            options={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
            onChange={(next) => composer.set({ language: next })}
          />
        </div>
        {ASKED.map(([part, question]) => {
          const [starts, example] = PROMPTS[language][part];
          return (
            <div key={part}>
              <TextArea
                label={`${i18n._(question)} ${starts}`}
                lang={language}
                placeholder={example}
                value={composer[part]}
                maxLength={400}
                readOnly={composer.busy}
                rows={2}
                onChange={(event) => composer.set({ [part]: event.target.value })}
                {...UNSEEN}
              />
              <Blame
                text={composer[part]}
                language={language}
                onChange={(text) => composer.set({ [part]: text })}
              />
            </div>
          );
        })}
      </div>
    </Card>
  );
}

const RUNG_WORDS: Record<Rung, [name: MessageDescriptor, when: MessageDescriptor]> = {
  gentle: [msg`Gentle`, msg`Opens a door. Good for a first time.`],
  plain: [msg`Plain`, msg`Says what happened and asks. Good for most days.`],
  direct: [msg`Direct`, msg`Says what should change. Good when you trust each other.`],
};

function Message({ composer, pairs }: { composer: Composer; pairs: MentoringPair[] }) {
  const { t, i18n } = useLingui();
  const { pair: wanted } = useSearch({ from: "/shell/composer" });
  const navigate = useNavigate();
  const its = composer.keptFor ?? wanted;
  const pair =
    pairs.find(({ id }) => id === its) ??
    (composer.keptFor ? undefined : (pairs.find((each) => each.my_side === "mentor") ?? pairs[0]));
  const nameOf = (each: MentoringPair) =>
    (each.my_side === "mentor" ? each.mentee : each.mentor).display_name;
  const name = pair ? firstName(nameOf(pair)) : "";
  const nothing = !composer.text.trim();
  const reason = !pair
    ? t`You can give it once you have a pair.`
    : nothing
      ? t`Write at least one of the parts first.`
      : undefined;
  return (
    <Card title={<Trans>How it sounds</Trans>} className="lg:sticky lg:top-20">
      <div className="flex flex-col gap-4">
        <div>
          <Segmented<Rung>
            label={t`How straight`}
            value={composer.rung}
            options={RUNGS.map((value) => ({ value, label: i18n._(RUNG_WORDS[value][0]) }))}
            onChange={(rung) => composer.set({ rung })}
          />
          <p className="mt-1.5 text-sm text-ink-3">{i18n._(RUNG_WORDS[composer.rung][1])}</p>
        </div>
        <TextArea
          label={t`The message, yours to change`}
          lang={composer.language}
          value={composer.text}
          maxLength={1500}
          readOnly={composer.busy}
          rows={7}
          className="text-lg"
          onChange={(event) => composer.edit(event.target.value)}
          {...UNSEEN}
        />
        {composer.edited && (
          <Blame text={composer.text} language={composer.language} onChange={composer.edit} />
        )}
        <div className="-ml-3 flex flex-wrap gap-x-2">
          <Button tone="quiet" icon={Shuffle} onClick={composer.another}>
            <Trans>Say it another way</Trans>
          </Button>
          {composer.edited && (
            <Button tone="quiet" icon={RefreshCw} onClick={composer.rebuild}>
              <Trans>Build it from the parts again</Trans>
            </Button>
          )}
        </div>
        {pairs.length > 1 && pair && !composer.keptFor && (
          <Select
            label={t`To whom`}
            value={pair.id}
            options={pairs.map((each) => ({ value: each.id, label: nameOf(each) }))}
            onChange={(event) =>
              void navigate({ to: ".", search: { pair: event.target.value }, replace: true })
            }
          />
        )}
        <div className="flex flex-wrap items-start gap-2 border-t border-line pt-4">
          <Button
            tone="primary"
            icon={HandHeart}
            busy={composer.busy}
            onClick={() => pair && composer.send(pair.id, "given")}
            {...(reason ? { disabledReason: reason } : {})}
          >
            {name ? <Trans>Give it to {name}</Trans> : <Trans>Give it</Trans>}
          </Button>
          {pair && !nothing && (
            <Button icon={Bookmark} busy={composer.busy} onClick={() => composer.send(pair.id, "draft")}>
              <Trans>Keep for later</Trans>
            </Button>
          )}
          {!composer.empty && (
            <Button tone="quiet" icon={Eraser} onClick={composer.erase}>
              <Trans>Erase</Trans>
            </Button>
          )}
        </div>
        <ul className="flex list-disc flex-col gap-1 pl-5 text-xs text-ink-3">
          <li>
            <Trans>
              Give: only the message is shown, and only to your pair. Until it is answered, you can take it
              back.
            </Trans>
          </li>
          <li>
            <Trans>
              Keep: stored encrypted under your own key, so that you can go on elsewhere. Nobody is told.
            </Trans>
          </li>
          <li>
            <Trans>Neither: it waits on this device alone, until you erase it or sign out.</Trans>
          </li>
        </ul>
      </div>
    </Card>
  );
}
