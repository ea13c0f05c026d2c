import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft, CalendarCheck, CircleCheck, Sprout } from "lucide-react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { KitOut, MentoringSession } from "#/api/types";
import { kitQuery } from "#/features/sessions/queries";
import { useWhen } from "#/features/sessions/when";
import { pick } from "#/lib/i18n";
import { firstName } from "#/lib/text";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Notice } from "#/ui/Notice";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";
import { KitFacts } from "./Kits";
import { useTalks } from "./queries";

/** One plan, to read before the talk and to have at hand in it. */
export function KitPage() {
  const { t } = useLingui();
  const { key } = useParams({ from: "/shell/prepare/kits/$key" });
  const kit = useQuery(kitQuery(key));
  return (
    <Loaded query={kit} page={t`A plan for a talk`} skeleton={<Skeleton lines={8} />}>
      {(found) => <OneKit kit={found} />}
    </Loaded>
  );
}

function OneKit({ kit }: { kit: KitOut }) {
  const { i18n } = useLingui();
  const { mentors, asMentor } = useTalks();
  const own = mentors ? kit.mentor_questions : kit.mentee_questions;
  const others = mentors ? kit.mentee_questions : kit.mentor_questions;
  const title = pick(kit.title, i18n.locale);
  const { minutes } = kit;
  return (
    <Page
      title={title}
      lead={
        <span className="flex flex-wrap items-center gap-2">
          <KitFacts kit={kit} />
        </span>
      }
      actions={
        <Link to="/prepare" className={buttonLook({ tone: "quiet" })}>
          <ArrowLeft size={18} aria-hidden />
          <Trans>All plans</Trans>
        </Link>
      }
    >
      <div className="flex max-w-3xl flex-col gap-4">
        <p className="text-lg text-ink-2">{pick(kit.purpose, i18n.locale)}</p>
        {mentors && <Choose kit={kit} session={asMentor} />}
        <Card title={<Trans>Before the talk: think about these</Trans>}>
          <Lines texts={own} tone={mentors ? "cloud" : "lake"} />
          <h3 className="mt-5 mb-2 text-sm font-semibold text-ink-2">
            {mentors ? (
              <Trans>Your mentee thinks about this</Trans>
            ) : (
              <Trans>Your mentor thinks about these</Trans>
            )}
          </h3>
          <Lines texts={others} tone={mentors ? "lake" : "cloud"} />
        </Card>
        <Card title={<Trans>Together</Trans>} lead={<Trans>{minutes} minutes in all</Trans>}>
          <p>{pick(kit.exercise, i18n.locale)}</p>
        </Card>
        <Card title={<Trans>The last two minutes</Trans>}>
          <p>{pick(kit.close, i18n.locale)}</p>
        </Card>
      </div>
    </Page>
  );
}

function Lines({ texts, tone }: { texts: KitOut["mentor_questions"]; tone: "cloud" | "lake" }) {
  const { i18n } = useLingui();
  const look = tone === "cloud" ? "bg-cloud-soft text-cloud-text" : "bg-lake-soft text-lake-text";
  return (
    <ul className="flex flex-col gap-2">
      {texts.map((text) => (
        <li key={text.en} className={`rounded-xl px-3.5 py-2.5 font-medium ${look}`}>
          {pick(text, i18n.locale)}
        </li>
      ))}
    </ul>
  );
}

/** One press, and the next talk has this plan. */
function Choose({ kit, session }: { kit: KitOut; session: MentoringSession | null }) {
  const { t } = useLingui();
  const when = useWhen();
  const name = firstName(session?.mentee.display_name ?? "");
  const choose = $api.useMutation("put", "/v1/sessions/{session_id}/kit", {
    onSuccess: () => toast(t`The next talk has this plan. ${name} sees it too.`),
  });
  if (kit.kind === "shadow")
    return (
      <Notice tone="lake" icon={Sprout} title={<Trans>This one is not a talk but a visit</Trans>}>
        <Trans>Suggest it to your mentee: you come along to one of their meetings.</Trans>
      </Notice>
    );
  if (!session)
    return (
      <Notice tone="plain" icon={CalendarCheck} title={<Trans>No talk is booked</Trans>}>
        <Trans>You can take this plan as soon as one is.</Trans>
      </Notice>
    );
  if (session.kit === kit.key)
    return (
      <Notice tone="spruce" icon={CircleCheck} title={<Trans>This is the next talk's plan</Trans>}>
        {when(session)}
      </Notice>
    );
  return (
    <Notice
      tone="spruce"
      icon={CalendarCheck}
      title={<Trans>Your next talk with {name}</Trans>}
      action={
        <CanButton
          can={session.can}
          action="edit_kit"
          tone="primary"
          busy={choose.isPending}
          onClick={() =>
            choose.mutate({ params: { path: { session_id: session.id } }, body: { kit: kit.key } })
          }
        >
          <Trans>Use it in the next talk</Trans>
        </CanButton>
      }
    >
      {when(session)}
    </Notice>
  );
}
