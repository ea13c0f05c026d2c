import { type RefObject, useLayoutEffect, useState, useSyncExternalStore } from "react";

/** The width of an element in pixels, kept up to date; `first` until it is known. */
export function useWidth(element: RefObject<HTMLElement | null>, first: number): number {
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    if (!element.current) return;
    const watch = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
    watch.observe(element.current);
    return () => watch.disconnect();
  }, [element]);
  return width;
}

/** As wide as Tailwind's `lg`. */
const wide = matchMedia("(min-width: 64rem)");
function watchWide(listener: () => void): () => void {
  wide.addEventListener("change", listener);
  return () => wide.removeEventListener("change", listener);
}

/** Whether the page is as wide as `lg:` asks for: what only one of the two shows need not be drawn for the other. */
export function useWide(): boolean {
  return useSyncExternalStore(watchWide, () => wide.matches);
}
