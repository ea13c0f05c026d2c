import { cx } from "#/lib/text";

/** A bar from 0 to `max`; `label` is its name for those who do not see it. */
export function Meter({
  value,
  max = 1,
  label,
  tone = "spruce",
}: {
  value: number;
  max?: number;
  label: string;
  tone?: "spruce" | "cloud";
}) {
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuenow={Math.round(value * 10) / 10}
      aria-valuemin={0}
      aria-valuemax={max}
      className="h-1.5 w-full overflow-hidden rounded-full bg-track forced-colors:outline"
    >
      <div
        className={cx(
          "h-full rounded-full forced-colors:bg-[CanvasText]",
          tone === "spruce" ? "bg-spruce-fill" : "bg-cloud",
        )}
        style={{ width: `${share * 100}%` }}
      />
    </div>
  );
}

/** One small bar for each planned session: held, next, still to come. */
export function Rhythm({
  held,
  planned,
  next,
  label,
}: {
  held: number;
  planned: number;
  next: boolean;
  label: string;
}) {
  const bars = Array.from({ length: Math.max(planned, held) }, (_, index) => index);
  return (
    <span role="img" aria-label={label} className="inline-flex gap-1">
      {bars.map((index) => (
        <span
          key={index}
          className={cx(
            "h-4 w-1.5 rounded-full",
            index < held
              ? "bg-spruce-fill forced-colors:bg-[CanvasText]"
              : index === held && next
                ? "border border-spruce-fill"
                : "bg-track forced-colors:border",
          )}
        />
      ))}
    </span>
  );
}
