import type { ReactNode } from "react";

/** As a `ref`: comes into sight when it appears, with what follows it; the page moves no more than it must. */
export function inSight(box: HTMLElement | null): void {
  box?.scrollIntoView({ block: "center", container: "nearest" } as ScrollIntoViewOptions);
  box?.scrollIntoView({ block: "nearest" });
}

/** What was asked for, told where it was asked. */
export function Answer({ children }: { children: ReactNode }) {
  return (
    <div ref={inSight} role="status" className="rounded-xl bg-sunken p-4 text-sm">
      {children}
    </div>
  );
}
