import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MentoringPair, SeenByManager } from "#/api/types";
import { PART_STATES } from "#/features/joining/parts";
import { healthWords } from "#/features/pairs/words";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";

/** The programme manager's own view of the caller, from the manager's own code. */
export function SeenByHr() {
  const seen = useQuery($api.queryOptions("get", "/v1/me/as-seen-by-manager"));
  return (
    <Card
      title={<Trans>What HR sees</Trans>}
      lead={<Trans>The very answer that a programme manager's page gets about you</Trans>}
    >
      <Loaded query={seen} skeleton={<Skeleton lines={5} />}>
        {(found) => <Seen found={found} />}
      </Loaded>
    </Card>
  );
}

function Seen({ found }: { found: SeenByManager }) {
  const { t, i18n } = useLingui();
  const [whole, setWhole] = useState(false);
  const { directory } = found;
  if (found.programs.length === 0)
    return (
      <p className="text-ink-2">
        <Trans>You take part in no programme, so no programme manager has a page about you.</Trans>
      </p>
    );
  const entry = [directory?.title, directory?.division, directory?.site].filter(Boolean).join(" · ");
  return (
    <div className="flex flex-col gap-4">
      {directory && (
        <div>
          <p className="font-semibold">{directory.display_name}</p>
          <p className="text-sm text-ink-3">{entry}</p>
        </div>
      )}
      {found.programs.map((program) => (
        <div key={program.program_id} className="rounded-xl bg-sunken p-4">
          <h3 className="mb-2 font-semibold">{program.program_name}</h3>
          <ul className="flex flex-col gap-2 text-sm text-ink-2">
            {program.enrollments.map((part) => (
              <li key={part.id} className="flex flex-wrap items-center gap-2">
                <Tag tone={PART_STATES[part.state].tone}>{i18n._(PART_STATES[part.state].label)}</Tag>
                {part.superpower && <span>“{part.superpower}”</span>}
              </li>
            ))}
            {program.pairs.map((pair) => (
              <li key={pair.id}>
                <Pair pair={pair} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      <p className="text-sm text-ink-3">
        <Trans>Not there: what you write or talk about, when you meet, who moved a talk.</Trans>
      </p>
      <div>
        <Button aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? <Trans>Hide the whole answer</Trans> : <Trans>Show the whole answer</Trans>}
        </Button>
      </div>
      {whole && (
        <section
          aria-label={t`The whole answer`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
          tabIndex={0}
          className="max-h-96 overflow-auto rounded-xl bg-sunken p-4"
        >
          <pre className="text-xs">{JSON.stringify(found, null, 2)}</pre>
        </section>
      )}
    </div>
  );
}

function Pair({ pair }: { pair: MentoringPair }) {
  const { i18n } = useLingui();
  const { label, tone } = healthWords(pair);
  const { held, planned } = pair.rhythm;
  const mentor = pair.mentor.display_name;
  const mentee = pair.mentee.display_name;
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span>
        <Trans>
          {mentor} and {mentee}
        </Trans>
      </span>
      <Tag tone={tone}>{i18n._(label)}</Tag>
      <span>
        <Trans>
          {held} of {planned} held
        </Trans>
      </span>
    </span>
  );
}
