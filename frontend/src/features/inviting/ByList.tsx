import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { CircleAlert, FileUp } from "lucide-react";
import { useId, useState } from "react";
import { $api } from "#/api/client";
import { fieldErrors, ProblemError, problemWords } from "#/api/problems";
import type { EnrollmentImportOut, ProgramOut } from "#/api/types";
import { cx } from "#/lib/text";
import { Button, buttonLook } from "#/ui/Button";
import { Notice } from "#/ui/Notice";
import { toast } from "#/ui/toast";
import { cellWords } from "./words";

const SHOWN = 20;

/** Many at once from a CSV file: looked through first, then taken in as a whole. */
export function ByList({ program }: { program: ProgramOut }) {
  const { t, i18n } = useLingui();
  const id = useId();
  const [file, setFile] = useState<{ name: string; text: string }>();
  const send = $api.useMutation("post", "/v1/programs/{program_id}/enrollment-imports", {
    meta: { quiet: true },
  });
  const lines = (text: string, dry_run: boolean) =>
    send.mutateAsync({
      params: { path: { program_id: program.id }, query: { dry_run } },
      // A list goes as it is; the contract's type tells of JSON too.
      body: text as never,
      bodySerializer: (body: unknown) => body as string,
      headers: { "Content-Type": "text/csv" },
    });
  async function look(chosen: File) {
    const text = await chosen.text();
    setFile({ name: chosen.name, text });
    await lines(text, true);
  }
  async function take() {
    if (!file) return;
    const { created, changed } = await lines(file.text, false);
    const count = created + changed;
    toast(t`Taken in: ${count}.`);
    setFile(undefined);
    send.reset();
  }
  return (
    <div className="flex flex-col gap-5">
      <p className="text-ink-2">
        <Trans>
          For people who have said yes elsewhere: they take part at once, without an invitation. Nothing
          happens before you have seen what the list would do.
        </Trans>
      </p>
      <p id={`${id}-hint`} className="text-sm text-ink-3">
        <Trans>
          A CSV file. The first line names the columns: <code>work_email</code> or <code>external_id</code>,
          then <code>role</code> (mentor or mentee); if you like also <code>topics</code>, <code>skills</code>{" "}
          and <code>languages</code>.
        </Trans>
      </p>
      <div>
        <input
          id={id}
          type="file"
          accept=".csv,.txt,text/csv"
          aria-describedby={`${id}-hint`}
          disabled={send.isPending}
          className="peer sr-only"
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            event.target.value = "";
            if (chosen) look(chosen).catch(() => undefined);
          }}
        />
        <label
          htmlFor={id}
          className={cx(
            buttonLook({ tone: file ? "secondary" : "primary" }),
            "cursor-pointer peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-spruce",
          )}
        >
          <FileUp size={18} aria-hidden className="shrink-0" />
          {file ? t`Choose another file` : t`Choose a file`}
        </label>
      </div>
      {send.error && (
        <div role="alert">
          <Notice tone="cloud" icon={CircleAlert} title={file?.name}>
            {unreadable(send.error) ?? i18n._(problemWords(send.error))}
          </Notice>
        </div>
      )}
      {send.data?.dry_run && file && (
        <Plan
          plan={send.data}
          name={file.name}
          busy={send.isPending}
          onTake={() => take().catch(() => undefined)}
        />
      )}
    </div>
  );
}

/** What is wrong with the file as a whole, as the server says it. */
function unreadable(error: unknown): string | undefined {
  return error instanceof ProblemError && error.status === 422
    ? Object.values(fieldErrors(error))[0]
    : undefined;
}

function Plan({
  plan,
  name,
  busy,
  onTake,
}: {
  plan: EnrollmentImportOut;
  name: string;
  busy: boolean;
  onTake: () => void;
}) {
  const { i18n } = useLingui();
  const { created, changed, unchanged, problem_count, problems } = plan;
  const count = created + changed;
  const more = problem_count - Math.min(SHOWN, problems.length);
  return (
    <div role="status" className="flex flex-col gap-3 rounded-2xl bg-sunken p-4">
      <p className="font-semibold">{name}</p>
      <p className="text-sm text-ink-2">
        <Plural value={created} _0="Nobody new" one="# new" other="# new" />
        {" · "}
        <Plural value={changed} _0="nobody changes" one="# changes" other="# change" />
        {" · "}
        <Plural value={unchanged} _0="nobody stays as is" one="# stays as is" other="# stay as they are" />
      </p>
      {problem_count > 0 ? (
        <>
          <p className="font-semibold text-cloud-text">
            <Plural
              value={problem_count}
              one="# cell needs a change; then choose the file again"
              other="# cells need a change; then choose the file again"
            />
          </p>
          <ul className="flex flex-col gap-1.5 text-sm">
            {problems.slice(0, SHOWN).map(({ row, column, code }) => (
              <li key={`${row} ${column} ${code}`}>
                <Trans>
                  Row {row}, {column}:
                </Trans>{" "}
                {i18n._(cellWords(code))}
              </li>
            ))}
          </ul>
          {more > 0 && (
            <p className="text-sm text-ink-3">
              <Trans>and {more} more</Trans>
            </p>
          )}
        </>
      ) : (
        count > 0 && (
          <div>
            <Button tone="primary" busy={busy} onClick={onTake}>
              <Plural value={count} one="Take in # person" other="Take in # people" />
            </Button>
          </div>
        )
      )}
    </div>
  );
}
