import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { FeedbackWave, SurveyOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { pick } from "#/lib/i18n";
import { Card } from "#/ui/Card";
import { Meter } from "#/ui/Meter";
import { Notice } from "#/ui/Notice";
import { ShowMore } from "#/ui/ShowMore";
import { Skeleton } from "#/ui/states";
import type { Question } from "./words";

/** What a closed survey tells, in figures of five people or more, and in words of eight or more. */
export function SurveyResults({ survey }: { survey: SurveyOut }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const summary = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/feedback-summary", {
      params: { path: { program_id: survey.program_id }, query: { kind: "survey" } },
    }),
  );
  const closed = survey.closes_at && format.date(survey.closes_at);
  return (
    <>
      <Card title={pick(survey.title, i18n.locale)} lead={<Trans>Closed on {closed}</Trans>}>
        <Loaded query={summary} skeleton={<Skeleton lines={5} />}>
          {({ waves, smallest_group }) => {
            const own = waves.filter(
              (wave) => wave.survey_id === survey.id && wave.number === survey.edition,
            );
            const shown = own.find(({ state }) => state === "published");
            if (shown) return <Figures questions={survey.questions} wave={shown} />;
            return (
              <Notice tone="plain" icon={Lock} title={<Trans>Nothing is shown</Trans>}>
                {own.some(({ state }) => state === "waiting") ? (
                  <Trans>The answers are being counted. Look again in a while.</Trans>
                ) : (
                  <Plural
                    value={smallest_group}
                    one="Fewer than # person answered."
                    other="Fewer than # people answered. Figures about so few would tell who said what."
                  />
                )}
              </Notice>
            );
          }}
        </Loaded>
      </Card>
      {survey.questions.some(({ type }) => type === "text") && <InWords survey={survey} />}
    </>
  );
}

function Figures({ questions, wave }: { questions: Question[]; wave: FeedbackWave }) {
  const { i18n } = useLingui();
  const figures = new Map(
    wave.cells.filter(({ groups }) => groups.length === 0).map((cell) => [cell.name, cell.value]),
  );
  const people = wave.cells.find((cell) => cell.people !== null)?.people ?? null;
  return (
    <>
      {people !== null && (
        <p className="mb-5 text-sm text-ink-3">
          <Plural value={people} one="At least # person answered" other="At least # people answered" />
        </p>
      )}
      <ul className="flex flex-col gap-6">
        {questions
          .filter(({ type }) => type !== "text")
          .map((question) => (
            <li key={question.key}>
              <h3 className="mb-2 font-semibold">{pick(question.text, i18n.locale)}</h3>
              {question.options.length > 0 ? (
                <ul className="flex flex-col gap-3">
                  {question.options.map((option) => (
                    <li key={option.key}>
                      <Figure
                        name={pick(option.text, i18n.locale)}
                        value={figures.get(`${question.key}.${option.key}`) ?? null}
                        of="share"
                      />
                    </li>
                  ))}
                </ul>
              ) : (
                <Figure
                  value={figures.get(question.key) ?? null}
                  of={question.type === "yes_no" ? "share" : question.type === "scale" ? 5 : null}
                />
              )}
            </li>
          ))}
      </ul>
    </>
  );
}

/** A mean with its end, a share, or a plain number; what would single somebody out is not told. */
export function Figure({
  name,
  value,
  of,
}: {
  name?: string;
  value: number | null;
  of: number | "share" | null;
}) {
  const { t } = useLingui();
  const format = useFormat();
  if (value === null)
    return (
      <p className="flex justify-between gap-4 text-sm">
        <span className="font-medium">{name}</span>
        <span className="text-ink-3">
          <Trans>Too few to show</Trans>
        </span>
      </p>
    );
  const figure = of === "share" ? format.percent(value) : format.number(value);
  const most = of === "share" ? 1 : (of ?? 0);
  const end = String(most);
  const label =
    of === "share" ? t`${figure} said yes` : of ? t`${figure} of ${end}` : t`${figure} on average`;
  return (
    <>
      <p className="mb-1.5 flex justify-between gap-4 text-sm">
        <span className="font-medium">{name}</span>
        <span className="whitespace-nowrap text-ink-3">{name && of === "share" ? figure : label}</span>
      </p>
      {of && <Meter value={value} max={most} label={name ? `${name}: ${figure}` : label} />}
    </>
  );
}

function InWords({ survey }: { survey: SurveyOut }) {
  const { i18n } = useLingui();
  const texts = $api.useInfiniteQuery(
    "get",
    "/v1/surveys/{survey_id}/texts",
    { params: { path: { survey_id: survey.id }, query: { limit: 50 } } },
    byCursor,
  );
  const asked = new Map(survey.questions.map(({ key, text }) => [key, pick(text, i18n.locale)]));
  return (
    <Card title={<Trans>In their own words</Trans>} lead={<Trans>Shuffled, without names</Trans>} flush>
      <Loaded query={texts}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <p className="border-t border-line p-5 text-ink-3">
                <Trans>
                  Shown when eight people or more have written something: a voice among few would be known.
                </Trans>
              </p>
            );
          return (
            <>
              <ul>
                {items.map(({ question, text }, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: answers have no identity, on purpose
                  <li key={at} className="border-t border-line px-5 py-3.5">
                    <p className="max-w-prose break-words whitespace-pre-line">{text}</p>
                    <p className="mt-1 text-sm text-ink-3">{asked.get(question)}</p>
                  </li>
                ))}
              </ul>
              <ShowMore query={texts}>
                <Trans>Show more</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
