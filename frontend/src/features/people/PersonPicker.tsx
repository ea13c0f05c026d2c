import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { $api } from "#/api/client";
import type { PersonSummary } from "#/api/types";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Combobox } from "#/ui/Combobox";

/** Finds one person of the directory: type, arrow down, Enter. */
export function PersonPicker({
  label,
  hint,
  chosen,
  onChoose,
  except,
  error,
}: {
  label: string;
  hint?: string;
  chosen: PersonSummary | null;
  onChoose: (person: PersonSummary | null) => void;
  /** Somebody who is never offered. */
  except?: string;
  error?: string | undefined;
}) {
  if (chosen)
    return (
      <div>
        <p className="mb-1.5 text-sm font-semibold">{label}</p>
        <div className="flex items-center gap-3 rounded-xl border border-line bg-sunken p-3">
          <Avatar name={chosen.display_name} />
          <div className="min-w-0 grow">
            <p className="font-semibold">{chosen.display_name}</p>
            <p className="text-sm text-ink-3">
              {[chosen.title, chosen.division].filter(Boolean).join(" · ")}
            </p>
          </div>
          <Button className="shrink-0" onClick={() => onChoose(null)}>
            <Trans>Change</Trans>
          </Button>
        </div>
      </div>
    );
  return <Finder label={label} hint={hint} onChoose={onChoose} except={except} error={error} />;
}

function Finder({
  label,
  hint,
  onChoose,
  except,
  error,
}: {
  label: string;
  hint: string | undefined;
  onChoose: (person: PersonSummary) => void;
  except: string | undefined;
  error: string | undefined;
}) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const found = useQuery(
    $api.queryOptions(
      "get",
      "/v1/people",
      { params: { query: { q, limit: 7 } } },
      { enabled: q.length > 1, placeholderData: keepPreviousData },
    ),
  );
  const people =
    q.length > 1 ? (found.data?.items ?? []).filter((each) => each.id !== except).slice(0, 6) : [];
  return (
    <Combobox
      label={label}
      hint={hint}
      error={error}
      placeholder={t`Write a name`}
      text={text}
      onText={setText}
      found={people.map((person) => ({
        id: person.id,
        name: person.display_name,
        hint: [person.title, person.division, person.site].filter(Boolean).join(" · "),
      }))}
      nothing={q.length > 1 && found.isSuccess && people.length === 0 && <Trans>Nobody by that name.</Trans>}
      onChoose={(id) => {
        const person = people.find((each) => each.id === id);
        if (person) onChoose(person);
      }}
    />
  );
}
