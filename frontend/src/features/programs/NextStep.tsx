import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import type { ProgramOut } from "#/api/types";
import { cx } from "#/lib/text";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { PATH, PROGRAM_STATES, type ProgramState } from "./words";

/** Where the program stands on its way, and the one thing to do next. */
export function NextStep({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const [ending, setEnding] = useState(false);
  const [title, text, action] = useWords(program);
  return (
    <Card>
      {PATH.includes(program.state) && <Steps state={program.state} />}
      <h2 className="mt-1 text-lg font-semibold">{title}</h2>
      <p className="mt-1 mb-4 max-w-prose text-ink-2">{text}</p>
      <div className="flex flex-wrap gap-2">
        {action}
        {program.can.transition_cancelled?.allowed && (
          <Button tone="quiet" onClick={() => setEnding(true)}>
            <Trans>Call it off</Trans>
          </Button>
        )}
      </div>
      <Dialog open={ending} onClose={() => setEnding(false)} title={t`Call the program off?`}>
        <p className="mb-5 text-ink-2">
          <Trans>Nobody can join or be paired any more. What the pairs have talked about stays theirs.</Trans>
        </p>
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setEnding(false)}>
            <Trans>Keep it going</Trans>
          </Button>
          <Move program={program} to="cancelled" tone="danger" onDone={() => setEnding(false)}>
            <Trans>Call it off</Trans>
          </Move>
        </div>
      </Dialog>
    </Card>
  );
}

function useWords(program: ProgramOut): [title: ReactNode, text: ReactNode, action: ReactNode] {
  const params = { programId: program.id };
  const { enrolled_mentors, enrolled_mentees, waiting } = program.counts;
  const ready = enrolled_mentors > 0 && enrolled_mentees > 0;
  const toTab = (tab: string, label: ReactNode, tone: "primary" | "secondary" = "secondary") => (
    <Link to="/programs/$programId" params={params} search={{ tab }} className={buttonLook({ tone })}>
      {label}
    </Link>
  );
  const toMatching = (label: ReactNode) => (
    <Link to="/programs/$programId/matching" params={params} className={buttonLook({ tone: "primary" })}>
      {label}
    </Link>
  );
  switch (program.state) {
    case "draft":
      return [
        <Trans key="title">Open it for joining</Trans>,
        <Trans key="text">People can then ask to take part, and you can enroll them yourself.</Trans>,
        <Move key="do" program={program} to="enrolling" tone="primary">
          <Trans>Open for joining</Trans>
        </Move>,
      ];
    case "enrolling":
      if (!ready)
        return [
          <Trans key="title">Bring in both sides</Trans>,
          <Trans key="text">Pairs can be made as soon as there is at least one mentor and one mentee.</Trans>,
          <>
            {toTab("invite", <Trans>Invite people</Trans>, "primary")}
            {waiting > 0 && toTab("enrollments", <Trans>See who waits</Trans>)}
          </>,
        ];
      return [
        <Trans key="title">Look for pairs</Trans>,
        waiting > 0 ? (
          <Plural
            key="text"
            value={waiting}
            one="# person still waits for your yes. Then let Vuoro look for the best pairs."
            other="# people still wait for your yes. Then let Vuoro look for the best pairs."
          />
        ) : (
          <Trans key="text">
            Vuoro weighs every possible pair and keeps to the reporting lines. Nobody is asked before you say
            so.
          </Trans>
        ),
        <>
          {toMatching(<Trans>Open matching</Trans>)}
          {waiting > 0
            ? toTab("enrollments", <Trans>See who waits</Trans>)
            : toTab("invite", <Trans>Invite people</Trans>)}
        </>,
      ];
    case "matching":
      return [
        <Trans key="title">Look through the pairs, then ask the mentors</Trans>,
        <Trans key="text">Mentors are asked first. Executives hear only of a yes.</Trans>,
        toMatching(<Trans>Open matching</Trans>),
      ];
    case "running":
      return [
        <Trans key="title">Keep the pairs well</Trans>,
        <Trans key="text">See who could use a kind word. When the last talks are held, begin closing.</Trans>,
        <>
          <Link to="/programs/$programId/pairs" params={params} className={buttonLook({ tone: "primary" })}>
            <Trans>See the pairs</Trans>
          </Link>
          <Move program={program} to="closing">
            <Trans>Begin closing</Trans>
          </Move>
        </>,
      ];
    case "closing":
      return [
        <Trans key="title">Last talks, and thanks</Trans>,
        <Trans key="text">Pairs review and celebrate. Close the program when they are done.</Trans>,
        <Move key="do" program={program} to="closed" tone="primary">
          <Trans>Close the program</Trans>
        </Move>,
      ];
    case "closed":
    case "cancelled":
      return [
        <Trans key="title">It is over</Trans>,
        <Trans key="text">Archive it to keep your list short. Its numbers stay.</Trans>,
        <Move key="do" program={program} to="archived">
          <Trans>Archive</Trans>
        </Move>,
      ];
    default:
      return [<Trans key="title">It is archived</Trans>, <Trans key="text">Its numbers stay.</Trans>, null];
  }
}

function Move({
  program,
  to,
  tone,
  onDone,
  children,
}: {
  program: ProgramOut;
  to: ProgramState;
  tone?: "primary" | "danger";
  onDone?: () => void;
  children: ReactNode;
}) {
  const move = $api.useMutation("post", "/v1/programs/{program_id}/transitions", {
    onSuccess: () => onDone?.(),
  });
  return (
    <CanButton
      can={program.can}
      action={`transition_${to}`}
      busy={move.isPending}
      {...(tone && { tone })}
      onClick={() => move.mutate({ params: { path: { program_id: program.id } }, body: { to } })}
    >
      {children}
    </CanButton>
  );
}

function Steps({ state }: { state: ProgramState }) {
  const { t, i18n } = useLingui();
  const at = PATH.indexOf(state);
  return (
    <ol aria-label={t`The way of a program`} className="mb-5 flex gap-1.5">
      {PATH.map((each, index) => (
        <li key={each} aria-current={index === at ? "step" : undefined} className="min-w-0 flex-1">
          <span
            aria-hidden
            className={cx(
              "block h-1.5 rounded-full",
              index < at ? "bg-spruce-fill" : index === at ? "bg-cloud" : "bg-track",
            )}
          />
          <span
            className={cx(
              "mt-1.5 flex items-center gap-1 text-xs max-sm:sr-only",
              index === at ? "font-semibold" : "text-ink-3",
            )}
          >
            {index < at && <Check size={14} aria-hidden className="shrink-0 text-spruce-text" />}
            {i18n._(PROGRAM_STATES[each].label)}
          </span>
        </li>
      ))}
    </ol>
  );
}
