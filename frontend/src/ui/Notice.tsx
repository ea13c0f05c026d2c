import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "#/lib/text";
import type { Tone } from "./Tag";

const TONES: Record<Tone, string> = {
  spruce: "bg-spruce-soft [--mark:var(--spruce-text)]",
  cloud: "bg-cloud-soft [--mark:var(--cloud-text)]",
  lake: "bg-lake-soft [--mark:var(--lake-text)]",
  lingon: "bg-lingon-soft [--mark:var(--lingon-text)]",
  plain: "bg-sunken [--mark:var(--ink-2)]",
};

/** Something worth knowing, in a soft box: an icon, a sentence, what can be done. */
export function Notice({
  tone,
  icon: Icon,
  title,
  children,
  action,
}: {
  tone: Tone;
  icon: LucideIcon;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={cx("flex flex-wrap items-center gap-x-4 gap-y-3 rounded-2xl p-4", TONES[tone])}>
      <Icon size={20} aria-hidden className="mt-0.5 shrink-0 self-start text-(--mark)" />
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-semibold text-(--mark)">{title}</p>
        {children && <div className="text-sm text-ink-2">{children}</div>}
      </div>
      {action}
    </div>
  );
}
