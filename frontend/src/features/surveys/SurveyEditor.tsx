import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, Plus, Send, Trash2, X } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { fieldErrors } from "#/api/problems";
import type { SurveyOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { LOCALE_NAMES, LOCALES, type Locale } from "#/lib/i18n";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Segmented, Select, TextField } from "#/ui/Field";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { asType, emptyQuestion, freeKey, hasOptions, lacking, NOTHING, rewrite } from "./draft";
import { AUDIENCES, type Question, type QuestionType, SURVEY_STATES, TYPES } from "./words";

const MOST_QUESTIONS = 40;
const MOST_OPTIONS = 20;

/** A local day's last moment; null without a day. */
function endOf(day: string): string | null {
  return day ? new Date(`${day}T23:59:00`).toISOString() : null;
}

function dayOf(moment: string | null): string {
  return moment ? new Date(moment).toLocaleDateString("sv-SE") : "";
}

/** Drafts a survey, publishes it, and changes what may still change while it is open. */
export function SurveyEditor({ survey }: { survey: SurveyOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const [locale, setLocale] = useState<Locale>(LOCALES.find((each) => each === i18n.locale) ?? "en");
  const [title, setTitle] = useState(survey.title);
  const [questions, setQuestions] = useState(survey.questions);
  const [audience, setAudience] = useState(survey.audience);
  const [closes, setCloses] = useState(dayOf(survey.closes_at));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const path = { params: { path: { survey_id: survey.id } } };
  const save = $api.useMutation("patch", "/v1/surveys/{survey_id}", {
    onError: (error) => setErrors(fieldErrors(error)),
  });
  const publish = $api.useMutation("post", "/v1/surveys/{survey_id}/publish", {
    onSuccess: () => toast(t`Published. It stands on everybody's home page.`),
  });
  const discard = $api.useMutation("delete", "/v1/surveys/{survey_id}", {
    onSuccess() {
      toast(t`Thrown away.`);
      void navigate({
        to: "/programs/$programId",
        params: { programId: survey.program_id },
        search: { tab: "surveys" },
      });
    },
  });
  const draft = survey.state === "draft";
  const { label, tone } = SURVEY_STATES[survey.state];
  const change = (at: number, next: Question) =>
    setQuestions(questions.map((each, index) => (index === at ? next : each)));
  const move = (at: number, to: number) => {
    const next = questions.filter((_, index) => index !== at);
    const moved = questions[at];
    if (moved) setQuestions(next.toSpliced(to, 0, moved));
  };
  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const pressed = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null;
    const publishing = pressed?.value === "publish";
    const found = Object.fromEntries(lacking(title, questions, locale).map((name) => [name, t`Write this.`]));
    if ((publishing || !draft) && !closes) found.closes_at = t`Choose the last day of answers.`;
    setErrors(found);
    const [first] = Object.keys(found);
    if (first) {
      form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
      return;
    }
    const closes_at = closes === dayOf(survey.closes_at) ? survey.closes_at : endOf(closes);
    await save.mutateAsync({
      ...path,
      headers: ifMatch(survey),
      body: { title, questions, closes_at, ...(draft && { audience }) },
    });
    if (publishing) await publish.mutateAsync(path);
    else toast(t`Saved.`);
  }
  const count = questions.length;
  const opened = survey.opens_at && format.date(survey.opens_at);
  return (
    <form
      ref={form}
      onSubmit={(event) => void onSubmit(event).catch(() => undefined)}
      noValidate
      className="flex flex-col gap-5"
    >
      <Card
        title={<Trans>The survey</Trans>}
        lead={
          draft ? (
            <Trans>Nobody sees it before you publish it.</Trans>
          ) : (
            <Trans>Open since {opened}. New questions are asked of those who answer from now on.</Trans>
          )
        }
        actions={<Tag tone={tone}>{i18n._(label)}</Tag>}
      >
        <div className="flex max-w-2xl flex-col gap-5">
          <div>
            <Segmented
              label={t`Language you write in`}
              value={locale}
              options={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
              onChange={setLocale}
            />
            <p className="mt-1.5 text-xs text-ink-3">
              <Trans>A language without words of its own shows these.</Trans>
            </p>
          </div>
          <TextField
            label={t`Name`}
            name="title"
            lang={locale}
            maxLength={500}
            value={title[locale]}
            onChange={(event) => setTitle(rewrite(title, locale, event.target.value))}
            error={errors.title}
          />
          <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
            <Select
              label={t`For whom`}
              value={audience}
              disabled={!draft}
              options={Object.entries(AUDIENCES).map(([value, words]) => ({ value, label: i18n._(words) }))}
              onChange={(event) => setAudience(event.target.value as SurveyOut["audience"])}
            />
            <TextField
              label={t`Last day of answers`}
              name="closes_at"
              type="date"
              value={closes}
              onChange={(event) => setCloses(event.target.value)}
              error={errors.closes_at}
            />
          </div>
        </div>
      </Card>
      <Card
        title={<Trans>Questions</Trans>}
        lead={<Plural value={count} _0="None yet" one="# question" other="# questions" />}
      >
        <ol className="flex flex-col gap-4">
          {questions.map((question, at) => (
            <li key={question.key} className="rounded-2xl border border-line p-4">
              <OneQuestion
                question={question}
                number={at + 1}
                last={at === count - 1}
                locale={locale}
                errors={errors}
                onChange={(next) => change(at, next)}
                onMove={(step) => move(at, at + step)}
                onRemove={() => setQuestions(questions.filter((_, index) => index !== at))}
              />
            </li>
          ))}
        </ol>
        {count < MOST_QUESTIONS && (
          <Button
            icon={Plus}
            className={count > 0 ? "mt-4" : ""}
            onClick={() => setQuestions([...questions, emptyQuestion(questions)])}
          >
            <Trans>Add a question</Trans>
          </Button>
        )}
      </Card>
      <div className="flex flex-wrap gap-2">
        {draft && (
          <Button
            type="submit"
            value="publish"
            tone="primary"
            icon={Send}
            busy={save.isPending || publish.isPending}
            {...(count === 0 && { disabledReason: t`Add a question first.` })}
          >
            <Trans>Publish</Trans>
          </Button>
        )}
        <Button
          type="submit"
          value="keep"
          busy={save.isPending || publish.isPending}
          {...(!draft && { tone: "primary" as const })}
        >
          {draft ? <Trans>Save the draft</Trans> : <Trans>Save</Trans>}
        </Button>
        {survey.can.discard?.allowed && (
          <Button
            tone="danger"
            icon={Trash2}
            busy={discard.isPending}
            onClick={() =>
              discard.mutate({ params: { path: { survey_id: survey.id }, header: ifMatch(survey) } })
            }
          >
            <Trans>Throw it away</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}

function OneQuestion({
  question,
  number,
  last,
  locale,
  errors,
  onChange,
  onMove,
  onRemove,
}: {
  question: Question;
  number: number;
  last: boolean;
  locale: Locale;
  errors: Record<string, string>;
  onChange: (next: Question) => void;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
}) {
  const { t, i18n } = useLingui();
  const { key, options } = question;
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="sr-only">{t`Question ${number}`}</legend>
      <div className="flex items-center gap-1">
        <span aria-hidden className="grow font-semibold">{t`Question ${number}`}</span>
        <IconButton
          icon={ArrowUp}
          label={t`Question ${number} up`}
          disabled={number === 1}
          onClick={() => onMove(-1)}
          className="disabled:opacity-40"
        />
        <IconButton
          icon={ArrowDown}
          label={t`Question ${number} down`}
          disabled={last}
          onClick={() => onMove(1)}
          className="disabled:opacity-40"
        />
        <IconButton icon={X} label={t`Remove question ${number}`} onClick={onRemove} />
      </div>
      <div className="grid grid-cols-1 gap-4 md:grid-cols-[minmax(0,1fr)_15rem]">
        <TextField
          label={t`What you ask`}
          name={key}
          lang={locale}
          maxLength={500}
          value={question.text[locale]}
          onChange={(event) =>
            onChange({ ...question, text: rewrite(question.text, locale, event.target.value) })
          }
          error={errors[key]}
        />
        <Select
          label={t`How it is answered`}
          value={question.type}
          options={Object.entries(TYPES).map(([value, words]) => ({ value, label: i18n._(words) }))}
          onChange={(event) => onChange(asType(question, event.target.value as QuestionType))}
        />
      </div>
      {hasOptions(question.type) && (
        <ul className="flex flex-col gap-2">
          {options.map((option, at) => {
            const place = at + 1;
            return (
              <li key={option.key} className="flex items-end gap-2">
                <div className="grow">
                  <TextField
                    label={t`Choice ${place}`}
                    name={`${key}.${option.key}`}
                    lang={locale}
                    maxLength={500}
                    value={option.text[locale]}
                    onChange={(event) =>
                      onChange({
                        ...question,
                        options: options.with(at, {
                          ...option,
                          text: rewrite(option.text, locale, event.target.value),
                        }),
                      })
                    }
                    error={errors[`${key}.${option.key}`]}
                  />
                </div>
                {options.length > 2 && (
                  <IconButton
                    icon={X}
                    label={t`Remove choice ${place}`}
                    onClick={() => onChange({ ...question, options: options.toSpliced(at, 1) })}
                  />
                )}
              </li>
            );
          })}
          {options.length < MOST_OPTIONS && (
            <li>
              <Button
                icon={Plus}
                onClick={() =>
                  onChange({
                    ...question,
                    options: [
                      ...options,
                      {
                        key: freeKey(
                          options.map((each) => each.key),
                          "o",
                        ),
                        text: NOTHING,
                      },
                    ],
                  })
                }
              >
                <Trans>Add a choice</Trans>
              </Button>
            </li>
          )}
        </ul>
      )}
    </fieldset>
  );
}
