import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BookOpen, CalendarPlus } from "lucide-react";
import type { MentoringSession } from "#/api/types";
import { kitQuery } from "#/features/sessions/queries";
import { useWhen } from "#/features/sessions/when";
import { daysBetween } from "#/lib/format";
import { pick } from "#/lib/i18n";
import { firstName } from "#/lib/text";
import { PairAvatars } from "#/ui/Avatar";
import { buttonLook } from "#/ui/Button";
import { Card, DeepCard } from "#/ui/Card";
import { EmptyState } from "#/ui/states";

/** What one prepares for: how many days are left, with whom, and by which plan. */
export function TalkCard({ session }: { session: MentoringSession }) {
  const { i18n } = useLingui();
  const when = useWhen();
  const kit = useQuery({ ...kitQuery(session.kit ?? ""), enabled: session.kit !== null }).data;
  const { mentor, mentee } = session;
  const other = firstName((session.my_part === "mentor" ? mentee : mentor).display_name);
  const topic = kit && pick(kit.title, i18n.locale);
  return (
    <DeepCard>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="text-on-deep-2">{when(session)}</p>
        {session.starts_at && (
          <p className="rounded-full bg-deep-2 px-3 py-1 text-sm font-semibold text-sun">
            <DaysLeft until={session.starts_at} />
          </p>
        )}
      </div>
      <div className="mt-3 flex items-center gap-4">
        <PairAvatars mentor={mentor.display_name} mentee={mentee.display_name} size="lg" />
        <h2 className="min-w-0 font-display text-xl leading-7 font-bold">
          {topic ? (
            <Trans>
              You and {other}: {topic}
            </Trans>
          ) : (
            <Trans>You and {other}</Trans>
          )}
        </h2>
      </div>
      <div className="mt-5 flex flex-wrap gap-2 [&>*]:grow">
        {kit && (
          <Link to="/prepare/kits/$key" params={{ key: kit.key }} className={buttonLook({ tone: "sun" })}>
            <BookOpen size={18} aria-hidden />
            <Trans>Read the plan</Trans>
          </Link>
        )}
        <Link
          to="/pairs/$pairId"
          params={{ pairId: session.pair_id }}
          search={{ session: session.id }}
          className={buttonLook({ tone: "on-deep" })}
        >
          <Trans>Open the talk</Trans>
        </Link>
      </div>
    </DeepCard>
  );
}

function DaysLeft({ until }: { until: string }) {
  const days = daysBetween(new Date(), new Date(until));
  if (days <= 0) return <Trans>Today</Trans>;
  return <Plural value={days} one="# day left" other="# days left" />;
}

export function NoTalk() {
  const { t } = useLingui();
  return (
    <Card>
      <EmptyState
        icon={CalendarPlus}
        title={t`No talk is booked`}
        action={
          <Link to="/sessions" className={buttonLook()}>
            <Trans>See your sessions</Trans>
          </Link>
        }
      >
        <Trans>What you write waits here until there is one.</Trans>
      </EmptyState>
    </Card>
  );
}
