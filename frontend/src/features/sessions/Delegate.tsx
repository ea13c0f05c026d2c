import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { useFormat } from "#/lib/format";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Combobox } from "#/ui/Combobox";
import { toast } from "#/ui/toast";

/** The assistant of an executive: sees times and places, books and moves, and nothing else. */
export function Delegate() {
  const { t } = useLingui();
  const format = useFormat();
  const delegate = useQuery($api.queryOptions("get", "/v1/me/delegate"));
  const set = $api.useMutation("put", "/v1/me/delegate", {
    onSuccess: (now) =>
      toast(
        now.delegate ? t`Done. They find your times in their own Vuoro.` : t`Nobody books for you any more.`,
      ),
  });
  const choose = (person_id: string | null) => set.mutate({ body: { person_id } });
  return (
    <Card
      title={<Trans>Who books for me</Trans>}
      lead={
        <Trans>
          An assistant may book and move your talks. They see whom you meet, when and where; no topics, notes
          or answers, and they can't cancel.
        </Trans>
      }
    >
      <Loaded query={delegate}>
        {({ delegate: person, since }) =>
          person ? (
            <div className="flex flex-wrap items-center gap-3 rounded-xl border border-line p-3">
              <Avatar name={person.display_name} />
              <div className="min-w-40 flex-1">
                <p className="font-semibold">{person.display_name}</p>
                <p className="text-sm text-ink-3">
                  {person.title}
                  {since && (
                    <>
                      {" · "}
                      <Trans>since {format.date(since)}</Trans>
                    </>
                  )}
                </p>
              </div>
              <Button busy={set.isPending} onClick={() => choose(null)}>
                <Trans>Remove</Trans>
              </Button>
            </div>
          ) : (
            <Finder onChoose={choose} />
          )
        }
      </Loaded>
    </Card>
  );
}

function Finder({ onChoose }: { onChoose: (personId: string) => void }) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const asked = q.length > 1;
  const found = useQuery(
    $api.queryOptions(
      "get",
      "/v1/me/delegate/candidates",
      { params: { query: { q } } },
      { enabled: asked, placeholderData: keepPreviousData },
    ),
  );
  const people = asked ? (found.data?.items ?? []) : [];
  return (
    <Combobox
      label={t`Find a colleague`}
      placeholder={t`Write a name`}
      text={text}
      onText={setText}
      found={people.map((person) => ({
        id: person.id,
        name: person.display_name,
        hint: [person.title, person.division, person.site].filter(Boolean).join(" · "),
      }))}
      nothing={asked && found.isSuccess && people.length === 0 && <Trans>Nobody by that name.</Trans>}
      onChoose={onChoose}
    />
  );
}
