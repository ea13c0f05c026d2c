import { type ReactNode, useDeferredValue } from "react";

/** The turn: a half-turn arrow over a cloudberry dot. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="8.5" className="fill-(--brand)" />
      <path
        d="M8.6 20.4v-1.6a7.3 7.3 0 0 1 7.3-7.3h6.4M18.9 7.1l4.5 4.4-4.5 4.4"
        fill="none"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
        className="stroke-on-spruce"
      />
      <circle cx="16.6" cy="21.4" r="3.2" className="fill-sun" />
    </svg>
  );
}

/** Draws what is in it in small steps; until then the mark stays where index.html put it. */
export function AfterMark({ children }: { children: ReactNode }) {
  if (useDeferredValue(true, false)) return children;
  return (
    <div className="p-4 lg:p-5">
      <Mark size={34} />
    </div>
  );
}
