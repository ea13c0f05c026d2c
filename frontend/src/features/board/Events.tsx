import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CalendarHeart, Link2, MapPinned, Pencil, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { fieldErrors } from "#/api/problems";
import type { ProgramEventOut, ProgramOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { LOCALES, pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Select, TextField } from "#/ui/Field";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { fromField, toField } from "./moments";
import { eventsQuery } from "./queries";
import { firstShown, Texts } from "./Texts";
import { AUDIENCES, type Audience, KINDS, type Kind, TITLES } from "./words";

const LENGTHS = [30, 45, 60, 90, 120, 180, 240];

/** Kick-off, circles of mentors, closing: when, where, and how many come; never who. */
export default function Events({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const [planning, setPlanning] = useState<ProgramEventOut | "new">();
  const close = () => setPlanning(undefined);
  const events = useQuery(eventsQuery(program.id));
  return (
    <Card
      title={<Trans>Events</Trans>}
      lead={<Trans>You see how many come, never who</Trans>}
      actions={
        <CanButton
          can={program.can}
          action="add_event"
          tone="primary"
          icon={Plus}
          onClick={() => setPlanning("new")}
        >
          <Trans>Plan an event</Trans>
        </CanButton>
      }
      flush
    >
      <Loaded
        query={events}
        skeleton={
          <div className="border-t border-line p-5">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={CalendarHeart} title={t`No event is planned`}>
              <Trans>A kick-off for all, a circle for the mentors every quarter, a closing together.</Trans>
            </EmptyState>
          ) : (
            <ul>
              {items.map((each) => (
                <One key={each.id} event={each} onEdit={() => setPlanning(each)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Dialog
        open={planning !== undefined}
        onClose={close}
        title={planning === "new" ? t`Plan an event` : t`Change the event`}
      >
        <Form program={program} old={planning === "new" ? undefined : planning} onDone={close} />
      </Dialog>
    </Card>
  );
}

function One({ event, onEdit }: { event: ProgramEventOut; onEdit: () => void }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const cancel = $api.useMutation("delete", "/v1/program-events/{event_id}", {
    onSuccess() {
      setAsking(false);
      toast(t`Cancelled. Those it was for see it.`);
    },
  });
  const title = pick(event.title, i18n.locale);
  const cancelled = event.state === "cancelled";
  const over = Date.parse(event.ends_at) < Date.now();
  const { coming = 0, not_coming: away = 0 } = event.attendance ?? {};
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 border-t border-line px-5 py-4">
      <div className="min-w-0 flex-1 basis-72">
        <h3 className="font-semibold">{title}</h3>
        <p className="mt-1 text-ink-2">
          {format.dateTime(event.starts_at)} – {format.time(event.ends_at)}
        </p>
        <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-3">
          {event.place && (
            <span className="inline-flex items-center gap-1.5">
              <MapPinned size={16} aria-hidden />
              {event.place}
            </span>
          )}
          {event.meeting_url && (
            <a
              href={event.meeting_url}
              target="_blank"
              rel="noreferrer"
              className="inline-flex items-center gap-1.5 font-semibold text-spruce-text underline"
            >
              <Link2 size={16} aria-hidden />
              <Trans>Online</Trans>
            </a>
          )}
          <span>{i18n._(AUDIENCES[event.audience])}</span>
        </p>
        <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          {cancelled ? (
            <Tag>{t`Cancelled`}</Tag>
          ) : over ? (
            <Tag>{t`Over`}</Tag>
          ) : (
            <Tag tone="spruce">{t`Ahead`}</Tag>
          )}
          {!cancelled && (
            <span className="text-ink-3">
              <Plural value={coming} _0="Nobody has said yes yet" one="# comes" other="# come" />
              {away > 0 && (
                <>
                  {" · "}
                  <Plural value={away} one="# can't" other="# can't" />
                </>
              )}
            </span>
          )}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {event.can.edit?.allowed && (
          <Button icon={Pencil} aria-label={t`Edit: ${title}`} onClick={onEdit}>
            <Trans>Edit</Trans>
          </Button>
        )}
        {event.can.cancel?.allowed && (
          <Button tone="quiet" aria-label={t`Cancel it: ${title}`} onClick={() => setAsking(true)}>
            <Trans>Cancel it</Trans>
          </Button>
        )}
      </div>
      <Dialog open={asking} onClose={() => setAsking(false)} title={t`Cancel this event?`}>
        <p className="mb-5 text-ink-2">
          <Trans>Those it was for read that {title} doesn't take place.</Trans>
        </p>
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setAsking(false)}>
            <Trans>Keep it</Trans>
          </Button>
          <Button
            tone="danger"
            busy={cancel.isPending}
            onClick={() =>
              cancel.mutate({ params: { path: { event_id: event.id }, header: ifMatch(event) } })
            }
          >
            <Trans>Cancel it</Trans>
          </Button>
        </div>
      </Dialog>
    </li>
  );
}

function Form({
  program,
  old,
  onDone,
}: {
  program: ProgramOut;
  old: ProgramEventOut | undefined;
  onDone: () => void;
}) {
  const { t, i18n } = useLingui();
  const [shown, setShown] = useState(() => firstShown(i18n.locale, old?.languages));
  const [kind, setKind] = useState<Kind>(old?.kind ?? "kickoff");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const onError = (error: unknown) => setErrors(fieldErrors(error));
  function onSuccess() {
    toast(old ? t`Changed. Everybody sees the new plan.` : t`Planned. It stands on everybody's home page.`);
    onDone();
  }
  const create = $api.useMutation("post", "/v1/programs/{program_id}/events", { onError, onSuccess });
  const change = $api.useMutation("patch", "/v1/program-events/{event_id}", { onError, onSuccess });
  const usual = old ? null : TITLES[kind];
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const title = Object.fromEntries(LOCALES.map((locale) => [locale, text(`title.${locale}`) || null]));
    const named = Object.values(title).some(Boolean);
    const starts_at = fromField(text("starts_at"));
    const link = text("meeting_url");
    const found = {
      ...(named || usual ? {} : { [`title.${shown[0]}`]: t`Give it a name.` }),
      ...(starts_at ? {} : { starts_at: t`Choose a day and a time.` }),
      ...(link === "" || link.startsWith("https://") ? {} : { meeting_url: t`A link begins with https://` }),
    };
    setErrors(found);
    const [first] = Object.keys(found);
    if (first || !starts_at) {
      form.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
      return;
    }
    const minutes = Number(text("minutes"));
    const body = {
      // Unnamed, it is called by its kind in every language.
      title: named ? title : (usual ?? title),
      starts_at,
      ends_at: new Date(Date.parse(starts_at) + minutes * 60_000).toISOString(),
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      place: text("place") || null,
      meeting_url: link || null,
      ...(kind !== "circle_of_mentors" && { audience: text("audience") as Audience }),
    };
    if (old) change.mutate({ params: { path: { event_id: old.id } }, headers: ifMatch(old), body });
    else create.mutate({ params: { path: { program_id: program.id } }, body: { ...body, kind } });
  }
  const minutes = old ? Math.round((Date.parse(old.ends_at) - Date.parse(old.starts_at)) / 60_000) : 60;
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
      {!old && (
        <Select
          label={t`What kind`}
          value={kind}
          options={Object.entries(KINDS).map(([value, words]) => ({ value, label: i18n._(words) }))}
          onChange={(event) => setKind(event.target.value as Kind)}
        />
      )}
      <Texts shown={shown} onShow={setShown}>
        {(locale) => (
          <TextField
            label={t`Name`}
            lang={locale}
            name={`title.${locale}`}
            maxLength={200}
            {...(usual && { placeholder: usual[locale], hint: t`Left empty: the name of its kind.` })}
            defaultValue={old?.languages.includes(locale) ? old.title[locale] : ""}
            error={errors[`title.${locale}`]}
          />
        )}
      </Texts>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <TextField
          label={t`Day and time`}
          name="starts_at"
          type="datetime-local"
          defaultValue={toField(old?.starts_at)}
          error={errors.starts_at}
        />
        <Select
          label={t`How long`}
          name="minutes"
          defaultValue={String(minutes)}
          options={[...new Set([...LENGTHS, minutes])]
            .sort((a, b) => a - b)
            .map((each) => ({ value: String(each), label: t`${each} minutes` }))}
          error={errors.ends_at}
        />
      </div>
      <TextField label={t`Place`} name="place" maxLength={200} defaultValue={old?.place ?? ""} />
      <TextField
        label={t`Link, if online`}
        name="meeting_url"
        type="url"
        placeholder="https://"
        maxLength={2000}
        defaultValue={old?.meeting_url ?? ""}
        error={errors.meeting_url}
      />
      {kind === "circle_of_mentors" ? (
        <p className="text-sm text-ink-3">
          <Trans>A circle is for the mentors alone, so that they can talk freely.</Trans>
        </p>
      ) : (
        <Select
          label={t`For whom`}
          name="audience"
          defaultValue={old?.audience ?? "all"}
          options={Object.entries(AUDIENCES).map(([value, words]) => ({ value, label: i18n._(words) }))}
        />
      )}
      <div>
        <Button type="submit" tone="primary" busy={create.isPending || change.isPending}>
          {old ? <Trans>Save</Trans> : <Trans>Plan it</Trans>}
        </Button>
      </div>
    </form>
  );
}
