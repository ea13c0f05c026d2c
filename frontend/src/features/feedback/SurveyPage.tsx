import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { CircleCheck, Clock, Lock } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { SurveyOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { pick } from "#/lib/i18n";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextArea, TextField } from "#/ui/Field";
import { Page } from "#/ui/Page";
import { EmptyState, Skeleton } from "#/ui/states";

type Question = SurveyOut["questions"][number];
type Answer = boolean | number | string | string[];
type Given = Record<string, Answer>;

/** A survey for whom it asks: answered once, and anew until it closes. */
export function SurveyPage() {
  const { t, i18n } = useLingui();
  const { surveyId } = useParams({ from: "/shell/surveys/$surveyId" });
  const path = { params: { path: { survey_id: surveyId } } };
  const survey = useQuery($api.queryOptions("get", "/v1/surveys/{survey_id}", path));
  const mine = useQuery($api.queryOptions("get", "/v1/surveys/{survey_id}/responses/mine", path));
  return (
    <Loaded query={survey} page={t`Survey`} skeleton={<Skeleton card lines={8} />}>
      {(found) => (
        <Page title={pick(found.title, i18n.locale)}>
          <Loaded query={mine} skeleton={<Skeleton card lines={8} />}>
            {({ answers, edition }) => (
              <OneSurvey
                survey={found}
                given={answers as Given | null}
                current={edition === null || edition === found.edition}
              />
            )}
          </Loaded>
        </Page>
      )}
    </Loaded>
  );
}

/** @param current Whether the answers given are to the questions as they are now. */
function OneSurvey({ survey, given, current }: { survey: SurveyOut; given: Given | null; current: boolean }) {
  const { t } = useLingui();
  const format = useFormat();
  const [again, setAgain] = useState(false);
  const until = survey.closes_at && format.date(survey.closes_at);
  if (given && current && !again)
    return (
      <Card>
        <EmptyState
          icon={CircleCheck}
          title={t`Thank you, your answer is in`}
          action={
            <div className="flex flex-wrap justify-center gap-2">
              <Link to="/" className={buttonLook({ tone: "primary" })}>
                <Trans>Back to today</Trans>
              </Link>
              {survey.can.answer?.allowed && (
                <Button onClick={() => setAgain(true)}>
                  <Trans>Change my answers</Trans>
                </Button>
              )}
            </div>
          }
        >
          {until && survey.can.answer?.allowed && <Trans>You can change it until {until}.</Trans>}
        </EmptyState>
      </Card>
    );
  if (!survey.can.answer?.allowed)
    return (
      <Card>
        <EmptyState icon={Clock} title={t`This survey isn't open just now`} />
      </Card>
    );
  return <Form survey={survey} given={given ?? {}} onDone={() => setAgain(false)} />;
}

function Form({ survey, given, onDone }: { survey: SurveyOut; given: Given; onDone: () => void }) {
  const { t } = useLingui();
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState<string[]>([]);
  const give = $api.useMutation("post", "/v1/surveys/{survey_id}/responses", { onSuccess: onDone });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const answers = Object.fromEntries(
      survey.questions.flatMap((question) => {
        const answer = read(question, data);
        return answer === null ? [] : [[question.key, answer]];
      }),
    );
    const lacking = survey.questions
      .filter(({ key, type }) => type !== "text" && answers[key] === undefined)
      .map(({ key }) => key);
    setMissing(lacking);
    if (lacking[0]) {
      form.current?.querySelector<HTMLElement>(`[name="${lacking[0]}"]`)?.focus();
      return;
    }
    give.mutate({ params: { path: { survey_id: survey.id } }, body: { answers } });
  }
  return (
    <Card>
      <form ref={form} onSubmit={onSubmit} noValidate className="flex max-w-2xl flex-col gap-7">
        <p className="flex gap-3 text-sm text-ink-3">
          <Lock size={18} aria-hidden className="mt-0.5 shrink-0" />
          <Trans>
            Nobody sees who said what. Figures are shown for five people or more, words for eight or more.
          </Trans>
        </p>
        {survey.questions.map((question) => (
          <Field
            key={question.key}
            question={question}
            given={given[question.key]}
            error={missing.includes(question.key) ? t`Please answer this one.` : undefined}
          />
        ))}
        <div>
          <Button type="submit" tone="primary" busy={give.isPending}>
            <Trans>Send my answers</Trans>
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** What the form says to a question; null when nothing. */
function read({ key, type }: Question, data: FormData): Answer | null {
  if (type === "multiple") return data.getAll(key).map(String);
  const text = String(data.get(key) ?? "").trim();
  if (text === "") return null;
  if (type === "yes_no") return text === "yes";
  if (type === "scale" || type === "number") return Number(text.replace(",", "."));
  return text;
}

function Field({
  question,
  given,
  error,
}: {
  question: Question;
  given: Answer | undefined;
  error: string | undefined;
}) {
  const { t, i18n } = useLingui();
  const { key, type, options } = question;
  const text = pick(question.text, i18n.locale);
  if (type === "text")
    return (
      <TextArea
        label={text}
        hint={t`May be left empty`}
        name={key}
        maxLength={4000}
        defaultValue={String(given ?? "")}
      />
    );
  if (type === "number")
    return (
      <TextField
        label={text}
        name={key}
        type="number"
        step="any"
        inputMode="decimal"
        {...(question.min !== null && { min: question.min })}
        {...(question.max !== null && { max: question.max })}
        defaultValue={String(given ?? "")}
        error={error}
        className="max-w-40"
      />
    );
  const choices: { value: string; label: string; on: boolean; spoken?: string | undefined }[] =
    type === "scale"
      ? [1, 2, 3, 4, 5].map((step) => ({
          value: String(step),
          label: String(step),
          on: given === step,
          spoken: { 1: t`1, not at all`, 5: t`5, fully` }[step],
        }))
      : type === "yes_no"
        ? [
            { value: "yes", label: t`Yes`, on: given === true },
            { value: "no", label: t`No`, on: given === false },
          ]
        : options.map((option) => ({
            value: option.key,
            label: pick(option.text, i18n.locale),
            on: Array.isArray(given) ? given.includes(option.key) : given === option.key,
          }));
  return (
    <fieldset aria-describedby={error ? `${key}-error` : undefined}>
      <legend className="mb-2.5 font-semibold">{text}</legend>
      <div className={type === "scale" ? "grid max-w-md grid-cols-5 gap-2" : "flex flex-wrap gap-2"}>
        {choices.map(({ value, label, on, spoken }) => (
          <label
            key={value}
            className="flex min-h-11 cursor-pointer items-center justify-center rounded-xl border border-edge bg-surface px-4 font-semibold has-checked:border-spruce has-checked:bg-spruce has-checked:text-on-spruce has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-spruce forced-colors:has-checked:outline-2"
          >
            <input
              type={type === "multiple" ? "checkbox" : "radio"}
              name={key}
              value={value}
              defaultChecked={on}
              aria-label={spoken}
              className="sr-only"
            />
            {label}
          </label>
        ))}
      </div>
      {type === "scale" && (
        <div aria-hidden className="mt-1 flex max-w-md justify-between text-xs text-ink-3">
          <span>{t`Not at all`}</span>
          <span>{t`Fully`}</span>
        </div>
      )}
      {error && (
        <p id={`${key}-error`} role="alert" className="mt-1.5 text-xs font-semibold text-lingon-text">
          {error}
        </p>
      )}
    </fieldset>
  );
}
