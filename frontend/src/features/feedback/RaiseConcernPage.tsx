import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { CircleCheck, EyeOff, Send, UserRoundX } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { fieldErrors } from "#/api/problems";
import type { ConcernContact, ConcernOut } from "#/api/types";
import { takesPart, useCurrentProgram, useMe } from "#/features/identity/me";
import { useFormat } from "#/lib/format";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Checkbox, Segmented, TextArea } from "#/ui/Field";
import { Page } from "#/ui/Page";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { ABOUT, type About, chosenFor, concernsQuery, contactsQuery, SENT } from "./concerns";

/** To say that something is not right: to one chosen person, and to nobody else. */
export function RaiseConcernPage() {
  const { t, i18n } = useLingui();
  const me = useMe();
  const search = useSearch({ from: "/shell/concerns/new" });
  const [current] = useCurrentProgram();
  const mine = search.program ?? (takesPart(me) ? current?.id : undefined) ?? null;
  const [about, setAbout] = useState<About>(search.about === "pair" ? "pair" : "other");
  const programId = about === "other" ? null : mine;
  const [sent, setSent] = useState(false);
  const contacts = useQuery(contactsQuery(programId));
  const topics: About[] = mine ? ["pair", "programme", "other"] : ["other"];
  return (
    <Page
      title={t`Something isn't right`}
      lead={<Trans>Tell one person whose task it is to listen. You need no proof, and no right words.</Trans>}
    >
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex flex-col gap-4">
          {sent ? (
            <Sent onAgain={() => setSent(false)} />
          ) : (
            <Card title={<Trans>Raise a concern</Trans>}>
              {topics.length > 1 && (
                <div className="mb-5">
                  <p aria-hidden className="mb-1.5 text-sm font-semibold">
                    <Trans>What is it about?</Trans>
                  </p>
                  <Segmented<About>
                    label={t`What is it about?`}
                    value={about}
                    onChange={setAbout}
                    options={topics.map((value) => ({ value, label: i18n._(ABOUT[value]) }))}
                  />
                </div>
              )}
              <Loaded query={contacts} skeleton={<Skeleton lines={6} />}>
                {({ items }) =>
                  items.length === 0 ? (
                    <EmptyState icon={UserRoundX} title={t`Nobody is named for this yet`}>
                      <Trans>
                        Ask HR to name a safeguarding contact; you need not say why. In an emergency, call
                        112.
                      </Trans>
                    </EmptyState>
                  ) : (
                    <ConcernForm
                      contacts={items}
                      about={about}
                      programId={programId}
                      onSent={() => setSent(true)}
                    />
                  )
                }
              </Loaded>
            </Card>
          )}
          <Mine />
        </div>
        <WhatFollows />
      </div>
    </Page>
  );
}

function ConcernForm({
  contacts,
  about,
  programId,
  onSent,
}: {
  contacts: ConcernContact[];
  about: About;
  programId: string | null;
  onSent: () => void;
}) {
  const { t } = useLingui();
  const usual = chosenFor(contacts)?.person.id;
  const [empty, setEmpty] = useState(false);
  const send = $api.useMutation("post", "/v1/concerns", { onSuccess: onSent });
  const errors = fieldErrors(send.error);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = String(form.get("text")).trim();
    const contact_id = form.get("contact");
    setEmpty(text === "");
    if (text === "") {
      event.currentTarget.querySelector("textarea")?.focus();
      return;
    }
    send.mutate({
      body: {
        text,
        about,
        program_id: programId,
        contact_id: contact_id ? String(contact_id) : null,
        wants_contact: form.get("wants_contact") === "on",
      },
    });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
      <fieldset>
        <legend className="mb-2 text-sm font-semibold">
          <Trans>Who reads it</Trans>
        </legend>
        <ul className="flex flex-col gap-2">
          {contacts.map(({ person, in_my_line }) => (
            <li key={person.id}>
              <label className="flex min-h-14 cursor-pointer items-center gap-3 rounded-xl border border-edge p-3 has-checked:border-spruce has-checked:bg-spruce-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-spruce">
                <input
                  type="radio"
                  name="contact"
                  value={person.id}
                  defaultChecked={person.id === usual}
                  className="size-5 shrink-0 accent-spruce"
                />
                <Avatar name={person.display_name} />
                <span className="min-w-0">
                  <span className="block font-semibold">{person.display_name}</span>
                  <span className="block text-sm text-ink-3">
                    {[person.title, person.site].filter(Boolean).join(" · ")}
                  </span>
                  {in_my_line && (
                    <span className="block text-sm text-cloud-text">
                      <Trans>One of your own managers. You may prefer somebody else.</Trans>
                    </span>
                  )}
                </span>
              </label>
            </li>
          ))}
        </ul>
        {errors.contact_id && (
          <p role="alert" className="mt-1.5 text-xs font-semibold text-lingon-text">
            {errors.contact_id}
          </p>
        )}
      </fieldset>
      <TextArea
        label={t`What has happened, or what worries you?`}
        hint={t`As much or as little as you like. Encrypted, and not kept in this browser.`}
        name="text"
        rows={7}
        maxLength={8000}
        autoComplete="off"
        error={empty ? t`Write at least a few words.` : errors.text}
      />
      <Checkbox
        name="wants_contact"
        label={t`Show my name, so that they can get in touch`}
        hint={t`Left empty, they read it without your name and answer you here.`}
      />
      <div>
        <Button type="submit" tone="primary" icon={Send} busy={send.isPending}>
          <Trans>Send it to this person only</Trans>
        </Button>
      </div>
    </form>
  );
}

