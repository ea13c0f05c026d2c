import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Avatar } from "./Avatar";

interface Option {
  id: string;
  name: string;
  /** A line below the name. */
  hint: string;
}

/** Finds one of many people: type, arrow down, Enter. Whoever uses it looks them up. */
export function Combobox({
  label,
  hint,
  error,
  placeholder,
  text,
  onText,
  found,
  nothing,
  onChoose,
}: {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  placeholder: string;
  text: string;
  onText: (text: string) => void;
  found: Option[];
  /** Said when nothing was found. */
  nothing?: ReactNode;
  onChoose: (id: string) => void;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const offers = found.length;
  useEffect(() => {
    if (offers > 0) list.current?.scrollIntoView({ block: "nearest" });
  }, [offers]);
  const marked = Math.min(at, found.length - 1);
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const option = found[marked];
    if (step && found.length > 0) {
      event.preventDefault();
      setAt((marked + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (option) onChoose(option.id);
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
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={found[marked] ? `${id}-${marked}` : undefined}
        aria-autocomplete="list"
        aria-describedby={error ? `${id}-error` : hint ? `${id}-hint` : undefined}
        aria-invalid={error ? true : undefined}
        autoComplete="off"
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          setAt(0);
          onText(event.target.value);
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
        ref={list}
        role="listbox"
        id={`${id}-list`}
        aria-label={label}
        className="mt-2 overflow-hidden rounded-xl border border-line empty:hidden"
      >
        {found.map((option, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the input
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input's keys steer it
          <div
            key={option.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === marked}
            onClick={() => onChoose(option.id)}
            onPointerMove={() => setAt(index)}
            className="flex min-h-11 cursor-pointer items-center gap-3 px-3 py-1.5 aria-selected:bg-sunken forced-colors:aria-selected:outline-2"
          >
            <Avatar name={option.name} size="sm" />
            <span className="min-w-0">
              <span className="block text-sm font-medium">{option.name}</span>
              <span className="block text-xs text-ink-3">{option.hint}</span>
            </span>
          </div>
        ))}
      </div>
      {nothing && (
        <p role="status" className="mt-2 text-sm text-ink-3">
          {nothing}
        </p>
      )}
    </div>
  );
}
