import type { LucideIcon } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "#/lib/text";

type Tone = "primary" | "secondary" | "quiet" | "danger" | "sun" | "on-deep";

const TONES: Record<Tone, string> = {
  primary: "bg-spruce text-on-spruce hover:bg-spruce-hover border-transparent",
  secondary: "bg-surface text-ink border-line hover:bg-sunken",
  quiet: "bg-transparent text-ink-2 border-transparent hover:bg-sunken hover:text-ink",
  danger: "bg-surface text-lingon-text border-line hover:bg-lingon-soft",
  sun: "bg-sun text-on-sun border-transparent hover:bg-sun-hover",
  "on-deep": "bg-transparent text-on-deep border-deep-line hover:bg-deep-2",
};

/** The look of a button, also for links: `<Link className={buttonLook({ tone: "primary" })}>`. */
export function buttonLook({
  tone = "secondary",
  full = false,
}: {
  tone?: Tone;
  full?: boolean;
} = {}): string {
  return cx(
    "inline-flex min-h-11 items-center justify-center gap-2 rounded-xl border px-4 py-2 text-center text-sm font-semibold transition-colors sm:min-h-10",
    "aria-disabled:cursor-not-allowed aria-disabled:opacity-60",
    TONES[tone],
    full && "w-full",
  );
}

export interface ButtonProps extends ComponentProps<"button"> {
  tone?: Tone;
  icon?: LucideIcon;
  full?: boolean;
  /** While true the button is off and says so. */
  busy?: boolean;
  /** Off, with the reason read out and shown under it. */
  disabledReason?: string;
  children: ReactNode;
}

export function Button({
  tone,
  icon: Icon,
  full,
  busy,
  disabledReason,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const off = busy || disabledReason !== undefined;
  const button = (
    <button
      type="button"
      {...rest}
      className={cx(buttonLook({ ...(tone && { tone }), ...(full && { full }) }), className)}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-describedby={disabledReason ? reasonId : rest["aria-describedby"]}
      onClick={(event) => (off ? event.preventDefault() : onClick?.(event))}
    >
      {Icon && <Icon size={18} aria-hidden className="shrink-0" />}
      {children}
    </button>
  );
  if (!disabledReason) return button;
  return (
    <span className={cx("inline-flex flex-col gap-1", full && "w-full")}>
      {button}
      <span id={reasonId} className="text-xs text-ink-3">
        {disabledReason}
      </span>
    </span>
  );
}

/** A round button with a picture alone; `label` is its name. */
export function IconButton({
  icon: Icon,
  label,
  className,
  ...rest
}: ComponentProps<"button"> & { icon: LucideIcon; label: string }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={cx(
        "inline-flex size-11 shrink-0 items-center justify-center rounded-xl text-ink-2 transition-colors hover:bg-sunken hover:text-ink sm:size-10",
        className,
      )}
    >
      <Icon size={19} aria-hidden />
    </button>
  );
}
