import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { MentoringPair } from "#/api/types";
import { PairAvatars, PairNames } from "#/ui/Avatar";
import { Rhythm } from "#/ui/Meter";
import { Tag } from "#/ui/Tag";
import { healthWords } from "./words";

/** One pair as a row: who, how it goes, how many talks were held. The whole row opens the pair. */
export function PairLine({ pair }: { pair: MentoringPair }) {
  const { t, i18n } = useLingui();
  const health = healthWords(pair);
  const { held, planned, next_booked } = pair.rhythm;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-3.5 hover:bg-sunken">
      <PairAvatars mentor={pair.mentor.display_name} mentee={pair.mentee.display_name} />
      <div className="min-w-40 flex-1">
        <Link
          to="/pairs/$pairId"
          params={{ pairId: pair.id }}
          className="font-semibold after:absolute after:inset-0"
        >
          <PairNames mentor={pair.mentor.display_name} mentee={pair.mentee.display_name} />
        </Link>
        <p className="text-sm text-ink-3">{pair.mentee.title}</p>
      </div>
      <Tag tone={health.tone}>{i18n._(health.label)}</Tag>
      {planned > 0 && (
        <Rhythm
          held={held}
          planned={planned}
          next={next_booked}
          label={t`${held} of ${planned} talks held`}
        />
      )}
    </li>
  );
}
