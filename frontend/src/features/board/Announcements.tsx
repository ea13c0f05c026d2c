import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Megaphone, Pencil, Plus, Send, Undo2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, byCursor, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { fieldErrors } from "#/api/problems";
import type { AnnouncementOut, ProgramOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { LOCALES, type Locale, pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Select, TextArea, TextField } from "#/ui/Field";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { fromField, toField } from "./moments";
import { firstShown, Texts } from "./Texts";
import { ANNOUNCEMENT_STATES, AUDIENCES, type Audience } from "./words";

/** Words to those who take part: drafted, published to whom, taken back. */
export default function Announcements({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const [writing, setWriting] = useState<AnnouncementOut | "new">();
  const close = () => setWriting(undefined);
  const announcements = $api.useInfiniteQuery(
    "get",
    "/v1/programs/{program_id}/announcements",
    { params: { path: { program_id: program.id }, query: { limit: 30 } } },
    byCursor,
  );
  return (
    <Card
      title={<Trans>Announcements</Trans>}
      lead={<Trans>Those they are for read them on their home page</Trans>}
      actions={
        <CanButton
          can={program.can}
          action="announce"
          tone="primary"
          icon={Plus}
          onClick={() => setWriting("new")}
        >
          <Trans>Write one</Trans>
        </CanButton>
      }
      flush
    >
      <Loaded
        query={announcements}
        skeleton={
          <div className="border-t border-line p-5">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <EmptyState icon={Megaphone} title={t`Nothing announced yet`}>
                <Trans>A warm word at the start, a reminder half way, thanks at the end.</Trans>
              </EmptyState>
            );
          return (
            <>
              <ul>
                {items.map((each) => (
                  <One key={each.id} announcement={each} onEdit={() => setWriting(each)} />
                ))}
              </ul>
              <ShowMore query={announcements}>
                <Trans>Show more</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
      <Dialog
        open={writing !== undefined}
        onClose={close}
        title={writing === "new" ? t`A new announcement` : t`Change the announcement`}
      >
        <Form program={program} old={writing === "new" ? undefined : writing} onDone={close} />
      </Dialog>
    </Card>
  );
}

function One({ announcement, onEdit }: { announcement: AnnouncementOut; onEdit: () => void }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const path = { params: { path: { announcement_id: announcement.id } } };
  const publish = $api.useMutation("post", "/v1/announcements/{announcement_id}/publish", {
    onSuccess: () => toast(t`Published.`),
  });
  const withdraw = $api.useMutation("post", "/v1/announcements/{announcement_id}/withdraw", {
    onSuccess: () => toast(t`Withdrawn. Nobody reads it any more.`),
  });
  const title = pick(announcement.title, i18n.locale);
  const { label, tone } = ANNOUNCEMENT_STATES[announcement.state];
  const at = announcement.published_at ?? announcement.publish_at;
  const { edit, publish: mayPublish, withdraw: mayWithdraw } = announcement.can;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 border-t border-line px-5 py-4">
      <div className="min-w-0 flex-1 basis-72">
        <h3 className="font-semibold">{title}</h3>
        <p className="mt-1 line-clamp-3 max-w-prose whitespace-pre-line text-ink-2">
          {pick(announcement.body, i18n.locale)}
        </p>
        <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-3">
          <Tag tone={tone}>{i18n._(label)}</Tag>
          {i18n._(AUDIENCES[announcement.audience])}
          {at && <span>{format.dateTime(at)}</span>}
          <span className="uppercase">{announcement.languages.join(" · ")}</span>
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {mayPublish?.allowed && (
          <Button
            tone="primary"
            icon={Send}
            aria-label={t`Publish: ${title}`}
            busy={publish.isPending}
            onClick={() => publish.mutate(path)}
          >
            <Trans>Publish</Trans>
          </Button>
        )}
        {edit?.allowed && (
          <Button icon={Pencil} aria-label={t`Edit: ${title}`} onClick={onEdit}>
            <Trans>Edit</Trans>
          </Button>
        )}
        {mayWithdraw?.allowed && (
          <Button
            tone="quiet"
            icon={Undo2}
            aria-label={t`Withdraw: ${title}`}
            busy={withdraw.isPending}
            onClick={() => withdraw.mutate(path)}
          >
            <Trans>Withdraw</Trans>
          </Button>
        )}
      </div>
    </li>
  );
}

type Written = Partial<Record<Locale, { title: string; body: string }>>;

function Form({
  program,
  old,
  onDone,
}: {
  program: ProgramOut;
  old: AnnouncementOut | undefined;
  onDone: () => void;
}) {
  const { t, i18n } = useLingui();
  const [shown, setShown] = useState(() => firstShown(i18n.locale, old?.languages));
  const [later, setLater] = useState(toField(old?.publish_at));
  const [audience, setAudience] = useState<Audience>(old?.audience ?? "all");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const onError = (error: unknown) => setErrors(fieldErrors(error));
  const create = $api.useMutation("post", "/v1/programs/{program_id}/announcements", { onError });
  const change = $api.useMutation("patch", "/v1/announcements/{announcement_id}", { onError });
  const publish = $api.useMutation("post", "/v1/announcements/{announcement_id}/publish");
  const busy = create.isPending || change.isPending || publish.isPending;
  const silent = ["draft", "archived"].includes(program.state);
  async function save(form: HTMLFormElement, now: boolean) {
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const written: Written = Object.fromEntries(
      shown
        .map((locale) => [locale, { title: text(`title.${locale}`), body: text(`body.${locale}`) }] as const)
        .filter(([, { title, body }], at) => at === 0 || title || body),
    );
    const found = Object.fromEntries(
      Object.entries(written).flatMap(([locale, { title, body }]) => [
        ...(title ? [] : [[`title.${locale}`, t`Give it a heading.`]]),
        ...(body ? [] : [[`body.${locale}`, t`Write what you want to say.`]]),
      ]),
    );
    setErrors(found);
    const [first] = Object.keys(found);
    if (first) {
      form.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
      return;
    }
    // A language that is left empty is taken away.
    const words = (part: "title" | "body") =>
      Object.fromEntries(LOCALES.map((locale) => [locale, written[locale]?.[part] ?? null]));
    const body = { title: words("title"), body: words("body"), audience };
    // What is published at once needs no time of its own.
    const publish_at = now ? null : fromField(later);
    const { id } = old
      ? await change.mutateAsync({
          params: { path: { announcement_id: old.id } },
          headers: ifMatch(old),
          body: { ...body, publish_at },
        })
      : await create.mutateAsync({
          params: { path: { program_id: program.id } },
          body: { ...body, publish_at },
        });
    if (now) await publish.mutateAsync({ params: { path: { announcement_id: id } } });
    toast(now ? t`Published.` : t`Saved.`);
    onDone();
  }
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const pressed = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null;
    save(event.currentTarget, pressed?.value === "now").catch(() => undefined);
  }
  const { enrolled_mentors: mentors, enrolled_mentees: mentees } = program.counts;
  const readers = (audience === "mentees" ? 0 : mentors) + (audience === "mentors" ? 0 : mentees);
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
      <Texts shown={shown} onShow={setShown}>
        {(locale) => (
          <>
            <TextField
              label={t`Heading`}
              lang={locale}
              name={`title.${locale}`}
              maxLength={200}
              defaultValue={old?.languages.includes(locale) ? old.title[locale] : ""}
              error={errors[`title.${locale}`]}
            />
            <TextArea
              label={t`Text`}
              lang={locale}
              name={`body.${locale}`}
              maxLength={10_000}
              defaultValue={old?.languages.includes(locale) ? old.body[locale] : ""}
              error={errors[`body.${locale}`]}
            />
          </>
        )}
      </Texts>
      <Select
        label={t`For whom`}
        value={audience}
        options={Object.entries(AUDIENCES).map(([value, words]) => ({ value, label: i18n._(words) }))}
        onChange={(event) => setAudience(event.target.value as Audience)}
      />
      <TextField
        label={t`Publish by itself at`}
        hint={t`Left empty: when you say so.`}
        type="datetime-local"
        value={later}
        onChange={(event) => setLater(event.target.value)}
        error={errors.publish_at}
      />
      <div className="flex flex-wrap items-center gap-2">
        {!silent && !later && (
          <Button type="submit" value="now" tone="primary" icon={Send} busy={busy}>
            <Trans>Publish now</Trans>
          </Button>
        )}
        <Button
          type="submit"
          value="keep"
          busy={busy}
          {...((silent || later) && { tone: "primary" as const })}
        >
          {later ? <Trans>Save, to be published then</Trans> : <Trans>Save as a draft</Trans>}
        </Button>
        <span className="text-sm text-ink-3">
          <Plural value={readers} one="# person would read it" other="# people would read it" />
        </span>
      </div>
      {silent && (
        <p className="text-sm text-ink-3">
          <Trans>It can be published as soon as the program is open for joining.</Trans>
        </p>
      )}
    </form>
  );
}
