import type { ReactNode } from "react";
import { cx } from "#/lib/text";

export type Tone = "spruce" | "cloud" | "lake" | "lingon" | "plain";

const TONES: Record<Tone, [box: string, dot: string]> = {
  spruce: ["bg-spruce-soft text-spruce-text", "bg-spruce-fill"],
  cloud: ["bg-cloud-soft text-cloud-text", "bg-cloud"],
  lake: ["bg-lake-soft text-lake-text", "bg-lake"],
  lingon: ["bg-lingon-soft text-lingon-text", "bg-lingon"],
  plain: ["bg-sunken text-ink-2", "bg-edge"],
};

/** A state in a word, with a dot: colour never speaks alone. */
export function Tag({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  const [box, dot] = TONES[tone];
  return (
    <span
      className={cx(
        "inline-flex shrink-0 items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-semibold",
        box,
      )}
    >
      <span aria-hidden className={cx("size-1.5 shrink-0 rounded-full", dot)} />
      {children}
    </span>
  );
}

/** A square behind an icon, in a tone. */
export function IconTile({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      aria-hidden
      className={cx("inline-flex size-10 shrink-0 items-center justify-center rounded-xl", TONES[tone][0])}
    >
      {children}
    </span>
  );
}
