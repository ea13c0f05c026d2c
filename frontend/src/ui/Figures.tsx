import type { ReactNode } from "react";

export interface FigureItem {
  key: string;
  name: ReactNode;
  value: string;
  of?: string;
  /** A line under the number. */
  note?: ReactNode;
}

/** A few numbers side by side in one card. */
export function Figures({ label, items }: { label: string; items: FigureItem[] }) {
  return (
    <section
      aria-label={label}
      className="overflow-hidden rounded-2xl border border-line bg-surface shadow-card"
    >
      <dl className="grid grid-cols-2 md:grid-cols-[repeat(auto-fit,minmax(9rem,1fr))]">
        {items.map((item) => (
          <div key={item.key} className="-mt-px -ml-px border-t border-l border-line p-4 sm:px-5">
            <dt className="text-sm text-ink-3">{item.name}</dt>
            <dd>
              <span className="text-xl leading-8 font-semibold">{item.value}</span>{" "}
              {item.of && <span className="text-ink-3">{item.of}</span>}
              {item.note && <span className="block text-xs text-ink-3">{item.note}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
