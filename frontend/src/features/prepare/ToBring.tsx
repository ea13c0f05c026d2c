import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CloudOff, PencilLine, Presentation, Sprout, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { wordsFor } from "#/api/problems";
import type { IdeaSeedOut, MentoringSession } from "#/api/types";
import { pick } from "#/lib/i18n";
import { useOnline } from "#/lib/online";
import { firstName } from "#/lib/text";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { TextArea } from "#/ui/Field";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { promptsQuery, type useSeeds } from "./queries";
import type { Seedbox } from "./seedbox";
import { LONGEST } from "./WriteSeed";

/** What a card of a talk's thought board takes. */
const CARD = 280;

/** "You already have N things to bring": what was kept, to polish, drop, or put on the next talk's board. */
export function ToBring({
  box,
  seeds,
  next,
}: {
  box: Seedbox;
  seeds: ReturnType<typeof useSeeds>;
  next: MentoringSession | null;
}) {
  const { t } = useLingui();
  const [doing, setDoing] = useState<{ what: "edit" | "drop" | "shorten"; seed: IdeaSeedOut }>();
  const close = () => setDoing(undefined);
  const count = (seeds.data?.pages[0]?.count ?? 0) + box.waiting.length;
  return (
    <Card
      title={
        count > 0 ? (
          <Plural
            value={count}
            one="You already have # thing to bring"
            other="You already have # things to bring"
          />
        ) : (
          <Trans>Things to bring</Trans>
        )
      }
      flush
    >
      <Waiting box={box} />
      <Loaded
        query={seeds}
        skeleton={
          <div className="border-t border-line p-5">
            <Skeleton lines={3} />
          </div>
        }
      >
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return box.waiting.length > 0 ? null : (
              <EmptyState icon={Sprout} title={t`Nothing here yet`}>
                <Trans>Answer one of the questions. Half a thought is plenty.</Trans>
              </EmptyState>
            );
          return (
            <ul>
              {items.map((seed) => (
                <Seed
                  key={seed.id}
                  seed={seed}
                  next={next}
                  onEdit={() => setDoing({ what: "edit", seed })}
                  onDrop={() => setDoing({ what: "drop", seed })}
                  onShorten={() => setDoing({ what: "shorten", seed })}
                />
              ))}
            </ul>
          );
        }}
      </Loaded>
      <ShowMore query={seeds}>
        <Trans>Show more</Trans>
      </ShowMore>
      {doing?.what === "edit" && <EditDialog seed={doing.seed} onClose={close} />}
      {doing?.what === "drop" && <DropDialog seed={doing.seed} onClose={close} />}
      {doing?.what === "shorten" && next && (
        <ShortenDialog seed={doing.seed} session={next} onClose={close} />
      )}
    </Card>
  );
}

