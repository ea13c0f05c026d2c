import type { ReactNode } from "react";
import { cx } from "#/lib/text";

/** A white card. With a title it is a named region with a heading. */
export function Card({
  title,
  lead,
  actions,
  children,
  flush = false,
  className,
}: {
  title?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  /** No inner space below the head: for tables. */
  flush?: boolean;
  className?: string;
}) {
  return (
    <section className={cx("overflow-clip rounded-2xl border border-line bg-surface shadow-card", className)}>
      {title && (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 px-5 pt-5">
          <div className="min-w-0">
            <h2 className="text-lg font-semibold">{title}</h2>
            {lead && <p className="text-sm text-ink-3">{lead}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
      )}
      <div className={flush ? (title ? "pt-4" : "") : title ? "p-5 pt-3" : "p-5"}>{children}</div>
    </section>
  );
}

/** The one dark card of a page: the next talk. `foot` stands on a darker floor. */
export function DeepCard({ children, foot }: { children: ReactNode; foot?: ReactNode }) {
  return (
    <section className="on-deep overflow-hidden rounded-2xl bg-deep text-on-deep">
      <div className="p-5 sm:p-6">{children}</div>
      {foot && <div className="border-t border-deep-line bg-deep-2 p-5 sm:px-6">{foot}</div>}
    </section>
  );
}
