import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Loaded } from "#/api/Loaded";
import type { MentoringSession } from "#/api/types";
import { kitQuery } from "#/features/sessions/queries";
import { Spark } from "#/features/sessions/Spark";
import { pick } from "#/lib/i18n";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { Challenges, useMentorProgram } from "./Challenges";
import { Kits } from "./Kits";
import { MySuperpower } from "./MySuperpower";
import { Questions } from "./Questions";
import { useSeeds, useTalks } from "./queries";
import { useSeedbox } from "./seedbox";
import { NoTalk, TalkCard } from "./TalkCard";
import { ToBring } from "./ToBring";

/** What to do before a talk: small things for the mentor, one thing for the executive. */
export function PreparePage() {
  const { t } = useLingui();
  const { mentors, asMentor, asMentee, query } = useTalks();
  return (
    <Page
      title={t`Prepare`}
      lead={
        mentors ? (
          <Trans>No big idea? Good. Your everyday is enough.</Trans>
        ) : (
          <Trans>The agenda is your mentor's. You bring one thing, and listen.</Trans>
        )
      }
    >
      {mentors ? (
        <ForMentor next={asMentor}>
          <Loaded query={query} skeleton={<Skeleton card lines={4} />}>
            {() => (asMentor ? <TalkCard session={asMentor} /> : <NoTalk />)}
          </Loaded>
        </ForMentor>
      ) : (
        <Loaded query={query} skeleton={<Skeleton card lines={4} />}>
          {() => (
            <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
              {asMentee ? <TalkCard session={asMentee} /> : <NoTalk />}
              {asMentee && <BringOne session={asMentee} />}
            </div>
          )}
        </Loaded>
      )}
      {mentors && asMentee && <BringOne session={asMentee} />}
      <Kits current={(asMentor ?? asMentee)?.kit ?? null} />
    </Page>
  );
}

function ForMentor({ next, children }: { next: MentoringSession | null; children: ReactNode }) {
  const box = useSeedbox();
  const seeds = useSeeds();
  const program = useMentorProgram();
  const items = seeds.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <div className="flex flex-col gap-4">
        {children}
        <Questions box={box} seeds={items} />
        {program && <MySuperpower programId={program.id} />}
      </div>
      <div className="flex flex-col gap-4">
        <ToBring box={box} seeds={seeds} next={next} />
        {program && <Challenges programId={program.id} box={box} />}
      </div>
    </div>
  );
}

/** The executive's one question or idea, with a question that helps to find it. */
function BringOne({ session }: { session: MentoringSession }) {
  const { i18n } = useLingui();
  const kit = useQuery({ ...kitQuery(session.kit ?? ""), enabled: session.kit !== null }).data;
  const [question] = kit?.mentee_questions ?? [];
  return (
    <Card
      title={<Trans>One thing to bring</Trans>}
      lead={<Trans>A question you have no answer to, or an idea to spar</Trans>}
    >
      {question && (
        <p className="rounded-xl bg-lake-soft px-3.5 py-2.5 font-medium text-lake-text">
          {pick(question, i18n.locale)}
        </p>
      )}
      <Spark session={session} />
    </Card>
  );
}
