import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MentoringSession } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Select, TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { freeTimesQuery } from "./queries";
import { dayOf, minutesOf, spread, toMoment } from "./when";

interface DialogProps {
  open: boolean;
  onClose: () => void;
}

/** How many times the other one may be given to choose from, and how many are proposed unasked. */
const MOST = 5;
const USUAL = 3;
const SHOWN = 6;
const time_zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Plans a talk of a pair. */
export function PlanDialog({ pairId, open, onClose }: DialogProps & { pairId: string }) {
  const { t } = useLingui();
  return (
    <Dialog open={open} onClose={onClose} title={t`Plan a talk`}>
      <PlanForm pairId={pairId} onDone={onClose} />
    </Dialog>
  );
}

/** Moves a talk: easier than cancelling it, and nobody is told why. */
export function MoveDialog({ session, open, onClose }: DialogProps & { session: MentoringSession }) {
  const { t } = useLingui();
  const free = useQuery(freeTimesQuery(session.pair_id, session.id));
  return (
    <Dialog open={open} onClose={onClose} title={t`Move the talk`}>
      <Loaded query={free}>
        {({ items }) => (
          <MoveForm
            session={session}
            free={spread(
              items.filter((each) => each.starts_at !== session.starts_at),
              SHOWN,
            ).map((each) => each.starts_at)}
            onDone={onClose}
          />
        )}
      </Loaded>
    </Dialog>
  );
}

function PlanForm({ pairId, onDone }: { pairId: string; onDone: () => void }) {
  const { t } = useLingui();
  const free = useQuery(freeTimesQuery(pairId));
  const own = useOwnTime();
  const plan = $api.useMutation("post", "/v1/pairs/{pair_id}/sessions", {
    onSuccess() {
      toast(t`Planned. The other one sees it too.`);
      onDone();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim() || null;
    const starts_at = own.read();
    if (starts_at)
      plan.mutate({
        params: { path: { pair_id: pairId } },
        body: {
          starts_at,
          minutes: Number(form.get("minutes")),
          time_zone: time_zone(),
          place: text("place"),
          meeting_url: text("meeting_url"),
        },
      });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <Loaded query={free}>
        {({ items }) => (
          <Times
            times={spread(items, SHOWN).map((each) => each.starts_at)}
            isOn={(at) => own.at === at}
            onPress={own.set}
          />
        )}
      </Loaded>
      {own.fields}
      <Length minutes={45} />
      <TextField
        label={t`Where, if face to face`}
        name="place"
        maxLength={200}
        hint={t`A neutral place is best: a café or a meeting room, not an office of one's own.`}
      />
      <TextField
        label={t`Link, if online`}
        name="meeting_url"
        type="url"
        maxLength={500}
        placeholder="https://"
      />
      <Button type="submit" tone="primary" busy={plan.isPending}>
        <Trans>Book it</Trans>
      </Button>
    </form>
  );
}

function MoveForm({
  session,
  free,
  onDone,
}: {
  session: MentoringSession;
  free: string[];
  onDone: () => void;
}) {
  const { t } = useLingui();
  const own = useOwnTime();
  const [added, setAdded] = useState<string[]>([]);
  const [chosen, setChosen] = useState(() => free.slice(0, USUAL));
  const move = $api.useMutation("post", "/v1/sessions/{session_id}/move", {
    onSuccess() {
      toast(t`Moved. The other one chooses from your times.`);
      onDone();
    },
  });
  function add() {
    const at = own.read();
    if (!at) return;
    setAdded([...new Set([...added, at])]);
    setChosen([...new Set([...chosen, at])].slice(-MOST));
  }
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (chosen.length === 0) return;
    move.mutate({
      params: { path: { session_id: session.id } },
      body: {
        ...(chosen.length === 1 ? { starts_at: chosen[0] ?? null } : { slots: chosen.toSorted() }),
        minutes: Number(form.get("minutes")),
        time_zone: time_zone(),
      },
    });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <p className="text-ink-2">
        <Trans>The other one chooses from the times you leave on. Nobody asks why.</Trans>
      </p>
      <Times
        times={[...new Set([...free, ...added])].toSorted()}
        isOn={(at) => chosen.includes(at)}
        onPress={(at) =>
          setChosen(chosen.includes(at) ? chosen.filter((each) => each !== at) : [...chosen, at].slice(-MOST))
        }
      />
      <div className="grid gap-3">
        {own.fields}
        <Button icon={Plus} onClick={add}>
          <Trans>Add this time</Trans>
        </Button>
      </div>
      <Length minutes={minutesOf(session) ?? 45} />
      <Button
        type="submit"
        tone="primary"
        busy={move.isPending}
        {...(chosen.length === 0 && { disabledReason: t`Choose at least one time.` })}
      >
        <Plural value={chosen.length} one="Propose this time" other="Propose # times" />
      </Button>
    </form>
  );
}

function Times({
  times,
  isOn,
  onPress,
}: {
  times: string[];
  isOn: (at: string) => boolean;
  onPress: (at: string) => void;
}) {
  const format = useFormat();
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold">
        <Trans>Free for both of you</Trans>
      </legend>
      {times.length === 0 ? (
        <p className="text-sm text-ink-3">
          <Trans>We found no time that suits you both. Choose one yourself.</Trans>
        </p>
      ) : (
        <div className="grid grid-cols-2 gap-2">
          {times.map((at) => (
            <button
              key={at}
              type="button"
              aria-pressed={isOn(at)}
              onClick={() => onPress(at)}
              className="min-h-11 rounded-xl border border-edge px-3 text-sm font-semibold hover:bg-sunken aria-pressed:border-spruce aria-pressed:bg-spruce-soft aria-pressed:text-spruce-text forced-colors:aria-pressed:outline-2"
            >
              {format.day(at)}, {format.time(at)}
            </button>
          ))}
        </div>
      )}
    </fieldset>
  );
}

/** A day and a time to fill in; `read` is the moment, or null with the reason shown. */
function useOwnTime(): {
  at: string | null;
  set: (at: string) => void;
  read: () => string | null;
  fields: ReactNode;
} {
  const { t } = useLingui();
  const [day, setDay] = useState("");
  const [time, setTime] = useState("");
  const [error, setError] = useState<string>();
  const moment = toMoment(day, time);
  return {
    at: moment?.replace("Z", ".000Z") ?? null,
    set(at) {
      const date = new Date(at);
      setDay(dayOf(date));
      setTime([date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":"));
      setError(undefined);
    },
    read() {
      const late = moment !== null && Date.parse(moment) < Date.now();
      setError(
        late
          ? t`That time has gone by. Choose a later one.`
          : moment
            ? undefined
            : t`Choose a day and a time.`,
      );
      return late ? null : moment;
    },
    fields: (
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t`Day`}
          type="date"
          value={day}
          min={dayOf(new Date())}
          onChange={(event) => setDay(event.target.value)}
          error={error}
        />
        <TextField
          label={t`Time`}
          type="time"
          step={300}
          value={time}
          onChange={(event) => setTime(event.target.value)}
        />
      </div>
    ),
  };
}

function Length({ minutes }: { minutes: number }) {
  const { t } = useLingui();
  return (
    <Select
      label={t`How long`}
      name="minutes"
      defaultValue={String(minutes)}
      options={[...new Set([30, 45, 60, minutes])]
        .sort((a, b) => a - b)
        .map((each) => ({ value: String(each), label: t`${each} minutes` }))}
    />
  );
}
