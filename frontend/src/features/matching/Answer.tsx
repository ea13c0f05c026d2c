import type { ReactNode } from "react";

/** As a `ref`: comes into sight when it appears, with what follows it. */
export const inSight = (box: HTMLElement | null) => box?.scrollIntoView({ block: "center" });

/** What was asked for, told where it was asked. */
export function Answer({ children }: { children: ReactNode }) {
  return (
    <div ref={inSight} role="status" className="rounded-xl bg-sunken p-4 text-sm">
      {children}
    </div>
  );
}