function Sent({ onAgain }: { onAgain: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <Card>
      <div ref={box} role="status" tabIndex={-1} className="flex gap-4 outline-none">
        <CircleCheck size={24} aria-hidden className="shrink-0 text-spruce-text" />
        <div>
          <p className="font-semibold">
            <Trans>It is on its way. Thank you for saying it.</Trans>
          </p>
          <p className="mb-4 text-ink-2">
            <Trans>Below you see when it was read, and the answer. Nobody else sees that you wrote.</Trans>
          </p>
          <Button onClick={onAgain}>
            <Trans>Write another one</Trans>
          </Button>
        </div>
      </div>
    </Card>
  );
}

function WhatFollows() {
  return (
    <div className="flex flex-col gap-4">
      <Card title={<Trans>What happens then</Trans>}>
        <ol className="flex list-decimal flex-col gap-2.5 pl-5 text-ink-2">
          <li>
            <Trans>The person you chose gets a mail that something waits. The mail says nothing else.</Trans>
          </li>
          <li>
            <Trans>They read it here, and tell you that they did.</Trans>
          </li>
          <li>
            <Trans>They think with you about what helps, and close it with an answer to you.</Trans>
          </li>
        </ol>
      </Card>
      <Card title={<Trans>What it is not</Trans>}>
        <ul className="flex list-disc flex-col gap-2.5 pl-5 text-ink-2">
          <li>
            <Trans>
              Not for your manager or the programme manager: they can't read it or see that it is.
            </Trans>
          </li>
          <li>
            <Trans>Not in any report, count or log, and it changes nothing in your pair by itself.</Trans>
          </li>
          <li>
            <Trans>Not for an emergency: then call 112.</Trans>
          </li>
        </ul>
        <p className="mt-4 flex gap-2.5 border-t border-line pt-4 text-sm text-ink-3">
          <EyeOff size={18} aria-hidden className="mt-0.5 shrink-0" />
          <Trans>To leave a pair you need none of this: you may at any time, without a reason.</Trans>
        </p>
      </Card>
    </div>
  );
}

/** The author's own concerns and what became of them, folded: somebody may look over a shoulder. */
function Mine() {
  const { t } = useLingui();
  const concerns = useQuery(concernsQuery());
  return (
    <Loaded query={concerns} skeleton={<Skeleton card lines={3} />}>
      {({ items }) => {
        const mine = items.filter((concern) => concern.mine);
        return (
          <Card title={<Trans>What I have raised</Trans>} flush>
            {mine.length === 0 ? (
              <p className="px-5 pb-5 text-ink-3">{t`Nothing. What you send stays here, for you alone.`}</p>
            ) : (
              <ul>
                {mine.map((concern) => (
                  <One key={concern.id} concern={concern} />
                ))}
              </ul>
            )}
          </Card>
        );
      }}
    </Loaded>
  );
}

function One({ concern }: { concern: ConcernOut }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const [label, tone] = SENT[concern.state];
  const name = concern.contact.display_name;
  return (
    <li className="border-t border-line">
      <details className="group">
        <summary className="flex min-h-14 cursor-pointer items-center justify-between gap-4 px-5 py-3 hover:bg-sunken">
          <span className="min-w-0">
            <span className="block font-semibold">{i18n._(ABOUT[concern.about])}</span>
            <span className="block text-sm text-ink-3">
              {format.date(concern.created_at)} · <Trans>to {name}</Trans>
            </span>
          </span>
          <Tag tone={tone}>{i18n._(label)}</Tag>
        </summary>
        <div className="flex flex-col gap-4 px-5 pb-5">
          <Said label={<Trans>What I wrote</Trans>} text={concern.text} />
          {concern.state === "acknowledged" && concern.acknowledged_at && (
            <p className="text-sm text-ink-2">
              <Trans>
                {name} read it on {format.date(concern.acknowledged_at)}.
              </Trans>
            </p>
          )}
          {concern.state === "closed" && (
            <Said label={<Trans>The answer</Trans>} text={concern.answer} mark />
          )}
        </div>
      </details>
    </li>
  );
}

function Said({ label, text, mark = false }: { label: ReactNode; text: string | null; mark?: boolean }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className={mark ? "rounded-xl bg-spruce-soft p-4" : ""}>
      <p id={id} className="mb-1 text-sm font-semibold">
        {label}
      </p>
      <p className="whitespace-pre-line">
        {text ?? <Trans>Its key was destroyed: nobody can read it any more.</Trans>}
      </p>
    </div>
  );
}
