import { type ReactNode, Suspense, startTransition, useEffect, useState } from "react";

/** Draws what is in it once the rest of the page is painted, and then in small steps: its code comes after what is read first. */
export function Later({ fallback, children }: { fallback?: ReactNode; children: ReactNode }) {
  const [painted, setPainted] = useState(false);
  useEffect(() => startTransition(() => setPainted(true)), []);
  return <Suspense fallback={fallback}>{painted ? children : fallback}</Suspense>;
}
