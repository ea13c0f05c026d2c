import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  ArrowRight,
  CalendarHeart,
  Check,
  ClipboardList,
  Link2,
  MapPinned,
  Megaphone,
  X,
} from "lucide-react";
import { useState } from "react";
import { $api } from "#/api/client";
import type { AnnouncementOut, ProgramEventOut, SurveyOut } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { useFormat } from "#/lib/format";
import { pick } from "#/lib/i18n";
import { storage } from "#/lib/storage";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { IconTile, Tag } from "#/ui/Tag";
import { eventsQuery } from "./queries";

const READ = "vuoro-read";
/** What is older is not news any more. */
const NEWS_MS = 45 * 86_400_000;
const REMEMBERED = 50;

function useRead(): [Set<string>, (id: string) => void] {
  const [read, setRead] = useState(() => (storage.get(READ) ?? "").split(" "));
  function add(id: string) {
    const next = [id, ...read].slice(0, REMEMBERED);
    setRead(next);
    storage.set(READ, next.join(" "));
  }
  return [new Set(read), add];
}

/** What the programs say to those who take part: news, events to answer, surveys. Nothing where there is none. */
export default function Board() {
  return useMe()
    .programs.filter(({ roles }) => roles.includes("mentor") || roles.includes("mentee"))
    .map(({ id, name }) => <OfProgram key={id} id={id} name={name} />);
}

function OfProgram({ id, name }: { id: string; name: string }) {
  const [read, addRead] = useRead();
  const announced = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/announcements", {
      params: { path: { program_id: id }, query: { state: "published", limit: 5 } },
    }),
  );
  const planned = useQuery(eventsQuery(id));
  const surveys = useQuery(
    $api.queryOptions("get", "/v1/surveys", { params: { query: { program_id: id, limit: 20 } } }),
  );
  const now = Date.now();
  const news = (announced.data?.items ?? []).filter(
    (each) => !read.has(each.id) && Date.parse(each.published_at ?? "") > now - NEWS_MS,
  );
  const events = (planned.data?.items ?? []).filter((each) =>
    each.state === "cancelled"
      ? Date.parse(each.ends_at) > now && !read.has(each.id)
      : each.can.attend?.allowed,
  );
  const asked = (surveys.data?.items ?? []).filter(
    ({ answered, can }) => answered === false && can.answer?.allowed,
  );
  if (news.length + events.length + asked.length === 0) return null;
  return (
    <Card title={<Trans>From your program</Trans>} lead={name} flush>
      <ul>
        {asked.map((survey) => (
          <Asked key={survey.id} survey={survey} />
        ))}
        {events.map((event) => (
          <Event key={event.id} event={event} onRead={() => addRead(event.id)} />
        ))}
        {news.map((each) => (
          <News key={each.id} announcement={each} onRead={() => addRead(each.id)} />
        ))}
      </ul>
    </Card>
  );
}

const ROW = "flex gap-4 border-t border-line px-5 py-4";

function News({ announcement, onRead }: { announcement: AnnouncementOut; onRead: () => void }) {
  const { t, i18n } = useLingui();
  const title = pick(announcement.title, i18n.locale);
  return (
    <li className={ROW}>
      <IconTile tone="lake">
        <Megaphone size={20} />
      </IconTile>
      <div className="min-w-0 grow">
        <h3 className="font-semibold">{title}</h3>
        <p className="mt-1 break-words whitespace-pre-line text-ink-2">
          {pick(announcement.body, i18n.locale)}
        </p>
      </div>
      <IconButton icon={X} label={t`I have read: ${title}`} onClick={onRead} className="-mt-1 -mr-2" />
    </li>
  );
}

function Event({ event, onRead }: { event: ProgramEventOut; onRead: () => void }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const attend = $api.useMutation("post", "/v1/program-events/{event_id}/attendance");
  const title = pick(event.title, i18n.locale);
  const cancelled = event.state === "cancelled";
  const answer = attend.isPending ? (attend.variables.body.attending ? "yes" : "no") : event.my_attendance;
  const say = (attending: boolean) =>
    attend.mutate({ params: { path: { event_id: event.id } }, body: { attending } });
  return (
    <li className={ROW}>
      <IconTile tone={cancelled ? "plain" : "cloud"}>
        <CalendarHeart size={20} />
      </IconTile>
      <div className="min-w-0 grow">
        <h3 className="font-semibold">{title}</h3>
        <p className="text-sm text-ink-3">
          {format.dateTime(event.starts_at)} – {format.time(event.ends_at)}
        </p>
        {!cancelled && (event.place || event.meeting_url) && (
          <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-3">
            {event.place && (
              <span className="inline-flex items-center gap-1.5">
                <MapPinned size={16} aria-hidden className="shrink-0" />
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
                <Link2 size={16} aria-hidden className="shrink-0" />
                <Trans>Online</Trans>
              </a>
            )}
          </p>
        )}
        {cancelled ? (
          <p className="mt-2">
            <Tag>{t`Doesn't take place`}</Tag>
          </p>
        ) : (
          <fieldset className="mt-3 flex flex-wrap gap-2">
            <legend className="sr-only">{t`Do you come? ${title}`}</legend>
            <Answer on={answer === "yes"} icon={Check} onPress={() => say(true)}>
              <Trans>I come</Trans>
            </Answer>
            <Answer on={answer === "no"} icon={X} onPress={() => say(false)}>
              <Trans>I can't</Trans>
            </Answer>
          </fieldset>
        )}
      </div>
      {cancelled && (
        <IconButton icon={X} label={t`I have read: ${title}`} onClick={onRead} className="-mt-1 -mr-2" />
      )}
    </li>
  );
}

function Answer({
  on,
  icon,
  onPress,
  children,
}: {
  on: boolean;
  icon: typeof Check;
  onPress: () => void;
  children: React.ReactNode;
}) {
  return (
    <Button
      icon={icon}
      aria-pressed={on}
      onClick={onPress}
      className="aria-pressed:border-spruce aria-pressed:bg-spruce-soft aria-pressed:text-spruce-text forced-colors:aria-pressed:outline-2"
    >
      {children}
    </Button>
  );
}

function Asked({ survey }: { survey: SurveyOut }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const until = survey.closes_at && format.date(survey.closes_at);
  return (
    <li className={`relative items-center hover:bg-sunken ${ROW}`}>
      <IconTile tone="cloud">
        <ClipboardList size={20} />
      </IconTile>
      <div className="min-w-0 grow">
        <Link
          to="/surveys/$surveyId"
          params={{ surveyId: survey.id }}
          className="font-semibold after:absolute after:inset-0"
        >
          {pick(survey.title, i18n.locale)}
        </Link>
        <p className="text-sm text-ink-3">
          {until ? (
            <Trans>Open until {until}. Nobody sees who said what.</Trans>
          ) : (
            <Trans>Nobody sees who said what.</Trans>
          )}
        </p>
      </div>
      <ArrowRight size={18} aria-hidden className="shrink-0 text-ink-3" />
    </li>
  );
}
