import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Lightbulb, Pencil, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { fieldErrors } from "#/api/problems";
import type { ChallengeOut } from "#/api/types";
import { useCurrentProgram, useMe } from "#/features/identity/me";
import { Topics } from "#/features/programs/ProfileFields";
import { useTags } from "#/features/programs/queries";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Segmented, TextArea, TextField } from "#/ui/Field";
import { Page } from "#/ui/Page";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";

/** What executives would like to understand, posted for every mentor of the program. */
export function ChallengesPage() {
  const { t } = useLingui();
  const me = useMe();
  const [current] = useCurrentProgram();
  const programs = me.programs.filter(({ roles }) => roles.includes("mentee"));
  const [chosen, setChosen] = useState(programs.find(({ id }) => id === current?.id)?.id ?? programs[0]?.id);
  const [posting, setPosting] = useState(false);
  return (
    <Page
      title={t`What I would like to understand`}
      lead={<Trans>Post a challenge, and any mentor of the program may bring a view on it.</Trans>}
      actions={
        chosen && (
          <Button tone="primary" icon={Plus} onClick={() => setPosting(true)}>
            <Trans>Post a challenge</Trans>
          </Button>
        )
      }
    >
      {programs.length > 1 && (
        <div>
          <Segmented
            label={t`Program`}
            value={chosen ?? ""}
            onChange={setChosen}
            options={programs.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </div>
      )}
      {chosen ? (
        <Posted programId={chosen} onPost={() => setPosting(true)} />
      ) : (
        <Card>
          <EmptyState icon={Lightbulb} title={t`This is for executives who take part`}>
            <Trans>As soon as you are a mentee in a program, you can post what you want to understand.</Trans>
          </EmptyState>
        </Card>
      )}
      {chosen && <PostDialog programId={chosen} open={posting} onClose={() => setPosting(false)} />}
    </Page>
  );
}

function Posted({ programId, onPost }: { programId: string; onPost: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  const challenges = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/challenges", {
      params: { path: { program_id: programId }, query: { limit: 100 } },
    }),
  );
  return (
    <Loaded query={challenges} skeleton={<Skeleton card lines={6} />}>
      {({ items }) => {
        const mine = items.filter(({ author }) => author.id === me.person?.id);
        const others = items.filter((each) => !mine.includes(each) && each.state === "open");
        return (
          <>
            <Card title={<Trans>Mine</Trans>} flush>
              {mine.length === 0 ? (
                <EmptyState
                  icon={Lightbulb}
                  title={t`Nothing posted yet`}
                  action={
                    <Button icon={Plus} onClick={onPost}>
                      <Trans>Post a challenge</Trans>
                    </Button>
                  }
                >
                  <Trans>
                    What puzzles you about young colleagues, customers or tools? One sentence is enough.
                  </Trans>
                </EmptyState>
              ) : (
                <ul>
                  {mine
                    .toSorted((a, b) => Number(a.state === "closed") - Number(b.state === "closed"))
                    .map((challenge) => (
                      <Challenge key={challenge.id} challenge={challenge} />
                    ))}
                </ul>
              )}
            </Card>
            {others.length > 0 && (
              <Card title={<Trans>What others would like to understand</Trans>} flush>
                <ul>
                  {others.map((challenge) => (
                    <Challenge key={challenge.id} challenge={challenge} by={challenge.author.display_name} />
                  ))}
                </ul>
              </Card>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Challenge({ challenge, by }: { challenge: ChallengeOut; by?: string }) {
  const { t } = useLingui();
  const format = useFormat();
  const { nameOf } = useTags();
  const [changing, setChanging] = useState(false);
  const change = $api.useMutation("patch", "/v1/challenges/{challenge_id}", {
    onSuccess: (now) =>
      toast(now.state === "closed" ? t`Closed. Mentors no longer see it.` : t`Open again. Mentors see it.`),
  });
  const open = challenge.state === "open";
  const turn = () =>
    change.mutate({
      params: { path: { challenge_id: challenge.id }, header: ifMatch(challenge) },
      body: { state: open ? "closed" : "open" },
    });
  const tags = [...challenge.topics, ...challenge.skills].map(nameOf);
  return (
    <li className="flex flex-col gap-2 border-t border-line px-5 py-4">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <h3 className="min-w-0 font-semibold wrap-anywhere">{challenge.title}</h3>
        {!by && (
          <Tag tone={open ? "spruce" : "plain"}>{open ? <Trans>Open</Trans> : <Trans>Closed</Trans>}</Tag>
        )}
      </div>
      <p className="max-w-prose whitespace-pre-line">{challenge.text}</p>
      <p className="text-sm text-ink-3">
        {[by, format.date(challenge.created_at), tags.join(", ")].filter(Boolean).join(" · ")}
      </p>
      {!by && (
        <div className="mt-1 flex flex-wrap gap-2">
          <CanButton can={challenge.can} action="edit" icon={Pencil} onClick={() => setChanging(true)}>
            <Trans context="of words">Change</Trans>
          </CanButton>
          {open ? (
            <CanButton can={challenge.can} action="close" busy={change.isPending} onClick={turn}>
              <Trans>Close it</Trans>
            </CanButton>
          ) : (
            <CanButton can={challenge.can} action="edit" busy={change.isPending} onClick={turn}>
              <Trans>Open it again</Trans>
            </CanButton>
          )}
          <ChangeDialog challenge={challenge} open={changing} onClose={() => setChanging(false)} />
        </div>
      )}
    </li>
  );
}

interface Written {
  title: string;
  text: string;
  topics: string[];
}

function PostDialog({ programId, open, onClose }: { programId: string; open: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const post = $api.useMutation("post", "/v1/programs/{program_id}/challenges", {
    onSuccess() {
      toast(t`Posted. Every mentor of the program sees it.`);
      onClose();
    },
  });
  return (
    <Dialog open={open} onClose={onClose} title={t`Post a challenge`}>
      <ChallengeForm
        error={post.error}
        busy={post.isPending}
        onSubmit={(body) => post.mutate({ params: { path: { program_id: programId } }, body })}
      />
    </Dialog>
  );
}

function ChangeDialog({
  challenge,
  open,
  onClose,
}: {
  challenge: ChallengeOut;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const change = $api.useMutation("patch", "/v1/challenges/{challenge_id}", {
    onSuccess() {
      toast(t`Saved.`);
      onClose();
    },
  });
  return (
    <Dialog open={open} onClose={onClose} title={t`Change the challenge`}>
      <ChallengeForm
        initial={challenge}
        error={change.error}
        busy={change.isPending}
        onSubmit={(body) =>
          change.mutate({
            params: { path: { challenge_id: challenge.id }, header: ifMatch(challenge) },
            body,
          })
        }
      />
    </Dialog>
  );
}

function ChallengeForm({
  initial,
  error,
  busy,
  onSubmit,
}: {
  initial?: Written;
  error: unknown;
  busy: boolean;
  onSubmit: (written: Written) => void;
}) {
  const { t } = useLingui();
  const [topics, setTopics] = useState(initial?.topics ?? []);
  const [missing, setMissing] = useState<Set<string>>(new Set());
  const errors = fieldErrors(error);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [title = "", text = ""] = ["title", "text"].map((name) => String(form.get(name)).trim());
    const empty = [...(title ? [] : ["title"]), ...(text ? [] : ["text"])];
    setMissing(new Set(empty));
    if (empty.length === 0) onSubmit({ title, text, topics });
    else event.currentTarget.querySelector<HTMLElement>(`[name="${empty[0]}"]`)?.focus();
  }
  const words = (name: string) => (missing.has(name) ? t`Write at least a few words.` : errors[name]);
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <TextField
        label={t`In a few words`}
        name="title"
        maxLength={120}
        defaultValue={initial?.title}
        placeholder={t`Why young people leave us after a year`}
        error={words("title")}
      />
      <TextArea
        label={t`What would you like to see with other eyes?`}
        hint={t`All who take part in the program read it: leave out names and secrets.`}
        name="text"
        maxLength={1000}
        defaultValue={initial?.text}
        error={words("text")}
      />
      <Topics value={topics} onChange={setTopics} />
      <div>
        <Button type="submit" tone="primary" busy={busy}>
          {initial ? <Trans>Save</Trans> : <Trans>Post it</Trans>}
        </Button>
      </div>
    </form>
  );
}
