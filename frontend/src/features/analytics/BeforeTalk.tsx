import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { MentoringPair } from "#/api/types";
import { Partner } from "#/features/sessions/NextTalk";
import { PlanTalks } from "#/features/sessions/PlanTalks";
import { cx, firstName } from "#/lib/text";
import { buttonLook } from "#/ui/Button";
import { DeepCard } from "#/ui/Card";

/** The deep card while no talk is booked: an offer to answer, or a first time to find. */
export default function BeforeTalk({ kind, pair }: { kind: "offer" | "no_session"; pair: MentoringPair }) {
  return kind === "offer" ? <OfferCard pair={pair} /> : <NothingYet pair={pair} />;
}

function OfferCard({ pair }: { pair: MentoringPair }) {
  const other = firstName((pair.my_side === "mentor" ? pair.mentee : pair.mentor).display_name);
  return (
    <DeepCard>
      <p className="text-on-deep-2">
        <Trans>A pair for you</Trans>
      </p>
      <h2 className="mt-1.5 mb-4 font-display text-xl leading-7 font-bold">
        {pair.my_side === "mentor" ? (
          <Trans>Would you be {other}'s mentor?</Trans>
        ) : (
          <Trans>{other} would like to be your mentor</Trans>
        )}
      </h2>
      <Partner pair={pair} />
      <div className="mt-5">
        <Link
          to="/pairs/$pairId"
          params={{ pairId: pair.id }}
          className={buttonLook({ tone: "sun", full: true })}
        >
          <Trans>See why, then answer</Trans>
        </Link>
      </div>
    </DeepCard>
  );
}

function NothingYet({ pair }: { pair: MentoringPair }) {
  const other = firstName((pair.my_side === "mentor" ? pair.mentee : pair.mentor).display_name);
  return (
    <DeepCard>
      <p className="text-on-deep-2">
        <Trans>Nothing booked yet</Trans>
      </p>
      <h2 className="mt-1.5 mb-4 font-display text-xl leading-7 font-bold">
        <Trans>When do you and {other} meet next?</Trans>
      </h2>
      <Partner pair={pair} />
      {pair.can.sign_agreement?.allowed ? (
        <Link
          to="/pairs/$pairId"
          params={{ pairId: pair.id }}
          className={cx(buttonLook({ tone: "sun", full: true }), "mt-5")}
        >
          <Trans>Sign the agreement first</Trans>
        </Link>
      ) : (
        <PlanTalks pair={pair} />
      )}
    </DeepCard>
  );
}
