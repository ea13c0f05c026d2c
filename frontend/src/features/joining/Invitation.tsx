import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import type { InvitationCard } from "#/api/types";
import { useFormat } from "#/lib/format";
import { pick } from "#/lib/i18n";
import { cx } from "#/lib/text";
import { Card, DeepCard } from "#/ui/Card";
import { GROWTH } from "./why";

/** What somebody is asked to, and why one would: read before anything is filled in. */
export function Invitation({ card, children }: { card: InvitationCard; children: ReactNode }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const { sessions, session_minutes: minutes, role } = card;
  const starts = card.starts_on && format.date(card.starts_on);
  const until = card.answer_by && format.date(card.answer_by);
  return (
    <>
      <DeepCard>
        <p className="text-on-deep-2">{card.program}</p>
        <h2 className="mt-1.5 max-w-prose font-display text-xl leading-7 font-bold">
          {role === "mentor" ? (
            <Trans>Would you mentor somebody who decides?</Trans>
          ) : (
            <Trans>Would you let somebody early in their career mentor you?</Trans>
          )}
        </h2>
        <p className="mt-3 max-w-prose text-on-deep-2">{pick(card.purpose, i18n.locale)}</p>
        <p className="mt-3 text-sm text-on-deep-2">
          <Plural value={sessions} one="# talk" other="# talks" />
          {" · "}
          <Trans>{minutes} minutes each</Trans>
          {starts && (
            <>
              {" · "}
              <Trans>from {starts}</Trans>
            </>
          )}
        </p>
        {until && (
          <p className="mt-1 text-sm text-on-deep-2">
            <Trans>Answer by {until}, in your own time.</Trans>
          </p>
        )}
      </DeepCard>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Card title={<Trans>What is asked of you</Trans>}>
          <ul className="flex flex-col gap-3">
            {card.asked.map((line) => (
              <li key={line.en} className="flex gap-3">
                <Check size={20} aria-hidden className="mt-0.5 shrink-0 text-spruce-text" />
                {pick(line, i18n.locale)}
              </li>
            ))}
          </ul>
        </Card>
        <Card title={<Trans>Why people take part</Trans>}>
          <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
            <Grows side="mentor" mine={role === "mentor"} title={<Trans>The mentor grows in</Trans>} />
            <Grows side="mentee" mine={role === "mentee"} title={<Trans>The mentee grows in</Trans>} />
          </div>
        </Card>
      </div>
      {children}
    </>
  );
}

function Grows({ side, mine, title }: { side: "mentor" | "mentee"; mine: boolean; title: ReactNode }) {
  const { i18n } = useLingui();
  return (
    <div>
      <h3
        className={cx("mb-2 text-sm font-semibold", side === "mentor" ? "text-cloud-text" : "text-lake-text")}
      >
        {title}
        {mine && (
          <>
            {" · "}
            <Trans>you</Trans>
          </>
        )}
      </h3>
      <ul className="flex flex-col gap-2 text-sm">
        {GROWTH[side].map((line) => (
          <li key={line.id} className="flex gap-2.5">
            <span
              aria-hidden
              className={cx(
                "mt-1.5 size-2 shrink-0 rounded-full",
                side === "mentor" ? "bg-cloud" : "bg-lake",
              )}
            />
            {i18n._(line)}
          </li>
        ))}
      </ul>
    </div>
  );
}
