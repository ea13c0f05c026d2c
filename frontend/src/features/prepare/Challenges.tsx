import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { MessageCircleQuestion } from "lucide-react";
import { useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { useCurrentProgram, useMe } from "#/features/identity/me";
import { firstName } from "#/lib/text";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { EmptyState, Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";
import type { Seedbox } from "./seedbox";
import { LONGEST, WriteSeed } from "./WriteSeed";

/** The program in which somebody is a mentor: the one in the switcher, if they are one there. */
export function useMentorProgram() {
  const { programs } = useMe();
  const [current] = useCurrentProgram();
  const mentors = programs.filter(({ roles }) => roles.includes("mentor"));
  return mentors.find(({ id }) => id === current?.id) ?? mentors[0] ?? null;
}

/** What executives want to understand; a thought on it becomes a seed that carries the challenge's name. */
export function Challenges({ programId, box }: { programId: string; box: Seedbox }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<string>();
  const challenges = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/challenges", {
      params: { path: { program_id: programId }, query: { state: "open", limit: 20 } },
    }),
  );
  return (
    <Card
      title={<Trans>What executives wonder about</Trans>}
      lead={<Trans>Half a thought from you may be what they are missing</Trans>}
      flush
    >
      <Loaded
        query={challenges}
        skeleton={
          <div className="border-t border-line p-5">
            <Skeleton lines={3} />
          </div>
        }
      >
        {({ items }) => {
          if (items.length === 0)
            return (
              <EmptyState icon={MessageCircleQuestion} title={t`Nobody has asked yet`}>
                <Trans>When an executive posts a question to all, you find it here.</Trans>
              </EmptyState>
            );
          return (
            <ul>
              {items.map(({ id, author, title, text }) => {
                const name = firstName(author.display_name);
                return (
                  <li key={id} className="flex flex-col gap-3 border-t border-line px-5 py-4">
                    <div className="flex gap-3">
                      <Avatar name={author.display_name} side="mentee" size="sm" />
                      <div className="min-w-0">
                        <h3 className="font-semibold">{title}</h3>
                        <p className="text-xs text-ink-3">
                          {[author.display_name, author.title].filter(Boolean).join(", ")}
                        </p>
                        <p className="mt-1 text-sm wrap-anywhere whitespace-pre-line text-ink-2">{text}</p>
                      </div>
                    </div>
                    {open === id ? (
                      <WriteSeed
                        name={id}
                        label={t`What would you tell ${name}?`}
                        hint={t`It goes to the things you can bring, and to nobody yet.`}
                        focused
                        longest={LONGEST - title.length - 3}
                        onKeep={(words) => {
                          box.add({ text: `${title} – ${words}`, prompt: null });
                          setOpen(undefined);
                          toast(t`Kept. You find it among the things to bring.`);
                        }}
                      />
                    ) : (
                      <Button
                        className="self-start"
                        aria-label={t`I have a thought: ${title}`}
                        onClick={() => setOpen(id)}
                      >
                        <Trans>I have a thought</Trans>
                      </Button>
                    )}
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Loaded>
    </Card>
  );
}
