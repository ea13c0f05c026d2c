import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { CircleCheck, FileX, Hand, TriangleAlert, Undo2, Users } from "lucide-react";
import { useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ImportOut } from "#/api/types";
import { useIsAdmin } from "#/features/people/access";
import { useFormat } from "#/lib/format";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Checkbox } from "#/ui/Field";
import { Figures } from "#/ui/Figures";
import { Meter } from "#/ui/Meter";
import { Notice } from "#/ui/Notice";
import { Page } from "#/ui/Page";
import { NoPermission, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { Columns, Reading } from "./Columns";
import { KeepMapping } from "./KeepMapping";
import { importQuery } from "./queries";
import { Rows } from "./Rows";
import { UndoDialog, Undone } from "./Undo";
import { WhoTakesPart } from "./WhoTakesPart";
import { importProblemWords, isAtWork, STATES } from "./words";

export function ImportPage() {
  const { t } = useLingui();
  const isAdmin = useIsAdmin();
  const { importId } = useParams({ from: "/shell/manage/imports/$importId" });
  const found = useQuery({ ...importQuery(importId), enabled: isAdmin });
  if (!isAdmin)
    return (
      <Page title={t`Bring in people`}>
        <NoPermission />
      </Page>
    );
  return (
    <Loaded query={found} skeleton={<Skeleton card lines={8} />}>
      {(file) => <OneImport file={file} />}
    </Loaded>
  );
}

function OneImport({ file }: { file: ImportOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const [asking, setAsking] = useState<"apply" | "undo">();
  const state = STATES[file.state];
  const discard = $api.useMutation("post", "/v1/imports/{import_id}/discard", {
    onSuccess: () => toast(t`The file is gone, with all we read from it.`),
  });
  const brake = file.problem?.code === "mass_deactivation";
  const ready = file.state === "checked" && (!file.problem || brake);
  return (
    <Page
      title={file.filename}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Tag tone={state.tone}>{i18n._(state.label)}</Tag>
          {format.dateTime(file.applied_at ?? file.created_at)}
        </span>
      }
      actions={
        <>
          {file.can.discard?.allowed && (
            <Button
              tone="quiet"
              icon={FileX}
              busy={discard.isPending}
              onClick={() => discard.mutate({ params: { path: { import_id: file.id } } })}
            >
              <Trans>Discard</Trans>
            </Button>
          )}
          {file.can.undo?.allowed && (
            <Button tone="quiet" icon={Undo2} onClick={() => setAsking("undo")}>
              <Trans>Undo</Trans>
            </Button>
          )}
          {ready && (
            <CanButton
              can={file.can}
              action="apply"
              tone="primary"
              icon={Users}
              onClick={() => setAsking("apply")}
            >
              <Trans>Bring them in</Trans>
            </CanButton>
          )}
        </>
      }
    >
      <div aria-live="polite" className="contents">
        {isAtWork(file.state) && <Progress file={file} />}
        {file.state === "applied" && <Done file={file} />}
        {file.undone && <Undone undone={file.undone} />}
        {file.state === "discarded" && (
          <Notice tone="plain" icon={FileX} title={t`This file was discarded`}>
            <Trans>Nothing of it was kept, and nobody changed.</Trans>
          </Notice>
        )}
        {file.problem && <Problem file={file} />}
      </div>
      {file.summary && !isAtWork(file.state) && <Summary file={file} />}
      {file.summary && !isAtWork(file.state) && file.state !== "discarded" && <Rows file={file} />}
      {file.detected && !isAtWork(file.state) && file.columns.length > 0 && (
        <>
          <Reading file={file} />
          <WhoTakesPart key={`who ${file.version}`} file={file} />
          <KeepMapping key={`keep ${file.version}`} file={file} />
          <Columns key={file.version} file={file} />
        </>
      )}
      <ApplyDialog file={file} brake={brake} open={asking === "apply"} onClose={() => setAsking(undefined)} />
      {asking === "undo" && <UndoDialog file={file} onClose={() => setAsking(undefined)} />}
    </Page>
  );
}

function Progress({ file }: { file: ImportOut }) {
  const { t } = useLingui();
  const format = useFormat();
  const { done, total } = file.progress;
  const now = format.number(done);
  const all = total === null ? "" : format.number(total);
  const titles: Partial<Record<ImportOut["state"], string>> = {
    parsing: t`Reading and checking the file`,
    undoing: t`Taking the import back`,
  };
  const title = titles[file.state] ?? t`Bringing the people in`;
  return (
    <Card>
      <p className="mb-3 text-lg font-semibold">{title}</p>
      <Meter value={done} max={total || 1} label={title} />
      <p className="mt-2 text-sm text-ink-3">
        {total ? (
          <Trans>
            {now} of {all} rows
          </Trans>
        ) : (
          <Trans>A moment</Trans>
        )}
      </p>
    </Card>
  );
}

function Done({ file }: { file: ImportOut }) {
  const { t } = useLingui();
  const unknown = file.summary?.manager_unresolved ?? 0;
  return (
    <Notice
      tone="spruce"
      icon={CircleCheck}
      title={t`Everybody is in`}
      action={
        <Link to="/people" className={buttonLook()}>
          <Trans>See the people</Trans>
        </Link>
      }
    >
      {unknown > 0 ? (
        <Trans>
          Every pair's reporting line was checked anew. Some managers are still missing: see the warnings.
        </Trans>
      ) : (
        <Trans>Every pair's reporting line was checked anew.</Trans>
      )}
    </Notice>
  );
}

/** What stands in the way of the whole file, and how to answer it. */
function Problem({ file }: { file: ImportOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const change = $api.useMutation("patch", "/v1/imports/{import_id}");
  const problem = file.problem;
  if (!problem) return null;
  const params = problem.params as Record<string, string | number | undefined>;
  const line = params.line === undefined ? null : format.number(Number(params.line));
  if (problem.code === "mass_deactivation") {
    const leaving = format.number(Number(params.leaving));
    const people = format.number(Number(params.people));
    const percent = params.percent;
    const goingOut = file.summary?.going_out ?? 0;
    return (
      <Notice
        tone="cloud"
        icon={Hand}
        title={
          goingOut > 0
            ? t`${leaving} of ${people} people would leave or no longer take part`
            : t`${leaving} of ${people} people would be marked as left`
        }
      >
        <Trans>
          We stop at more than {percent}% so that half a file can't empty the directory. Is the file whole?
          Look at the list below; if it is right, bring them in and confirm it there.
        </Trans>
      </Notice>
    );
  }
  if (problem.code === "date_ambiguous" || problem.code === "date_mixed") {
    const column = params.column ?? "";
    const example = params.example;
    const ask = (date_order: "day_first" | "month_first") =>
      change.mutate({
        params: { path: { import_id: file.id } },
        headers: ifMatch(file),
        body: { date_order },
      });
    return (
      <Notice
        tone="cloud"
        icon={TriangleAlert}
        title={
          example === undefined
            ? t`The column ${column} has both ways of writing dates in it`
            : t`What day is ${example} in the column ${column}?`
        }
        action={
          file.can.map?.allowed && (
            <div className="flex flex-wrap gap-2">
              <Button busy={change.isPending} onClick={() => ask("day_first")}>
                {example === undefined ? t`The day comes first` : format.date(String(params.day_first))}
              </Button>
              <Button busy={change.isPending} onClick={() => ask("month_first")}>
                {example === undefined ? t`The month comes first` : format.date(String(params.month_first))}
              </Button>
            </div>
          )
        }
      >
        <Trans>The file leaves it open. Choose once, and it holds for the whole file.</Trans>
      </Notice>
    );
  }
  const words = importProblemWords(problem.code);
  return (
    <Notice
      tone="lingon"
      icon={TriangleAlert}
      title={words ? i18n._(words) : problem.detail}
      action={
        <Link to="/imports" className={buttonLook()}>
          <Trans>Choose another file</Trans>
        </Link>
      }
    >
      {line !== null && <Trans>We stopped at line {line}.</Trans>}{" "}
      {file.can.map?.allowed && file.columns.length > 0 && (
        <Trans>Look at the columns below: choosing what each one holds may be all it needs.</Trans>
      )}
    </Notice>
  );
}

type Figure = [key: string, name: string, count: number];

function Summary({ file }: { file: ImportOut }) {
  const { t } = useLingui();
  const format = useFormat();
  if (!file.summary) return null;
  const { rows, created, updated, unchanged, left, outside, errors, warnings } = file.summary;
  const figures: Figure[] = [
    ["rows", t`Rows`, rows],
    ["created", t`New`, created],
    ["updated", t`Changed`, updated],
    ["unchanged", t`As before`, unchanged],
    ["left", t`Leaving`, left],
    ...(file.scope || outside > 0 ? [["outside", t`In the chart only`, outside] as Figure] : []),
    ["errors", t`Errors`, errors],
    ["warnings", t`Worth a look`, warnings],
  ];
  return (
    <Figures
      label={t`The file in numbers`}
      items={figures.map(([key, name, count]) => ({ key, name, value: format.number(count) }))}
    />
  );
}

function ApplyDialog({
  file,
  brake,
  open,
  onClose,
}: {
  file: ImportOut;
  brake: boolean;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const format = useFormat();
  const [sure, setSure] = useState(false);
  const [missing, setMissing] = useState(false);
  const apply = $api.useMutation("post", "/v1/imports/{import_id}/apply", { onSuccess: onClose });
  const summary = file.summary;
  if (!summary) return null;
  const created = format.number(summary.created);
  const updated = format.number(summary.updated);
  const left = format.number(summary.left);
  const errors = format.number(summary.errors);
  const outside = format.number(summary.outside);
  const goingOut = format.number(summary.going_out);
  const leaving = format.number(summary.left + summary.going_out);
  const nothing = summary.created + summary.updated + summary.left + summary.outside === 0;
  function confirm() {
    setMissing(brake && !sure);
    if (brake && !sure) return;
    apply.mutate({
      params: { path: { import_id: file.id } },
      body: { allow_mass_deactivation: brake && sure },
    });
  }
  return (
    <Dialog open={open} onClose={onClose} title={nothing ? t`Nothing would change` : t`Bring them in?`}>
      <ul className="mb-5 flex list-disc flex-col gap-1.5 pl-5">
        <li>
          <Trans>
            {created} new people, {updated} changed
          </Trans>
        </li>
        {summary.left > 0 && (
          <li>
            <Trans>{left} are marked as left: they can't sign in, and their pairs end kindly</Trans>
          </li>
        )}
        {summary.outside > 0 && (
          <li>
            <Trans>{outside} have a place in the organization chart, and nothing more</Trans>
          </li>
        )}
        {summary.going_out > 0 && (
          <li>
            <Trans>{goingOut} of these took part until now: they can't sign in, and their pairs pause</Trans>
          </li>
        )}
        {summary.errors > 0 && (
          <li>
            <Trans>{errors} rows with errors are left out</Trans>
          </li>
        )}
        <li>
          <Trans>Every pair is checked against the new reporting lines at once</Trans>
        </li>
      </ul>
      {brake && (
        <div className="mb-5">
          <Checkbox
            checked={sure}
            onChange={(event) => setSure(event.target.checked)}
            label={
              summary.going_out > 0
                ? t`Yes, ${leaving} people have really left or no longer take part`
                : t`Yes, ${left} people have really left`
            }
            aria-invalid={missing || undefined}
          />
          {missing && (
            <p role="alert" className="mt-1 text-sm font-semibold text-lingon-text">
              <Trans>Tick the box first, so that we know the file is whole.</Trans>
            </p>
          )}
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" busy={apply.isPending} onClick={confirm}>
          <Trans>Yes, bring them in</Trans>
        </Button>
        <Button onClick={onClose}>
          <Trans>Not yet</Trans>
        </Button>
      </div>
    </Dialog>
  );
}
