import { Trans, useLingui } from "@lingui/react/macro";
import { Check, ShieldCheck } from "lucide-react";
import type { MatchReason } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Meter } from "#/ui/Meter";
import { useEvidence } from "./evidence";
import { checkWords, componentWords } from "./words";

/** Why these two: each component of the score as a bar, with what it rests on. */
export function Reasons({ components }: { components: MatchReason[] }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const evidence = useEvidence();
  const shown = components.filter((each) => each.max_points > 0).sort((a, b) => b.max_points - a.max_points);
  return (
    <ul className="flex flex-col gap-3.5">
      {shown.map((each) => {
        const label = componentWords(each.name);
        const name = label ? i18n._(label) : each.name;
        const points = format.number(Math.round(each.points));
        const most = format.number(Math.round(each.max_points));
        const facts = each.evidence.map(evidence).filter(Boolean);
        return (
          <li key={each.name}>
            <div className="mb-1.5 flex items-baseline justify-between gap-4 text-sm">
              <span className="font-medium">{name}</span>
              <span className="text-ink-3">
                {points}/{most}
              </span>
            </div>
            <Meter
              value={each.points}
              max={each.max_points}
              label={t`${name}: ${points} of ${most} points`}
            />
            {facts.length > 0 && <p className="mt-1 text-xs text-ink-3">{facts.join(" · ")}</p>}
          </li>
        );
      })}
    </ul>
  );
}

/** The hard rules that were checked before anybody was asked. */
export function Checks({ codes }: { codes: string[] }) {
  const { i18n } = useLingui();
  const lines = new Set(codes.flatMap((code) => checkWords(code) ?? []).map((words) => i18n._(words)));
  if (lines.size === 0) return null;
  return (
    <div className="rounded-xl bg-spruce-soft p-4">
      <p className="mb-2 flex items-center gap-2 text-sm font-semibold text-spruce-text">
        <ShieldCheck size={18} aria-hidden />
        <Trans>Checked before we suggested</Trans>
      </p>
      <ul className="flex flex-col gap-1.5 text-sm">
        {[...lines].map((line) => (
          <li key={line} className="flex items-start gap-2">
            <Check size={16} aria-hidden className="mt-0.5 shrink-0 text-spruce-text" />
            {line}
          </li>
        ))}
      </ul>
    </div>
  );
}
