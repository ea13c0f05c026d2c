import { type ReactNode, useEffect } from "react";

/** A page's frame: its title (also the browser tab's), a line below, and its actions. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Vuoro`;
  }, [title]);
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-5">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h1 className="font-display text-2xl font-bold tracking-[-0.01em]">{title}</h1>
          {lead && <div className="mt-1 text-ink-3">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap gap-2 max-sm:w-full max-sm:[&>*]:grow">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
