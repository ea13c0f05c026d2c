import { ChevronDown } from "lucide-react";
import { type ReactNode, useState } from "react";

/** What few ever need, folded until asked for; its content comes with the first opening. */
export function Fold({ title, lead, children }: { title: ReactNode; lead: ReactNode; children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  return (
    <details
      className="group rounded-2xl border border-line bg-surface shadow-card"
      onToggle={(event) => event.currentTarget.open && setOpened(true)}
    >
      <summary className="flex items-center justify-between gap-4 rounded-2xl p-5">
        <span>
          <span className="block text-lg font-semibold">{title}</span>
          <span className="block text-sm text-ink-3">{lead}</span>
        </span>
        <ChevronDown
          size={20}
          aria-hidden
          className="shrink-0 text-ink-3 transition-transform group-open:rotate-180"
        />
      </summary>
      {opened && children}
    </details>
  );
}
