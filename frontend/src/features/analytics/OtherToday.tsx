import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CalendarDays, LifeBuoy } from "lucide-react";
import type { Me } from "#/api/types";
import { isContact } from "#/features/identity/me";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Notice } from "#/ui/Notice";
import { EmptyState } from "#/ui/states";

/** What somebody looks after beside a part or a program: concerns entrusted to them, times of those they book for. */
export default function OtherToday({ me, alone }: { me: Me; alone: boolean }) {
  const { t } = useLingui();
  if (!isContact(me) && !me.books_for_others)
    return (
      alone && (
        <Card>
          <EmptyState title={t`Nothing waits for you`}>
            <Trans>An invitation to a program comes by mail, and stands here.</Trans>
          </EmptyState>
        </Card>
      )
    );
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
      {isContact(me) && (
        <Notice
          tone="lake"
          icon={LifeBuoy}
          title={<Trans>You are a safeguarding contact</Trans>}
          action={
            <Link to="/concerns" className={buttonLook({ tone: "primary" })}>
              <Trans>See the concerns</Trans>
            </Link>
          }
        >
          <Trans>What somebody entrusts to you stands on a page of its own, never here.</Trans>
        </Notice>
      )}
      {me.books_for_others && (
        <Notice
          tone="lake"
          icon={CalendarDays}
          title={<Trans>You book for somebody</Trans>}
          action={
            <Link to="/delegated" className={buttonLook({ tone: "primary" })}>
              <Trans>See the times</Trans>
            </Link>
          }
        >
          <Trans>Their talks, to book and to move.</Trans>
        </Notice>
      )}
    </div>
  );
}
