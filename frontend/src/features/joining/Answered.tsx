import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { EnrollmentOut } from "#/api/types";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { EmptyState } from "#/ui/states";

type Answered = Exclude<EnrollmentOut["state"], "invited">;

const NEWS: Record<Answered, [title: MessageDescriptor, text: MessageDescriptor]> = {
  applied: [msg`Your yes is in`, msg`The programme manager answers soon. You get a mail, and see it here.`],
  waitlisted: [
    msg`You are on the waiting list`,
    msg`There are more people than places just now. We tell you when yours comes.`,
  ],
  approved: [msg`You take part`, msg`As soon as a pair is found for you, you get a mail and see it here.`],
  paired: [msg`You take part, and have a pair`, msg`Your home page shows what comes next.`],
  paused: [msg`You are on a break`, msg`Nothing is lost. Come back whenever it suits you.`],
  declined: [msg`Not this time`, msg`No reason is needed, and nothing of it is kept against anyone.`],
  alumni: [msg`You have taken part`, msg`Thank you for the time you gave.`],
  withdrawn: [msg`You no longer take part`, msg`The door stays open: ask your programme manager.`],
};

/** What became of an invitation that was answered. */
export function Answered({ state }: { state: Answered }) {
  const { i18n } = useLingui();
  const [title, text] = NEWS[state];
  return (
    <Card>
      <EmptyState
        title={i18n._(title)}
        action={
          <Link to="/" className={buttonLook({ tone: "primary" })}>
            <Trans>Go to Today</Trans>
          </Link>
        }
      >
        {i18n._(text)}
      </EmptyState>
    </Card>
  );
}
