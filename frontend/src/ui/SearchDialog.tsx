import { type LucideIcon, Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";

export interface Found {
  id: string;
  label: string;
  hint?: string;
  icon: LucideIcon;
  onSelect: () => void;
}

/** A search over the page: type, arrow down, Enter. */
export function SearchDialog({
  title,
  text,
  onText,
  found,
  nothing,
  onClose,
}: {
  title: string;
  text: string;
  onText: (text: string) => void;
  found: Found[];
  nothing: string;
  onClose: () => void;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [at, setAt] = useState(0);
  useEffect(() => box.current?.showModal(), []);
  const chosen = Math.min(at, found.length - 1);
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      setAt((chosen + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      found[chosen]?.onSelect();
    }
  }
  return (
    <dialog
      ref={box}
      aria-label={title}
      onClose={onClose}
      className="mx-auto mt-[12vh] w-[min(36rem,calc(100vw-2rem))] overflow-hidden rounded-2xl border border-line bg-surface p-0 text-ink shadow-float"
    >
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search size={18} aria-hidden className="shrink-0 text-ink-3" />
        <input
          type="text"
          role="combobox"
          aria-label={title}
          aria-expanded={found.length > 0}
          aria-controls={id}
          aria-activedescendant={found[chosen] ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          placeholder={title}
          value={text}
          onChange={(event) => {
            setAt(0);
            onText(event.target.value);
          }}
          onKeyDown={onKeyDown}
          className="min-h-14 w-full bg-transparent outline-none placeholder:text-ink-3"
        />
      </div>
      <div
        role="listbox"
        id={id}
        aria-label={title}
        className="max-h-[50vh] overflow-y-auto p-1.5 empty:hidden"
      >
        {found.map((each, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the input
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input's keys steer it
          <div
            key={each.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onClick={each.onSelect}
            onPointerMove={() => setAt(index)}
            className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-3 aria-selected:bg-sunken forced-colors:aria-selected:outline-2"
          >
            <each.icon size={18} aria-hidden className="shrink-0 text-ink-3" />
            <span className="grow text-sm font-medium">{each.label}</span>
            {each.hint && <span className="truncate text-xs text-ink-3">{each.hint}</span>}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="p-4 text-sm text-ink-3">{nothing}</p>}
    </dialog>
  );
}
