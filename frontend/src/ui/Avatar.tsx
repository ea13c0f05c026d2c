import { ArrowRight } from "lucide-react";
import { cx, initials } from "#/lib/text";

export type Side = "mentor" | "mentee";

const SIDES: Record<Side | "plain", string> = {
  mentor: "bg-cloud-soft text-cloud-text",
  mentee: "bg-lake-soft text-lake-text",
  plain: "bg-sunken text-ink-2",
};
const SIZES = { sm: "size-8 text-xs", md: "size-10 text-sm", lg: "size-12 text-lg", xl: "size-16 text-xl" };

/** A person's initials; the name always stands beside it, so it is decoration. */
export function Avatar({
  name,
  side,
  size = "md",
  className,
}: {
  name: string;
  side?: Side;
  size?: keyof typeof SIZES;
  className?: string;
}) {
  return (
    <span
      aria-hidden
      data-initials={initials(name)}
      className={cx(
        "before:content-[attr(data-initials)] inline-flex shrink-0 items-center justify-center rounded-full font-semibold ring-2 ring-surface",
        SIDES[side ?? "plain"],
        SIZES[size],
        className,
      )}
    />
  );
}

/** Two people of a pair: the junior always in front. */
export function PairAvatars({
  mentor,
  mentee,
  size = "md",
}: {
  mentor: string;
  mentee: string;
  size?: keyof typeof SIZES;
}) {
  return (
    <span aria-hidden className="inline-flex shrink-0">
      <Avatar name={mentor} side="mentor" size={size} className="relative z-10" />
      <Avatar name={mentee} side="mentee" size={size} className={size === "sm" ? "-ml-1" : "-ml-2 pl-1"} />
    </span>
  );
}

/** Who teaches whom, as words. The arrow is drawn: letters' own one is in no font of ours, and looking for one takes time. */
export function PairNames({ mentor, mentee }: { mentor: string; mentee: string }) {
  return (
    <>
      {mentor} <ArrowRight size="1em" strokeWidth={2.25} aria-hidden className="inline align-[-0.125em]" />{" "}
      {mentee}
    </>
  );
}
