import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Lightbulb } from "lucide-react";
import type { ReactNode } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ProgramOut, ProgramReach } from "#/api/types";
import { useFormat } from "#/lib/format";
import { pick } from "#/lib/i18n";
import { Card } from "#/ui/Card";
import { Figures } from "#/ui/Figures";
import { Meter } from "#/ui/Meter";
import { Notice } from "#/ui/Notice";
import { Skeleton } from "#/ui/states";

/** Whom the program reaches, what is talked about, and how promises are kept: counts, never people. */
export default function Reach({ program }: { program: ProgramOut }) {
  const path = { params: { path: { program_id: program.id } } };
  const reach = useQuery($api.queryOptions("get", "/v1/programs/{program_id}/reach", path));
  return (
    <Loaded query={reach} skeleton={<Skeleton card lines={8} />}>
      {(found) => (
        <>
          <Numbers reach={found} />
          <Promises program={program} />
          <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
            <Spread title={<Trans>Where the mentors come from</Trans>} cells={found.units} />
            <Spread title={<Trans>At which sites they work</Trans>} cells={found.sites} />
          </div>
          <Topics reach={found} />
        </>
      )}
    </Loaded>
  );
}

function Numbers({ reach }: { reach: ProgramReach }) {
  const { t } = useLingui();
  const format = useFormat();
  return (
    <Figures
      label={t`Whom it reaches`}
      items={[
        { key: "juniors", name: t`Mentors`, value: format.number(reach.juniors) },
        { key: "paired", name: t`Mentors who got a pair`, value: format.number(reach.juniors_in_pairs) },
        { key: "executives", name: t`Mentees`, value: format.number(reach.executives) },
        { key: "units", name: t`Units`, value: format.number(reach.units.length) },
        { key: "sites", name: t`Sites`, value: format.number(reach.sites.length) },
      ]}
    />
  );
}

function Promises({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const format = useFormat();
  const promises = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/promises", {
      params: { path: { program_id: program.id } },
    }),
  );
  return (
    <Loaded query={promises} skeleton={<Skeleton card lines={3} />}>
      {({ k, held, moved, cancelled_again, missed }) => {
        const told = (value: number | null) => (value === null ? "–" : format.number(value));
        const note = (value: number | null) =>
          value === null ? <Trans>fewer than {k} executives</Trans> : undefined;
        return (
          <Figures
            label={t`Promises`}
            items={[
              { key: "held", name: t`Talks held`, value: told(held), note: note(held) },
              {
                key: "moved",
                name: t`Moved`,
                value: told(moved),
                note: note(moved) ?? <Trans>a move keeps the promise</Trans>,
              },
              {
                key: "again",
                name: t`Cancelled again`,
                value: told(cancelled_again),
                note: note(cancelled_again) ?? <Trans>a first one isn't counted</Trans>,
              },
              { key: "missed", name: t`Didn't take place`, value: told(missed), note: note(missed) },
            ]}
          />
        );
      }}
    </Loaded>
  );
}

function Spread({ title, cells }: { title: ReactNode; cells: ProgramReach["units"] }) {
  const { t } = useLingui();
  const format = useFormat();
  const most = Math.max(1, ...cells.map(({ juniors }) => juniors ?? 0));
  const shown = cells.filter(({ juniors }) => juniors !== null);
  const hidden = cells.filter(({ juniors }) => juniors === null).map(({ name }) => name);
  return (
    <Card title={title}>
      {cells.length === 0 && (
        <p className="text-ink-3">
          <Trans>Nobody takes part yet.</Trans>
        </p>
      )}
      <ul className="flex flex-col gap-3">
        {shown.map(({ name, juniors }) => {
          const figure = format.number(juniors ?? 0);
          return (
            <li key={name}>
              <p className="mb-1 flex justify-between gap-4 text-sm">
                <span className="font-medium">{name}</span>
                <span className="text-ink-3">{figure}</span>
              </p>
              <Meter value={juniors ?? 0} max={most} tone="cloud" label={t`${name}: ${figure} mentors`} />
            </li>
          );
        })}
      </ul>
      {hidden.length > 0 && (
        <p className="mt-4 text-sm text-ink-3 first:mt-0">
          <Trans>Too few to count one by one:</Trans> {hidden.join(", ")}
        </p>
      )}
    </Card>
  );
}

function Topics({ reach }: { reach: ProgramReach }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const name = (topic: ProgramReach["topics"][number]) =>
    topic.name ? pick(topic.name, i18n.locale) : topic.slug.replaceAll("-", " ");
  const hidden = reach.topics.filter(({ people }) => people === null);
  const counted = reach.topics.filter(({ people }) => people !== null);
  return (
    <Card title={<Trans>What people want to talk about</Trans>}>
      {reach.technology_only && (
        <div className="mb-4">
          <Notice tone="cloud" icon={Lightbulb} title={<Trans>All of it is about technology</Trans>}>
            <Trans>
              Ask for other topics too: how to recruit, what a first year feels like, how to lead.
            </Trans>
          </Notice>
        </div>
      )}
      {counted.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {counted.map((topic) => (
            <li
              key={topic.slug}
              className="inline-flex items-center gap-2 rounded-full bg-sunken px-3.5 py-1.5 text-sm"
            >
              <span className="font-medium">{name(topic)}</span>
              <span className="text-ink-3">{format.number(topic.people ?? 0)}</span>
            </li>
          ))}
        </ul>
      )}
      {hidden.length > 0 && (
        <p className="mt-4 text-sm text-ink-3 first:mt-0">
          <Trans>Chosen by fewer than five:</Trans> {hidden.map(name).join(", ")}
        </p>
      )}
      {reach.topics.length === 0 && (
        <p className="text-ink-3">
          <Trans>Nobody has chosen a topic yet.</Trans>
        </p>
      )}
    </Card>
  );
}
