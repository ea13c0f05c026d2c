import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { useState } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MatchRunOut, ProgramOut, SuggestionOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { PairAvatars, PairNames } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { FilterSelect, SearchField } from "#/ui/Filters";
import { Meter } from "#/ui/Meter";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { PairCard } from "./PairCard";
import { SUGGESTION_STATES } from "./words";

const WIDE = "(min-width: 80rem)";

/** The suggested pairs, best first; the chosen one opens beside them, on a small screen over them. */
export function Suggestions({ run, program }: { run: MatchRunOut; program: ProgramOut }) {
  const { t, i18n } = useLingui();
  const { q, state } = useSearch({ from: "/shell/manage/programs/$programId/matching" });
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string>();
  const [over, setOver] = useState(false);
  const change = (next: { q?: string | undefined; state?: string | undefined }) =>
    void navigate({ to: ".", search: (old: object) => ({ ...old, ...next }), replace: true });
  const suggestions = $api.useInfiniteQuery(
    "get",
    "/v1/match-runs/{run_id}/suggestions",
    {
      params: {
        path: { run_id: run.id },
        query: { limit: 50, q, state: state as SuggestionOut["state"] | undefined, sort: "-score" },
      },
    },
    {
      ...byCursor,
      placeholderData: keepPreviousData,
    },
  );
  const rows = suggestions.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = rows.find((row) => row.id === chosen) ?? rows[0];
  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_23rem]">
      <Card
        title={<Trans>Suggested pairs</Trans>}
        lead={<Trans>Together the best whole, not only the best single pairs</Trans>}
        flush
      >
        <div className="flex flex-wrap gap-2 px-5 pb-4">
          <SearchField
            label={t`Find by name`}
            value={q ?? ""}
            onSearch={(next) => change({ q: next })}
            className="min-w-48 flex-1"
          />
          <FilterSelect
            label={t`State`}
            value={state ?? ""}
            options={[
              { value: "", label: t`Any state` },
              ...Object.entries(SUGGESTION_STATES).map(([value, { label }]) => ({
                value,
                label: i18n._(label),
              })),
            ]}
            onChange={(next) => change({ state: next })}
          />
        </div>
        <Loaded
          query={suggestions}
          skeleton={
            <div className="border-t border-line p-5">
              <Skeleton lines={8} />
            </div>
          }
        >
          {() =>
            rows.length === 0 ? (
              q || state ? (
                <EmptyState
                  icon={SearchX}
                  title={t`No pair fits these filters`}
                  action={
                    <Button onClick={() => change({ q: undefined, state: undefined })}>
                      <Trans>Show all pairs</Trans>
                    </Button>
                  }
                />
              ) : (
                <EmptyState title={t`No pair could be made`}>
                  <Trans>Below you see which rule stood in the way of each person.</Trans>
                </EmptyState>
              )
            ) : (
              <>
                <ul>
                  {rows.map((row) => (
                    <Row
                      key={row.id}
                      suggestion={row}
                      current={row.id === shown?.id}
                      onChoose={() => {
                        setChosen(row.id);
                        setOver(!matchMedia(WIDE).matches);
                      }}
                    />
                  ))}
                </ul>
                <ShowMore query={suggestions}>
                  <Trans>Show more pairs</Trans>
                </ShowMore>
              </>
            )
          }
        </Loaded>
      </Card>
      {shown && (
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
          tabIndex={0}
          aria-label={t`The chosen pair`}
          className="sticky top-20 hidden max-h-[calc(100dvh-6rem)] overflow-y-auto rounded-2xl border border-line bg-surface shadow-card xl:block"
        >
          <PairCard key={shown.id} suggestion={shown} run={run} program={program} />
        </section>
      )}
      <Dialog
        open={over && shown !== undefined}
        onClose={() => setOver(false)}
        title={
          shown && shown.state !== "suggested"
            ? i18n._(SUGGESTION_STATES[shown.state].label)
            : t`Suggested pair`
        }
      >
        {shown && (
          <div className="-mx-5 -mb-5">
            <PairCard key={shown.id} suggestion={shown} run={run} program={program} headed={false} />
          </div>
        )}
      </Dialog>
    </div>
  );
}

function Row({
  suggestion,
  current,
  onChoose,
}: {
  suggestion: SuggestionOut;
  current: boolean;
  onChoose: () => void;
}) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const { mentor, mentee, state } = suggestion;
  const score = format.number(Math.round(suggestion.score));
  return (
    <li
      className={
        "relative flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-3 [contain-intrinsic-size:auto_64px] [content-visibility:auto] hover:bg-sunken xl:has-aria-[current=true]:bg-spruce-soft"
      }
    >
      <PairAvatars mentor={mentor.display_name} mentee={mentee.display_name} />
      <div className="min-w-40 flex-1">
        <button
          type="button"
          aria-current={current || undefined}
          onClick={onChoose}
          className={
            state === "rejected"
              ? "text-left font-semibold text-ink-3 line-through after:absolute after:inset-0"
              : "text-left font-semibold after:absolute after:inset-0"
          }
        >
          <PairNames mentor={mentor.display_name} mentee={mentee.display_name} />
        </button>
        <p className="text-sm text-ink-3">{mentee.title}</p>
      </div>
      {state !== "suggested" && (
        <Tag tone={SUGGESTION_STATES[state].tone}>{i18n._(SUGGESTION_STATES[state].label)}</Tag>
      )}
      <div className="flex w-24 items-center gap-3">
        <Meter value={suggestion.score} max={100} label={t`Match score ${score} of 100`} />
        <span aria-hidden className="w-7 shrink-0 text-right font-semibold">
          {score}
        </span>
      </div>
    </li>
  );
}
