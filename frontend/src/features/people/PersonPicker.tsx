import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import { $api } from "#/api/client";
import type { PersonSummary } from "#/api/types";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";

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
          <Button onClick={() => onChoose(null)}>
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
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
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
  const marked = Math.min(at, people.length - 1);
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const person = people[marked];
    if (step && people.length > 0) {
      event.preventDefault();
      setAt((marked + step + people.length) % people.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (person) onChoose(person);
    }
  }
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">
        {label}
      </label>
      <input
        id={id}
        type="text"
        role="combobox"
        aria-expanded={people.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={people[marked] ? `${id}-${marked}` : undefined}
        aria-autocomplete="list"
        aria-describedby={error ? `${id}-error` : hint ? `${id}-hint` : undefined}
        aria-invalid={error ? true : undefined}
        autoComplete="off"
        placeholder={t`Write a name`}
        value={text}
        onChange={(event) => {
          setAt(0);
          setText(event.target.value);
        }}
        onKeyDown={onKeyDown}
        className="min-h-11 w-full rounded-xl border border-edge bg-surface px-3 placeholder:text-ink-3 aria-invalid:border-lingon"
      />
      {hint && !error && (
        <p id={`${id}-hint`} className="mt-1.5 text-xs text-ink-3">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-1.5 text-xs font-semibold text-lingon-text">
          {error}
        </p>
      )}
      <div
        role="listbox"
        id={`${id}-list`}
        aria-label={label}
        className="mt-2 overflow-hidden rounded-xl border border-line empty:hidden"
      >
        {people.map((person, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the input
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input's keys steer it
          <div
            key={person.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === marked}
            onClick={() => onChoose(person)}
            onPointerMove={() => setAt(index)}
            className="flex min-h-11 cursor-pointer items-center gap-3 px-3 py-1.5 aria-selected:bg-sunken forced-colors:aria-selected:outline-2"
          >
            <Avatar name={person.display_name} size="sm" />
            <span className="min-w-0">
              <span className="block text-sm font-medium">{person.display_name}</span>
              <span className="block text-xs text-ink-3">
                {[person.title, person.division, person.site].filter(Boolean).join(" · ")}
              </span>
            </span>
          </div>
        ))}
      </div>
      {q.length > 1 && found.isSuccess && people.length === 0 && (
        <p role="status" className="mt-2 text-sm text-ink-3">
          <Trans>Nobody by that name.</Trans>
        </p>
      )}
    </div>
  );
}
