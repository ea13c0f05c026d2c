import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, Lightbulb } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { LaunchCheck as Check, ProgramOut } from "#/api/types";
import { useIsAdmin } from "#/features/people/access";
import { useFormat } from "#/lib/format";
import { withWords } from "#/lib/i18n";
import { Card } from "#/ui/Card";
import { Skeleton } from "#/ui/states";

const ContactDialog = lazy(() => withWords("program", import("./ContactDialog")));
const LINK =
  "text-left font-medium text-spruce-text underline decoration-line underline-offset-4 hover:decoration-current";

type Item = Check["items"][number];

/** What is missing, in words that say what to do. */
const LACKS: Record<Item["key"], MessageDescriptor> = {
  dates: msg`Give it a first and a last day`,
  cohort: msg`Open a cohort to join`,
  purpose: msg`Write what it is for`,
  mentors: msg`Bring in the first mentors`,
  mentees: msg`Bring in the first mentees`,
  balance: msg`Even out the places of mentors and mentees`,
  waiting: msg`Answer those who wait for your yes`,
  unknown_lines: msg`Find out the managers that aren't known`,
  profiles: msg`Ask mentors for a topic or a skill`,
  tenure: msg`Some mentors are very new here`,
  languages: msg`Some share no language with the other side`,
  primer: msg`The warm-up's text is missing`,
  agreement: msg`The agreement's text is missing`,
  safeguarding_contact: msg`HR names a safeguarding contact: somebody to turn to who doesn't manage the program`,
  manager: msg`Name a programme manager who isn't the safeguarding contact`,
  kickoff: msg`Plan a kick-off`,
  circle: msg`Plan a circle of mentors`,
  topics_mix: msg`All topics are about technology. Ask for others too`,
};

/** Where each is done: a part of the program's page, or the directory. */
const TABS: Partial<Record<Item["key"], string>> = {
  mentors: "invite",
  mentees: "invite",
  balance: "invite",
  waiting: "enrollments",
  profiles: "enrollments",
  tenure: "enrollments",
  languages: "enrollments",
  kickoff: "events",
  circle: "events",
};

/** What the program has and lacks before it is launched: blockers first, advice after. */
export function LaunchCheck({ program }: { program: ProgramOut }) {
  const check = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/launch-check", {
      params: { path: { program_id: program.id } },
    }),
  );
  return (
    <Loaded query={check} skeleton={<Skeleton card lines={4} />}>
      {({ ready, items }) => {
        const open = items.filter((item) => !item.ok);
        const done = items.length - open.length;
        return (
          <Card
            title={<Trans>Before the launch</Trans>}
            lead={
              ready ? (
                <Trans>Nothing stands in the way.</Trans>
              ) : (
                <Plural
                  value={open.filter(({ severity }) => severity === "blocker").length}
                  one="# thing must be in place first."
                  other="# things must be in place first."
                />
              )
            }
          >
            <ul className="grid grid-cols-1 gap-x-8 gap-y-2.5 md:grid-cols-2">
              {open.map((item) => (
                <Line key={item.key} item={item} programId={program.id} />
              ))}
              {done > 0 && (
                <li className="flex gap-3 text-ink-3">
                  <CircleCheck size={20} aria-hidden className="mt-0.5 shrink-0 text-spruce-text" />
                  <Plural value={done} one="# thing is in place" other="# things are in place" />
                </li>
              )}
            </ul>
          </Card>
        );
      }}
    </Loaded>
  );
}

function Line({ item, programId }: { item: Item; programId: string }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const { count, of } = item.params;
  const blocks = item.severity === "blocker";
  const Icon = blocks ? CircleAlert : Lightbulb;
  const tab = TABS[item.key];
  const isAdmin = useIsAdmin();
  const [naming, setNaming] = useState(false);
  const words = i18n._(LACKS[item.key]);
  return (
    <li className="flex gap-3">
      <Icon
        size={20}
        aria-hidden
        className={blocks ? "mt-0.5 shrink-0 text-cloud-text" : "mt-0.5 shrink-0 text-lake-text"}
      />
      <span>
        <span className="sr-only">
          {blocks ? <Trans>Must be in place:</Trans> : <Trans>Worth doing:</Trans>}{" "}
        </span>
        {tab ? (
          <Link
            to="/programs/$programId"
            params={{ programId }}
            search={item.key === "waiting" ? { tab, state: "applied" } : { tab }}
            className={LINK}
          >
            {words}
          </Link>
        ) : item.key === "unknown_lines" && isAdmin ? (
          <Link to="/people" search={{ has_unknown_line: "true" }} className={LINK}>
            {words}
          </Link>
        ) : item.key === "safeguarding_contact" && isAdmin ? (
          <button type="button" onClick={() => setNaming(true)} className={LINK}>
            <Trans>Name a safeguarding contact</Trans>
          </button>
        ) : (
          words
        )}
        {count !== null && of !== null && (
          <span className="text-ink-3">
            {" "}
            ({format.number(count)}/{format.number(of)})
          </span>
        )}
      </span>
      <Suspense>
        {naming && <ContactDialog programId={programId} onClose={() => setNaming(false)} />}
      </Suspense>
    </li>
  );
}
