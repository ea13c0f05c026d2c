import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { PencilLine, Trash2, Undo2 } from "lucide-react";
import { $api, ifMatch } from "#/api/client";
import type { CandidMessageOut, MentoringPair } from "#/api/types";
import { useFormat } from "#/lib/format";
import { firstName } from "#/lib/text";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Tag, type Tone } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import type { Composer } from "./useComposer";

const ANSWERS: Record<NonNullable<CandidMessageOut["answer"]>, [MessageDescriptor, Tone]> = {
  heard: [msg`Heard`, "lake"],
  will_try: [msg`Will try`, "spruce"],
};

/** Who reads what I give in a pair. */
function readerOf(pair: MentoringPair | undefined): string {
  return pair ? firstName((pair.my_side === "mentor" ? pair.mentee : pair.mentor).display_name) : "";
}

interface Messages {
  messages: CandidMessageOut[];
  pairs: MentoringPair[];
}

/** Drafts that were kept under one's own key. */
export function Kept({ messages, pairs, composer }: Messages & { composer: Composer }) {
  const { t } = useLingui();
  const throwAway = $api.useMutation("delete", "/v1/candid-messages/{message_id}", {
    onSuccess: () => toast(t`Thrown away for good.`),
  });
  const drafts = messages.filter(({ state }) => state === "draft");
  if (drafts.length === 0) return null;
  return (
    <Card title={<Trans>Kept for later</Trans>} lead={<Trans>Only you can open these.</Trans>} flush>
      <ul>
        {drafts.map((message) => {
          const name = readerOf(pairs.find(({ id }) => id === message.pair_id));
          const text = message.text || message.behaviour || message.situation || message.impact;
          return (
            <li key={message.id} className="flex flex-col gap-2 border-t border-line px-5 py-3.5">
              {name && (
                <p className="text-xs text-ink-3">
                  <Trans>For {name}</Trans>
                </p>
              )}
              <p className="line-clamp-3">{text}</p>
              <div className="flex flex-wrap gap-2">
                <Button
                  icon={PencilLine}
                  onClick={() => {
                    composer.goOn(message);
                    scrollTo({ top: 0 });
                  }}
                  {...(composer.empty || composer.keptFor
                    ? {}
                    : { disabledReason: t`Keep or erase what you are writing first.` })}
                >
                  <Trans>Go on with it</Trans>
                </Button>
                <Button
                  tone="quiet"
                  icon={Trash2}
                  busy={throwAway.isPending}
                  onClick={() =>
                    throwAway.mutate({
                      params: { path: { message_id: message.id }, header: ifMatch(message) },
                    })
                  }
                >
                  <Trans>Throw it away</Trans>
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

/** Thoughts that were given, and what came back. */
export function Given({ messages, pairs }: Messages) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const withdraw = $api.useMutation("post", "/v1/candid-messages/{message_id}/withdraw", {
    onSuccess: () => toast(t`Taken back. It is a draft of yours again.`),
  });
  const given = messages.filter(({ state }) => state !== "draft");
  if (given.length === 0) return null;
  return (
    <Card title={<Trans>Given</Trans>} flush>
      <ul>
        {given.map((message) => {
          const name = readerOf(pairs.find(({ id }) => id === message.pair_id));
          const [label, tone] = message.answer
            ? ANSWERS[message.answer]
            : [msg`No answer yet`, "plain" as const];
          return (
            <li key={message.id} className="flex flex-col gap-2 border-t border-line px-5 py-3.5">
              <div className="flex flex-wrap items-center justify-between gap-2">
                <p className="text-xs text-ink-3">
                  {[name, message.given_at && format.date(message.given_at)].filter(Boolean).join(" · ")}
                </p>
                <Tag tone={tone}>{i18n._(label)}</Tag>
              </div>
              <p className="whitespace-pre-line">{message.text}</p>
              {message.answer_text && (
                <blockquote className="border-l-4 border-lake pl-3 whitespace-pre-line">
                  {message.answer_text}
                </blockquote>
              )}
              {message.can.withdraw?.allowed && (
                <div>
                  <Button
                    tone="quiet"
                    icon={Undo2}
                    busy={withdraw.isPending}
                    className="-ml-3"
                    onClick={() => withdraw.mutate({ params: { path: { message_id: message.id } } })}
                  >
                    <Trans>Take it back</Trans>
                  </Button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
