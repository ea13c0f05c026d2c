import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import type { MentoringSession } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Select, TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { dayOf, easyTimes, minutesOf, toMoment } from "./when";

interface Choice {
  starts_at: string;
  minutes: number;
  place: string;
  meeting_url: string;
}

/** Plans a talk of a pair. */
export function PlanDialog({
  pairId,
  open,
  onClose,
}: {
  pairId: string;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const plan = $api.useMutation("post", "/v1/pairs/{pair_id}/sessions", {
    onSuccess() {
      toast(t`Planned. The other one sees it too.`);
      onClose();
    },
  });
  return (
    <Dialog open={open} onClose={onClose} title={t`Plan a talk`}>
      <TimeForm
        busy={plan.isPending}
        submit={t`Book it`}
        withPlace
        onChoose={({ starts_at, minutes, place, meeting_url }) =>
          plan.mutate({
            params: { path: { pair_id: pairId } },
            body: {
              starts_at,
              minutes,
              time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
              ...(place && { place }),
              ...(meeting_url && { meeting_url }),
            },
          })
        }
      />
    </Dialog>
  );
}

/** Moves a talk: easier than cancelling it, and nobody is told why. */
export function MoveDialog({
  session,
  open,
  onClose,
}: {
  session: MentoringSession;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const move = $api.useMutation("post", "/v1/sessions/{session_id}/move", {
    onSuccess() {
      toast(t`Moved. The other one sees the new time.`);
      onClose();
    },
  });
  return (
    <Dialog open={open} onClose={onClose} title={t`Move the talk`}>
      <TimeForm
        busy={move.isPending}
        submit={t`Move it here`}
        minutes={minutesOf(session) ?? 45}
        onChoose={({ starts_at, minutes }) =>
          move.mutate({
            params: { path: { session_id: session.id } },
            body: { starts_at, minutes, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
          })
        }
      />
    </Dialog>
  );
}

function TimeForm({
  busy,
  submit,
  minutes = 45,
  withPlace = false,
  onChoose,
}: {
  busy: boolean;
  submit: string;
  minutes?: number;
  withPlace?: boolean;
  onChoose: (choice: Choice) => void;
}) {
  const { t } = useLingui();
  const format = useFormat();
  const [times] = useState(() => easyTimes(new Date()));
  const [day, setDay] = useState(() => dayOf(times[0] ?? new Date()));
  const [time, setTime] = useState("10:00");
  const [error, setError] = useState<string>();
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const starts_at = toMoment(day, time);
    if (!starts_at) return setError(t`Choose a day and a time.`);
    if (Date.parse(starts_at) < Date.now()) return setError(t`That time has gone by. Choose a later one.`);
    setError(undefined);
    onChoose({
      starts_at,
      minutes: Number(form.get("minutes")),
      place: String(form.get("place") ?? "").trim(),
      meeting_url: String(form.get("meeting_url") ?? "").trim(),
    });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
      <fieldset>
        <legend className="mb-2 text-sm font-semibold">
          <Trans>Easy times</Trans>
        </legend>
        <div className="grid grid-cols-2 gap-2">
          {times.map((at) => {
            const clock = `${String(at.getHours()).padStart(2, "0")}:00`;
            const on = day === dayOf(at) && time === clock;
            return (
              <button
                key={at.toISOString()}
                type="button"
                aria-pressed={on}
                onClick={() => {
                  setDay(dayOf(at));
                  setTime(clock);
                }}
                className="min-h-11 rounded-xl border border-edge px-3 text-sm font-semibold hover:bg-sunken aria-pressed:border-spruce aria-pressed:bg-spruce-soft aria-pressed:text-spruce-text forced-colors:aria-pressed:outline-2"
              >
                {format.day(at)}, {format.time(at)}
              </button>
            );
          })}
        </div>
      </fieldset>
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
      <Select
        label={t`How long`}
        name="minutes"
        defaultValue={String(minutes)}
        options={[...new Set([30, 45, 60, minutes])]
          .sort((a, b) => a - b)
          .map((each) => ({ value: String(each), label: t`${each} minutes` }))}
      />
      {withPlace && (
        <>
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
        </>
      )}
      <Button type="submit" tone="primary" busy={busy}>
        {submit}
      </Button>
    </form>
  );
}
