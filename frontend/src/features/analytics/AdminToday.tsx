import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileUp, Lock, UsersRound } from "lucide-react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { useFormat } from "#/lib/format";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Meter } from "#/ui/Meter";
import { Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";

/** The home of HR and IT: are the people in, and are the lines right? */
export default function AdminToday() {
  const format = useFormat();
  const facets = useQuery($api.queryOptions("get", "/v1/people/facets"));
  return (
    <Loaded query={facets} skeleton={<Skeleton card lines={5} />}>
      {(people) => {
        const total = format.number(people.total);
        const unknown = people.unknown_lines;
        const divisions = people.divisions.toSorted((a, b) => b.count - a.count).slice(0, 6);
        const file = people.last_import?.filename;
        return (
          <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
            <Card title={<Trans>People</Trans>}>
              <p className="text-[1.75rem] leading-9 font-semibold">{total}</p>
              <p className="mb-4 text-ink-3">
                <Trans>in the directory</Trans>
              </p>
              <p className="mb-5">
                {unknown > 0 ? (
                  <Link
                    to="/people"
                    search={{ has_unknown_line: "true" }}
                    className="font-semibold underline"
                  >
                    <Plural
                      value={unknown}
                      one="# person has an unknown manager"
                      other="# people have an unknown manager"
                    />
                  </Link>
                ) : (
                  <Tag tone="spruce">
                    <Trans>Every reporting line is known</Trans>
                  </Tag>
                )}
              </p>
              <Link to="/people" className={buttonLook()}>
                <UsersRound size={18} aria-hidden />
                <Trans>Open people</Trans>
              </Link>
            </Card>
            <Card title={<Trans>Last import</Trans>}>
              {people.last_import ? (
                <>
                  <p className="font-semibold">{file}</p>
                  <p className="mb-5 text-ink-3">{format.dateTime(people.last_import.applied_at)}</p>
                </>
              ) : (
                <p className="mb-5 text-ink-3">
                  <Trans>Nothing has been imported yet. A file from your HR system is enough to begin.</Trans>
                </p>
              )}
              <Link to="/imports" className={buttonLook({ tone: "primary" })}>
                <FileUp size={18} aria-hidden />
                <Trans>Bring in people</Trans>
              </Link>
            </Card>
            {divisions.length > 0 && (
              <Card title={<Trans>Divisions</Trans>} className="lg:col-span-2">
                <ul className="grid grid-cols-1 gap-x-10 gap-y-3.5 md:grid-cols-2">
                  {divisions.map((division) => (
                    <li key={division.value}>
                      <div className="mb-1.5 flex justify-between gap-4 text-sm">
                        <Link
                          to="/people"
                          search={{ division: division.value }}
                          className="font-medium hover:underline"
                        >
                          {division.value}
                        </Link>
                        <span className="text-ink-3">{format.number(division.count)}</span>
                      </div>
                      <Meter value={division.count} max={divisions[0]?.count ?? 1} label={division.value} />
                    </li>
                  ))}
                </ul>
              </Card>
            )}
            <div>
              <Link to="/keys" className={buttonLook()}>
                <Lock size={18} aria-hidden />
                <Trans>Keys and apps</Trans>
              </Link>
            </div>
          </div>
        );
      }}
    </Loaded>
  );
}
