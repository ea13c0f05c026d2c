import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { IconButton } from "./Button";

interface Note {
  id: number;
  text: string;
  kind: "done" | "problem";
}

let notes: Note[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: Note[]): void {
  notes = next;
  for (const listener of listeners) listener();
}

function close(id: number): void {
  change(notes.filter((note) => note.id !== id));
}

/** Says something in the corner, and to a screen reader; problems stay twice as long. */
export function toast(text: string, kind: Note["kind"] = "done"): void {
  const id = ++last;
  change([...notes.slice(-2), { id, text, kind }]);
  setTimeout(() => close(id), kind === "problem" ? 12_000 : 6_000);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts({ closeLabel }: { closeLabel: string }) {
  const shown = useSyncExternalStore(subscribe, () => notes);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-20 z-50 flex flex-col items-center gap-2 lg:bottom-6"
    >
      {shown.map((note) => (
        <div
          key={note.id}
          className="pointer-events-auto flex max-w-md items-center gap-3 rounded-2xl border border-line bg-surface py-1 pr-1 pl-4 shadow-float"
        >
          {note.kind === "done" ? (
            <CircleCheck size={20} aria-hidden className="shrink-0 text-spruce-text" />
          ) : (
            <CircleAlert size={20} aria-hidden className="shrink-0 text-lingon-text" />
          )}
          <p className="py-2 text-sm">{note.text}</p>
          <IconButton icon={X} label={closeLabel} onClick={() => close(note.id)} />
        </div>
      ))}
    </div>
  );
}
