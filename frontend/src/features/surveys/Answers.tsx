import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { FeedbackWave, ProgramOut } from "#/api/types";
import { ITEMS } from "#/features/feedback/words";
import { Card } from "#/ui/Card";
import { FilterSelect } from "#/ui/Filters";
import { Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { Figure } from "./SurveyResults";
import { FIGURES, WAVE_KINDS, WAVE_STATES } from "./words";

type Kind = Exclude<FeedbackWave["kind"], "survey">;
const KINDS: Kind[] = ["pulse", "fit", "growth_mentor", "growth_mentee"];

/** Every other round that people answer by themselves: what it tells, or honestly that it doesn't yet. */
export function Answers({ program }: { program: ProgramOut }) {
  const { t, i18n } = useLingui();
  const [kind, setKind] = useState<Kind>("pulse");
  const summary = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/feedback-summary", {
      params: { path: { program_id: program.id } },
    }),
  );
  return (
    <Card
      title={<Trans>What people answer along the way</Trans>}
      lead={<Trans>From closed rounds alone, and never about fewer than five people</Trans>}
      actions={
        <FilterSelect
          label={t`Kind of answers`}
          value={kind}
          options={KINDS.map((value) => ({ value, label: i18n._(WAVE_KINDS[value]) }))}
          onChange={(value) => setKind(value as Kind)}
        />
      }
      flush
    >
      <Loaded
        query={summary}
        skeleton={
          <div className="border-t border-line p-5">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ waves }) => (
          <ul>
            {waves
              .filter((wave) => wave.kind === kind)
              .map((wave) => (
                <Round
                  key={`${wave.cohort_id} ${wave.number}`}
                  wave={wave}
                  cohort={
                    program.cohorts.length > 1
                      ? program.cohorts.find(({ id }) => id === wave.cohort_id)?.name
                      : undefined
                  }
                />
              ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Round({ wave, cohort }: { wave: FeedbackWave; cohort: string | undefined }) {
  const { t, i18n } = useLingui();
  const { label, tone } = WAVE_STATES[wave.state];
  const { number } = wave;
  const name =
    wave.kind === "pulse"
      ? t`After talk ${number}`
      : wave.kind === "fit"
        ? number === 1
          ? t`After the first talk`
          : t`Half way`
        : [t`At the start`, t`Half way`, t`At the end`][number - 1];
  const words = { ...Object.fromEntries(ITEMS), ...FIGURES };
  const cells = wave.cells.filter(({ groups }) => groups.length === 0);
  return (
    <li className="border-t border-line px-5 py-3.5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h3 className="font-medium">{[name, cohort].filter(Boolean).join(" · ")}</h3>
        <Tag tone={tone}>{i18n._(label)}</Tag>
      </div>
      {wave.state === "published" && (
        <ul className="mt-3 flex max-w-2xl flex-col gap-3">
          {cells.map((cell) => {
            const told = words[cell.name];
            return (
              <li key={cell.name}>
                <Figure
                  name={told ? i18n._(told) : cell.name}
                  value={cell.value}
                  of={cell.name === "balance" ? 100 : 5}
                />
              </li>
            );
          })}
        </ul>
      )}
    </li>
  );
}
