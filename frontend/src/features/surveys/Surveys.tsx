import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowLeft, ClipboardList, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ProgramOut, SurveyOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { LOCALES, pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { TextField } from "#/ui/Field";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { Answers } from "./Answers";
import { SurveyEditor } from "./SurveyEditor";
import { SurveyResults } from "./SurveyResults";
import { AUDIENCES, SURVEY_STATES } from "./words";

/** Questions to those who take part, and what came of all rounds of answers. */
export default function Surveys({ program }: { program: ProgramOut }) {
  const { survey } = useSearch({ from: "/shell/manage/programs/$programId" });
  return survey ? (
    <OneSurvey key={survey} program={program} id={survey} />
  ) : (
    <>
      <List program={program} />
      <Answers program={program} />
    </>
  );
}

function OneSurvey({ program, id }: { program: ProgramOut; id: string }) {
  const survey = useQuery(
    $api.queryOptions("get", "/v1/surveys/{survey_id}", { params: { path: { survey_id: id } } }),
  );
  return (
    <>
      <Link
        to="/programs/$programId"
        params={{ programId: program.id }}
        search={{ tab: "surveys" }}
        className="inline-flex min-h-11 items-center gap-2 self-start font-semibold text-spruce-text hover:underline"
      >
        <ArrowLeft size={18} aria-hidden />
        <Trans>All surveys</Trans>
      </Link>
      <Loaded query={survey} skeleton={<Skeleton card lines={8} />}>
        {(found) =>
          found.state === "closed" ? (
            <SurveyResults survey={found} />
          ) : (
            <SurveyEditor key={found.version} survey={found} />
          )
        }
      </Loaded>
    </>
  );
}

function List({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  const surveys = useQuery(
    $api.queryOptions("get", "/v1/surveys", { params: { query: { program_id: program.id, limit: 100 } } }),
  );
  return (
    <Card
      title={<Trans>Surveys</Trans>}
      lead={<Trans>Answers are shown in figures of five people or more</Trans>}
      actions={
        <CanButton can={program.can} action="edit" tone="primary" icon={Plus} onClick={() => setAdding(true)}>
          <Trans>New survey</Trans>
        </CanButton>
      }
      flush
    >
      <Loaded
        query={surveys}
        skeleton={
          <div className="border-t border-line p-5">
            <Skeleton lines={3} />
          </div>
        }
      >
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={ClipboardList} title={t`No survey yet`}>
              <Trans>Three are ready to use: at the start, half way, and at the end.</Trans>
            </EmptyState>
          ) : (
            <ul>
              {items.map((survey) => (
                <Row key={survey.id} survey={survey} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Dialog open={adding} onClose={() => setAdding(false)} title={t`New survey`}>
        <NewSurvey program={program} />
      </Dialog>
    </Card>
  );
}

function Row({ survey }: { survey: SurveyOut }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const { label, tone } = SURVEY_STATES[survey.state];
  const until = survey.closes_at && format.date(survey.closes_at);
  const count = survey.questions.length;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-3.5 hover:bg-sunken">
      <div className="min-w-48 flex-1">
        <Link
          to="/programs/$programId"
          params={{ programId: survey.program_id }}
          search={{ tab: "surveys", survey: survey.id }}
          className="font-semibold after:absolute after:inset-0"
        >
          {pick(survey.title, i18n.locale)}
        </Link>
        <p className="text-sm text-ink-3">
          <Plural value={count} _0="No questions yet" one="# question" other="# questions" />
          {" · "}
          {i18n._(AUDIENCES[survey.audience])}
          {until && (
            <>
              {" · "}
              <Trans>until {until}</Trans>
            </>
          )}
        </p>
      </div>
      <Tag tone={tone}>{i18n._(label)}</Tag>
    </li>
  );
}

/** From one of three that are ready, or from nothing. */
function NewSurvey({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [nameless, setNameless] = useState(false);
  const create = $api.useMutation("post", "/v1/surveys", {
    onSuccess: ({ id }) =>
      void navigate({
        to: "/programs/$programId",
        params: { programId: program.id },
        search: { tab: "surveys", survey: id },
      }),
  });
  const ready = [
    { template: "baseline", name: t`At the start`, hint: t`What people expect, and where they stand` },
    { template: "midpoint", name: t`Half way`, hint: t`What works, what gets in the way` },
    { template: "closing", name: t`At the end`, hint: t`What was learnt and what changed` },
  ] as const;
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get("title") ?? "").trim();
    setNameless(!title);
    if (title)
      create.mutate({
        body: {
          program_id: program.id,
          title: Object.fromEntries(LOCALES.map((locale) => [locale, title])),
        },
      });
  }
  return (
    <div className="flex flex-col gap-5">
      <ul className="flex flex-col gap-2">
        {ready.map(({ template, name, hint }) => (
          <li
            key={template}
            className="relative rounded-xl border border-line px-4 py-3 hover:bg-sunken has-focus-visible:bg-sunken"
          >
            <button
              type="button"
              aria-disabled={create.isPending || undefined}
              onClick={() =>
                create.isPending || create.mutate({ body: { program_id: program.id, template } })
              }
              className="min-h-6 font-semibold after:absolute after:inset-0"
            >
              {name}
            </button>
            <p className="text-sm text-ink-3">{hint}</p>
          </li>
        ))}
      </ul>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4 border-t border-line pt-5">
        <TextField
          label={t`Or one of your own, called`}
          name="title"
          maxLength={500}
          error={nameless ? t`Give it a name.` : undefined}
        />
        <div>
          <Button type="submit" busy={create.isPending}>
            <Trans>Begin from nothing</Trans>
          </Button>
        </div>
      </form>
    </div>
  );
}
