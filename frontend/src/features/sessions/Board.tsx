import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Ellipsis, Lock, PencilLine, Plus, Trash2, Users } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MentoringSession, ThoughtOut } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { useDraft } from "#/lib/draft";
import { cx, firstName } from "#/lib/text";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Segmented, Select, TextArea, TextField } from "#/ui/Field";
import { type Move, withMoves } from "./moves";
import { thoughtsQuery } from "./queries";

type Lane = ThoughtOut["lane"];
type Visibility = ThoughtOut["visibility"];

const LANES: [Lane, name: MessageDescriptor, hint: MessageDescriptor][] = [
  ["see", msg`I see`, msg`What happens, seen from here`],
  ["think", msg`I think`, msg`What one makes of it`],
  ["wonder", msg`I wonder`, msg`What neither of us knows yet`],
  ["do", msg`We could try`, msg`Small steps`],
];

/** A card goes to a place of a lane; both may be its own. */
type OnMove = (card: ThoughtOut, lane: Lane, place: number) => void;

/** Thoughts of both in four lanes, to be put in order together; a draft is its author's until it is shared. */
export function Board({ session }: { session: MentoringSession }) {
  const { t, i18n } = useLingui();
  const hintId = useId();
  const board = useQuery(thoughtsQuery(session.id));
  const [said, setSaid] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const moved = useRef<string>(undefined);
  /** What was pressed and has not arrived: shown at once, sent one after another. */
  const [moves, setMoves] = useState<Move[]>([]);
  const put = $api.useMutation("post", "/v1/thoughts/{thought_id}/move", {
    scope: { id: "thought-board" },
    onSettled: () => setMoves((waiting) => waiting.slice(1)),
  });
  useEffect(() => {
    // A card that went to another lane is drawn anew: the keyboard stays with it.
    if (moved.current && document.activeElement === document.body)
      list.current?.querySelector<HTMLElement>(`[data-card="${moved.current}"] button`)?.focus();
    moved.current = undefined;
  });
  const cards = withMoves(board.data?.items ?? [], moves);
  const of = (lane: Lane, besides?: string) =>
    cards.filter((each) => each.lane === lane && each.id !== besides);
  const move: OnMove = (card, lane, place) => {
    const others = of(lane, card.id);
    const at = Math.max(0, Math.min(place, others.length));
    const after = others[at - 1]?.id ?? null;
    moved.current = card.id;
    setMoves([...moves, { id: card.id, lane, after }]);
    put.mutate({ params: { path: { thought_id: card.id } }, body: { lane, after_id: after } });
    const name = i18n._(LANES.find(([each]) => each === lane)?.[1] ?? msg`I see`);
    const [number, all] = [at + 1, others.length + 1];
    setSaid(t`${name}: ${number} of ${all}`);
  };
  return (
    <Card
      title={<Trans>Thought board</Trans>}
      lead={<Trans>Puts what you both think in order. Only the two of you see it.</Trans>}
    >
      <NewThought sessionId={session.id} />
      <p id={hintId} className="sr-only">
        <Trans>The arrow keys move this thought. Enter shows what else can be done with it.</Trans>
      </p>
      <p role="status" className="sr-only">
        {said}
      </p>
      <Loaded query={board}>
        {() => (
          <div ref={list} className="mt-4 grid grid-cols-1 gap-3 sm:grid-cols-2 2xl:grid-cols-4">
            {LANES.map(([lane, name, hint], at) => (
              <section
                key={lane}
                aria-label={i18n._(name)}
                className="flex flex-col gap-2 rounded-xl bg-sunken p-3"
              >
                <div>
                  <h3 className="text-sm font-semibold">{i18n._(name)}</h3>
                  <p className="text-xs text-ink-3">{i18n._(hint)}</p>
                </div>
                <ul className="flex flex-col gap-2 empty:hidden">
                  {of(lane).map((card, place) => (
                    <Thought
                      key={card.id}
                      card={card}
                      name={firstName(session[card.side].display_name)}
                      hintId={hintId}
                      place={place}
                      last={of(lane).length - 1}
                      before={LANES[at - 1]?.[0]}
                      after={LANES[at + 1]?.[0]}
                      end={(to) => of(to).length}
                      onMove={move}
                    />
                  ))}
                </ul>
              </section>
            ))}
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function NewThought({ sessionId }: { sessionId: string }) {
  const { t, i18n } = useLingui();
  const [text, setText] = useDraft(`thought:${useMe().person?.id}:${sessionId}`, "");
  const [lane, setLane] = useState<Lane>("see");
  const [visibility, setVisibility] = useState<Visibility>("ours");
  const add = $api.useMutation("post", "/v1/sessions/{session_id}/thoughts");
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!text.trim() || add.isPending) return;
    add.mutate(
      { params: { path: { session_id: sessionId } }, body: { lane, text: text.trim(), visibility } },
      { onSuccess: () => setText("") },
    );
  }
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      <TextField
        label={t`A thought`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={280}
        readOnly={add.isPending}
        required
      />
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label={t`Where it goes`}
          value={lane}
          options={LANES.map(([value, name]) => ({ value, label: i18n._(name) }))}
          onChange={(event) => setLane(event.target.value as Lane)}
        />
        <Segmented<Visibility>
          label={t`Who sees the thought`}
          value={visibility}
          onChange={setVisibility}
          options={[
            { value: "ours", label: t`Both of us` },
            { value: "mine", label: t`Only me` },
          ]}
        />
        <Button type="submit" icon={Plus} busy={add.isPending}>
          <Trans>Put it on the board</Trans>
        </Button>
      </div>
    </form>
  );
}

function Thought({
  card,
  name,
  hintId,
  place,
  last,
  before,
  after,
  end,
  onMove,
}: {
  card: ThoughtOut;
  name: string;
  hintId: string;
  place: number;
  last: number;
  before: Lane | undefined;
  after: Lane | undefined;
  end: (lane: Lane) => number;
  onMove: OnMove;
}) {
  const { t, i18n } = useLingui();
  const [open, setOpen] = useState(false);
  const [editing, setEditing] = useState(false);
  const path = { thought_id: card.id };
  const share = $api.useMutation("post", "/v1/thoughts/{thought_id}/share");
  const remove = $api.useMutation("delete", "/v1/thoughts/{thought_id}");
  const may = card.can.move?.allowed;
  const { text } = card;
  function onKeyDown(event: KeyboardEvent) {
    const to = {
      ArrowUp: place > 0 ? ([card.lane, place - 1] as const) : null,
      ArrowDown: place < last ? ([card.lane, place + 1] as const) : null,
      ArrowLeft: before ? ([before, end(before)] as const) : null,
      ArrowRight: after ? ([after, end(after)] as const) : null,
    }[event.key];
    if (to === undefined || !may) return;
    event.preventDefault();
    if (to) onMove(card, ...to);
  }
  return (
    <li
      data-card={card.id}
      className={cx(
        "rounded-xl border border-l-4 border-line bg-surface py-1 pr-1 pl-3",
        card.side === "mentor" ? "border-l-cloud" : "border-l-lake",
      )}
    >
      {editing ? (
        <Rewrite card={card} onDone={() => setEditing(false)} />
      ) : (
        <p className="pt-2 pr-2 whitespace-pre-line">{text}</p>
      )}
      <div className="flex items-center justify-between gap-2">
        <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-ink-3">
          {card.mine ? <Trans>Me</Trans> : name}
          {card.visibility === "mine" && (
            <>
              <Lock size={13} aria-hidden />
              <Trans>Only I see this</Trans>
            </>
          )}
        </p>
        <IconButton
          icon={Ellipsis}
          label={t`Move or change: ${text}`}
          aria-expanded={open}
          aria-describedby={hintId}
          onClick={() => setOpen(!open)}
          onKeyDown={onKeyDown}
        />
      </div>
      {open && (
        <div className="flex flex-wrap gap-1 pr-1 pb-1.5">
          {may &&
            LANES.filter(([lane]) => lane !== card.lane).map(([lane, words]) => (
              <Button key={lane} onClick={() => onMove(card, lane, end(lane))}>
                {i18n._(words)}
              </Button>
            ))}
          {may && place > 0 && (
            <IconButton
              icon={ArrowUp}
              label={t`Further up`}
              onClick={() => onMove(card, card.lane, place - 1)}
            />
          )}
          {may && place < last && (
            <IconButton
              icon={ArrowDown}
              label={t`Further down`}
              onClick={() => onMove(card, card.lane, place + 1)}
            />
          )}
          {card.can.share?.allowed && (
            <Button icon={Users} busy={share.isPending} onClick={() => share.mutate({ params: { path } })}>
              <Trans>Show it to both</Trans>
            </Button>
          )}
          {card.can.edit?.allowed && (
            <IconButton icon={PencilLine} label={t`Change the words`} onClick={() => setEditing(true)} />
          )}
          {card.can.delete?.allowed && (
            <IconButton
              icon={Trash2}
              label={t`Take it off the board`}
              onClick={() => remove.mutate({ params: { path, header: ifMatch(card) } })}
            />
          )}
        </div>
      )}
    </li>
  );
}

function Rewrite({ card, onDone }: { card: ThoughtOut; onDone: () => void }) {
  const { t } = useLingui();
  const save = $api.useMutation("patch", "/v1/thoughts/{thought_id}", { onSuccess: onDone });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("text")).trim();
    if (!text) return;
    save.mutate({ params: { path: { thought_id: card.id }, header: ifMatch(card) }, body: { text } });
  }
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-2 py-2 pr-2">
      <TextArea
        label={t`The thought`}
        name="text"
        defaultValue={card.text}
        maxLength={280}
        rows={2}
        required
      />
      <div className="flex gap-2">
        <Button type="submit" tone="primary" busy={save.isPending}>
          <Trans>Save</Trans>
        </Button>
        <Button tone="quiet" onClick={onDone}>
          <Trans>Leave as it was</Trans>
        </Button>
      </div>
    </form>
  );
}
