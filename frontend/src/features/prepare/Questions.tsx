import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Check, Lock, Plus } from "lucide-react";
import { useState } from "react";
import { Loaded } from "#/api/Loaded";
import type { IdeaSeedOut } from "#/api/types";
import { pick } from "#/lib/i18n";
import { cx } from "#/lib/text";
import { Card } from "#/ui/Card";
import { Skeleton } from "#/ui/states";
import { promptsQuery } from "./queries";
import type { Seedbox } from "./seedbox";
import { WriteSeed } from "./WriteSeed";

const A_WEEK_MS = 7 * 86_400_000;
const OWN = "own";

/** The week's three tiny questions, one open at a time; an answer opens the next. */
export function Questions({ box, seeds }: { box: Seedbox; seeds: IdeaSeedOut[] }) {
  const { t, i18n } = useLingui();
  const prompts = useQuery(promptsQuery());
  const [kept, setKept] = useState<string[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [moved, setMoved] = useState(false);
  const answered = (key: string) =>
    kept.includes(key) ||
    box.waiting.some(({ prompt }) => prompt === key) ||
    seeds.some(
      ({ prompt_key, created_at }) => prompt_key === key && Date.parse(created_at) > Date.now() - A_WEEK_MS,
    );
  function choose(key: string) {
    setMoved(true);
    setChosen(key);
  }
  function keep(key: string, text: string) {
    box.add({ text, prompt: key === OWN ? null : key });
    if (key !== OWN) setKept([...kept, key]);
    setMoved(true);
    setChosen(undefined);
  }
  return (
    <Card
      title={<Trans>Three tiny questions</Trans>}
      lead={<Trans>Twenty seconds each, from your own week</Trans>}
    >
      <Loaded query={prompts} skeleton={<Skeleton lines={5} />}>
        {({ items }) => {
          const open = chosen ?? items.find(({ key }) => !answered(key))?.key;
          const done = items.filter(({ key }) => answered(key)).length;
          const all = items.length;
          return (
            <>
              <p className="mb-3 text-sm font-semibold text-cloud-text" role="status">
                {done === all ? (
                  <Trans>All three done. You have something to bring.</Trans>
                ) : (
                  <Trans>
                    {done} of {all} answered
                  </Trans>
                )}
              </p>
              <ol className="flex flex-col gap-2">
                {items.map(({ key, text }) => {
                  const question = pick(text, i18n.locale);
                  if (key === open)
                    return (
                      <li key={key} className="rounded-xl border border-line p-3.5">
                        <WriteSeed
                          name={key}
                          label={question}
                          focused={moved}
                          onKeep={(words) => keep(key, words)}
                        />
                      </li>
                    );
                  return (
                    <li key={key}>
                      <Row done={answered(key)} onOpen={() => choose(key)}>
                        {question}
                      </Row>
                    </li>
                  );
                })}
                <li className={cx(open === OWN && "rounded-xl border border-line p-3.5")}>
                  {open === OWN ? (
                    <WriteSeed
                      name={OWN}
                      label={t`Something else from my week`}
                      focused={moved}
                      onKeep={(words) => keep(OWN, words)}
                    />
                  ) : (
                    <button
                      key={String(done === all)}
                      type="button"
                      // biome-ignore lint/a11y/noAutofocus: the last answer leads here
                      autoFocus={moved && done === all}
                      onClick={() => choose(OWN)}
                      className="flex min-h-11 w-full items-center gap-3 rounded-xl px-3.5 py-2 text-left text-sm font-semibold text-ink-2 hover:bg-sunken hover:text-ink"
                    >
                      <Plus size={18} aria-hidden className="shrink-0" />
                      <Trans>Something else from my week</Trans>
                    </button>
                  )}
                </li>
              </ol>
              <p className="mt-4 flex items-center gap-2 text-xs text-ink-3">
                <Lock size={15} aria-hidden className="shrink-0" />
                <Trans>Nobody but you reads these, until you bring one.</Trans>
              </p>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function Row({ done, onOpen, children }: { done: boolean; onOpen: () => void; children: string }) {
  const { t } = useLingui();
  return (
    <button
      type="button"
      aria-label={done ? t`Answered: ${children}` : children}
      onClick={onOpen}
      className="flex min-h-11 w-full items-center gap-3 rounded-xl bg-cloud-soft px-3.5 py-2 text-left font-medium text-cloud-text hover:brightness-97"
    >
      {done ? (
        <span
          aria-hidden
          className="inline-flex size-5 shrink-0 items-center justify-center rounded-full bg-cloud text-canvas"
        >
          <Check size={14} strokeWidth={3} />
        </span>
      ) : (
        <span aria-hidden className="size-5 shrink-0 rounded-full border-2 border-cloud" />
      )}
      <span className={done ? "line-through decoration-1" : ""}>{children}</span>
    </button>
  );
}
