import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Check, MessageCircleReply, ShieldCheck, UserRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ConcernOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { TextArea } from "#/ui/Field";
import { Page } from "#/ui/Page";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { ABOUT, concernsQuery, inTurn, RECEIVED } from "./concerns";

/** The safeguarding contact's own page: what was entrusted to them, and nothing else of anybody. */
export function ConcernsPage() {
  const { t } = useLingui();
  const concerns = useQuery(concernsQuery());
  return (
    <Page
      title={t`Concerns`}
      lead={<Trans>Entrusted to you alone: no manager, no report and no log knows of them.</Trans>}
    >
      <Loaded query={concerns} skeleton={<Skeleton card lines={6} />}>
        {({ items }) => {
          const entrusted = inTurn(items.filter((concern) => !concern.mine));
          if (entrusted.length === 0)
            return (
              <Card>
                <EmptyState icon={ShieldCheck} title={t`Nothing is entrusted to you`}>
                  <Trans>You get a mail as soon as somebody writes.</Trans>
                </EmptyState>
              </Card>
            );
          return (
            <ul className="flex max-w-3xl flex-col gap-4">
              {entrusted.map((concern) => (
                <li key={concern.id}>
                  <Entrusted concern={concern} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Entrusted({ concern }: { concern: ConcernOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const [answering, setAnswering] = useState(false);
  const acknowledge = $api.useMutation("post", "/v1/concerns/{concern_id}/acknowledge", {
    onSuccess: () => toast(t`They see that you have read it.`),
  });
  const [label, tone] = RECEIVED[concern.state];
  const { author } = concern;
  return (
    <Card
      title={i18n._(ABOUT[concern.about])}
      lead={format.dateTime(concern.created_at)}
      actions={<Tag tone={tone}>{i18n._(label)}</Tag>}
    >
      <p className="mb-4 flex items-center gap-2 text-sm text-ink-2">
        <UserRound size={17} aria-hidden className="shrink-0" />
        {author ? (
          <span>
            {[author.display_name, author.title, author.site].filter(Boolean).join(" · ")}
            {" · "}
            <Trans>would like to hear from you</Trans>
          </span>
        ) : (
          <Trans>Without a name. Your answer reaches them here.</Trans>
        )}
      </p>
      <p className="max-w-prose whitespace-pre-line text-lg">
        {concern.text ?? <Trans>Its key was destroyed: nobody can read it any more.</Trans>}
      </p>
      {concern.answer && (
        <div className="mt-4 rounded-xl bg-spruce-soft p-4">
          <p className="mb-1 text-sm font-semibold">
            <Trans>Your answer</Trans>
          </p>
          <p className="whitespace-pre-line">{concern.answer}</p>
        </div>
      )}
      {concern.state !== "closed" && (
        <div className="mt-5 flex flex-wrap gap-2">
          {concern.state === "open" && (
            <CanButton
              can={concern.can}
              action="acknowledge"
              tone="primary"
              icon={Check}
              busy={acknowledge.isPending}
              onClick={() => acknowledge.mutate({ params: { path: { concern_id: concern.id } } })}
            >
              <Trans>I have read this</Trans>
            </CanButton>
          )}
          <CanButton
            can={concern.can}
            action="close"
            icon={MessageCircleReply}
            onClick={() => setAnswering(true)}
          >
            <Trans>Answer and close</Trans>
          </CanButton>
        </div>
      )}
      <AnswerDialog concernId={concern.id} open={answering} onClose={() => setAnswering(false)} />
    </Card>
  );
}

function AnswerDialog({
  concernId,
  open,
  onClose,
}: {
  concernId: string;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const [empty, setEmpty] = useState(false);
  const close = $api.useMutation("post", "/v1/concerns/{concern_id}/close", {
    onSuccess() {
      toast(t`Closed. They read your answer.`);
      onClose();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const answer = String(new FormData(event.currentTarget).get("answer")).trim();
    setEmpty(answer === "");
    if (answer) close.mutate({ params: { path: { concern_id: concernId } }, body: { answer } });
  }
  return (
    <Dialog open={open} onClose={onClose} title={t`Answer and close`}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        <TextArea
          label={t`What came of it`}
          hint={t`They alone read it. What else you do stays between the two of you.`}
          name="answer"
          rows={6}
          maxLength={8000}
          error={empty ? t`Write at least a few words.` : undefined}
        />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" tone="primary" busy={close.isPending}>
            <Trans>Send and close</Trans>
          </Button>
          <Button onClick={onClose}>
            <Trans>Not yet</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