/** Kept on this device, not with the server yet. */
function Waiting({ box }: { box: Seedbox }) {
  const { i18n } = useLingui();
  const online = useOnline();
  if (box.waiting.length === 0) return null;
  return (
    <ul>
      {box.waiting.map(({ key, text, refused }) => (
        <li key={key} className="flex flex-col items-start gap-2 border-t border-line px-5 py-3.5">
          <p className="whitespace-pre-line">{text}</p>
          {refused ? (
            <>
              <p className="text-sm text-lingon-text">{i18n._(wordsFor(refused))}</p>
              <div className="flex flex-wrap gap-2">
                <Button onClick={() => box.again(key)}>
                  <Trans>Try again</Trans>
                </Button>
                <Button tone="danger" onClick={() => box.remove(key)}>
                  <Trans>Throw it away</Trans>
                </Button>
              </div>
            </>
          ) : (
            <p className="flex items-center gap-2 text-xs text-cloud-text">
              {online ? (
                <Trans>On its way</Trans>
              ) : (
                <>
                  <CloudOff size={15} aria-hidden className="shrink-0" />
                  <Trans>Safe on this device. It is sent when the network is back.</Trans>
                </>
              )}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function useBring(next: MentoringSession | null, onSuccess?: () => void) {
  const { t } = useLingui();
  const bring = $api.useMutation("post", "/v1/idea-seeds/{seed_id}/bring", {
    onSuccess() {
      const name = firstName(next?.mentee.display_name ?? "");
      toast(t`It is on the next talk's board. ${name} can read it too.`);
      onSuccess?.();
    },
  });
  return {
    busy: bring.isPending,
    bring(seed: IdeaSeedOut, text?: string) {
      if (next)
        bring.mutate({
          params: { path: { seed_id: seed.id } },
          body: { session_id: next.id, lane: "see", ...(text && { text }) },
        });
    },
  };
}

function Seed({
  seed,
  next,
  onEdit,
  onDrop,
  onShorten,
}: {
  seed: IdeaSeedOut;
  next: MentoringSession | null;
  onEdit: () => void;
  onDrop: () => void;
  onShorten: () => void;
}) {
  const { t, i18n } = useLingui();
  const { busy, bring } = useBring(next);
  const prompts = useQuery(promptsQuery()).data?.items;
  const question = prompts?.find(({ key }) => key === seed.prompt_key)?.text;
  const { text } = seed;
  const there = next !== null && seed.brought_to_session_id === next.id;
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return (
    <li className="flex flex-col gap-2 border-t border-line px-5 py-3.5">
      <div className="-mr-2 flex items-start gap-1">
        <div className="min-w-0 grow py-1.5">
          {question && <p className="text-xs text-ink-3">{pick(question, i18n.locale)}</p>}
          <p className="wrap-anywhere whitespace-pre-line">{text}</p>
        </div>
        <IconButton icon={PencilLine} label={t`Edit: ${short}`} onClick={onEdit} />
        <IconButton icon={Trash2} label={t`Throw away: ${short}`} onClick={onDrop} />
      </div>
      <div className="flex flex-wrap items-center gap-2 empty:hidden">
        {there ? (
          <Tag tone="spruce">
            <Trans>On the next talk's board</Trans>
          </Tag>
        ) : (
          next && (
            <Button
              icon={Presentation}
              busy={busy}
              aria-label={t`Bring to the next talk: ${short}`}
              onClick={() => (text.length > CARD ? onShorten() : bring(seed))}
            >
              <Trans>Bring to the next talk</Trans>
            </Button>
          )
        )}
        {seed.brought_at && !there && (
          <Tag>
            <Trans>Brought once</Trans>
          </Tag>
        )}
      </div>
    </li>
  );
}

function EditDialog({ seed, onClose }: { seed: IdeaSeedOut; onClose: () => void }) {
  const { t } = useLingui();
  const save = $api.useMutation("patch", "/v1/idea-seeds/{seed_id}", {
    onSuccess() {
      toast(t`Saved.`);
      onClose();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("text")).trim();
    if (text) save.mutate({ params: { path: { seed_id: seed.id }, header: ifMatch(seed) }, body: { text } });
  }
  return (
    <Dialog open onClose={onClose} title={t`In other words`}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <TextArea label={t`Your thought`} name="text" defaultValue={seed.text} maxLength={LONGEST} required />
        <Button type="submit" tone="primary" busy={save.isPending} className="self-start">
          <Trans>Save</Trans>
        </Button>
      </form>
    </Dialog>
  );
}

function DropDialog({ seed, onClose }: { seed: IdeaSeedOut; onClose: () => void }) {
  const { t } = useLingui();
  const drop = $api.useMutation("delete", "/v1/idea-seeds/{seed_id}", {
    onSuccess() {
      toast(t`Gone. Nobody knows.`);
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={t`Throw this thought away?`}>
      <p className="mb-4 wrap-anywhere whitespace-pre-line text-ink-2">{seed.text}</p>
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" onClick={onClose}>
          <Trans>Keep it after all</Trans>
        </Button>
        <Button
          tone="danger"
          busy={drop.isPending}
          onClick={() => drop.mutate({ params: { path: { seed_id: seed.id }, header: ifMatch(seed) } })}
        >
          <Trans>Throw it away</Trans>
        </Button>
      </div>
    </Dialog>
  );
}

/** A card on the board is short: the seed itself stays as it was written. */
function ShortenDialog({
  seed,
  session,
  onClose,
}: {
  seed: IdeaSeedOut;
  session: MentoringSession;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const { busy, bring } = useBring(session, onClose);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("text")).trim();
    if (text) bring(seed, text);
  }
  return (
    <Dialog open onClose={onClose} title={t`Bring it in fewer words`}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        <TextArea
          label={t`What stands on the card`}
          hint={t`A card takes ${CARD} characters. Your own thought stays as it is.`}
          name="text"
          defaultValue={seed.text.slice(0, CARD)}
          maxLength={CARD}
          required
        />
        <Button type="submit" tone="primary" busy={busy} className="self-start">
          <Trans>Bring to the next talk</Trans>
        </Button>
      </form>
    </Dialog>
  );
}
