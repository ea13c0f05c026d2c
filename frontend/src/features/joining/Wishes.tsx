import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, HeartHandshake, Plus, X } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { CandidateCard, EnrollmentOut } from "#/api/types";
import { useTags } from "#/features/programs/queries";
import { firstName } from "#/lib/text";
import { Avatar } from "#/ui/Avatar";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Select, TextField } from "#/ui/Field";
import { EmptyState } from "#/ui/states";
import { toast } from "#/ui/toast";
import { moved } from "./order";

const MOST = 5;

/** Whom I would like, the dearest first: read by the search for pairs, and by nobody. */
export function Wishes({ part, asks }: { part: EnrollmentOut; asks: boolean }) {
  const { t } = useLingui();
  const path = { params: { path: { enrollment_id: part.id } } };
  const wishes = useQuery($api.queryOptions("get", "/v1/enrollments/{enrollment_id}/wishes", path));
  const write = $api.useMutation("put", "/v1/enrollments/{enrollment_id}/wishes");
  const offer = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/wishes/{person_id}/offer", {
    onSuccess: () => toast(t`Asked. You hear of it only if the answer is yes.`),
  });
  return (
    <Card
      title={<Trans>Whom I would like</Trans>}
      lead={
        <Trans>
          Up to five, the dearest first. Nobody reads your wishes: they count when pairs are made.
        </Trans>
      }
    >
      <Loaded query={wishes}>
        {({ items }) => {
          const ids = items.map(({ person }) => person.id);
          const save = (person_ids: string[]) => write.mutate({ ...path, body: { person_ids } });
          return (
            <>
              {items.length === 0 ? (
                <p className="mb-5 text-ink-3">
                  <Trans>No wishes yet. You need none: a pair is found for you anyway.</Trans>
                </p>
              ) : (
                <ol className="mb-5 flex flex-col gap-2">
                  {items.map(({ person }, index) => {
                    const name = person.display_name;
                    return (
                      <li
                        key={person.id}
                        className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-xl border border-line p-3"
                      >
                        <span aria-hidden className="w-4 text-center font-semibold text-ink-3 tabular-nums">
                          {index + 1}
                        </span>
                        <Avatar name={name} />
                        <span className="min-w-32 flex-1">
                          <span className="block font-semibold">{name}</span>
                          <span className="block text-sm text-ink-3">{person.title}</span>
                        </span>
                        <span className="flex">
                          {index > 0 && (
                            <IconButton
                              icon={ArrowUp}
                              label={t`${name}: one place up`}
                              onClick={() => save(moved(ids, person.id, -1))}
                            />
                          )}
                          {index < items.length - 1 && (
                            <IconButton
                              icon={ArrowDown}
                              label={t`${name}: one place down`}
                              onClick={() => save(moved(ids, person.id, 1))}
                            />
                          )}
                          <IconButton
                            icon={X}
                            label={t`Take back the wish for ${name}`}
                            onClick={() => save(ids.filter((id) => id !== person.id))}
                          />
                        </span>
                        {asks && part.role === "mentor" && (
                          <Button
                            icon={HeartHandshake}
                            busy={offer.isPending}
                            onClick={() =>
                              offer.mutate({
                                params: { path: { enrollment_id: part.id, person_id: person.id } },
                              })
                            }
                          >
                            <Trans>Ask {firstName(name)} now</Trans>
                          </Button>
                        )}
                      </li>
                    );
                  })}
                </ol>
              )}
              <Candidates
                part={part}
                wished={ids}
                busy={write.isPending}
                onWish={(id) => save([...ids, id])}
              />
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function Candidates({
  part,
  wished,
  busy,
  onWish,
}: {
  part: EnrollmentOut;
  wished: string[];
  busy: boolean;
  onWish: (personId: string) => void;
}) {
  const { t } = useLingui();
  const { topics } = useTags();
  const [text, setText] = useState("");
  const [topic, setTopic] = useState("");
  const q = useDeferredValue(text.trim());
  const found = useQuery(
    $api.queryOptions(
      "get",
      "/v1/programs/{program_id}/candidates",
      {
        params: {
          path: { program_id: part.program_id },
          query: {
            side: part.role === "mentor" ? "mentee" : "mentor",
            q: q || undefined,
            topic: topic || undefined,
            limit: 12,
          },
        },
      },
      { placeholderData: keepPreviousData },
    ),
  );
  const full = wished.length >= MOST;
  return (
    <section aria-label={t`Who is on the other side`}>
      <h3 className="mb-3 font-semibold">
        <Trans>Who is on the other side</Trans>
      </h3>
      <div className="mb-4 grid grid-cols-1 gap-3 sm:grid-cols-2">
        <TextField
          label={t`Name`}
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Select
          label={t`Topic`}
          value={topic}
          onChange={(event) => setTopic(event.target.value)}
          options={[
            { value: "", label: t`Any` },
            ...topics.map(({ slug, name }) => ({ value: slug, label: name })),
          ]}
        />
      </div>
      <Loaded query={found}>
        {({ items, next_cursor }) => {
          const others = items.filter(({ person }) => !wished.includes(person.id));
          if (others.length === 0)
            return (
              <EmptyState title={t`Nobody to choose here`}>
                <Trans>Try another name or topic, or come back when more people have joined.</Trans>
              </EmptyState>
            );
          return (
            <>
              <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2">
                {others.map((card) => (
                  <Candidate
                    key={card.enrollment_id}
                    card={card}
                    busy={busy}
                    full={full}
                    onWish={() => onWish(card.person.id)}
                  />
                ))}
              </ul>
              {next_cursor && (
                <p className="mt-3 text-sm text-ink-3">
                  <Trans>There are more people. A name or a topic finds them.</Trans>
                </p>
              )}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function Candidate({
  card,
  busy,
  full,
  onWish,
}: {
  card: CandidateCard;
  busy: boolean;
  full: boolean;
  onWish: () => void;
}) {
  const { t } = useLingui();
  const { nameOf } = useTags();
  const { person } = card;
  const line = card.superpower ?? card.wants_to_understand[0];
  return (
    <li className="flex flex-col gap-3 rounded-xl border border-line p-4">
      <div className="flex items-center gap-3">
        <Avatar name={person.display_name} side={card.role} />
        <div className="min-w-0">
          <p className="font-semibold">{person.display_name}</p>
          <p className="text-sm text-ink-3">
            {[person.title, card.department, person.site].filter(Boolean).join(" · ")}
          </p>
        </div>
      </div>
      {line && <p className="text-sm">{line}</p>}
      {card.topics.length > 0 && <p className="text-sm text-ink-3">{card.topics.map(nameOf).join(", ")}</p>}
      <div className="mt-auto">
        <Button
          icon={Plus}
          aria-label={t`Wish for ${person.display_name}`}
          busy={busy}
          {...(full && { disabledReason: t`You have five wishes. Take one back first.` })}
          onClick={onWish}
        >
          <Trans>Wish for</Trans>
        </Button>
      </div>
    </li>
  );
}
