import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { FileUp, type LucideIcon, PencilLine, Plug } from "lucide-react";
import type { ReactNode } from "react";
import type { PersonOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Card } from "#/ui/Card";
import { IconTile, type Tone } from "#/ui/Tag";
import { namesOf } from "./fieldNames";

/** Where what is known of somebody comes from: a connection, field by field, a file, or the hand of an admin. */
export function Keepers({ person }: { person: PersonOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const { source, last_import: file } = person;
  const day = file && format.date(file.applied_at);
  return (
    <Card
      title={<Trans>Who keeps what</Trans>}
      lead={<Trans>Where it comes from, and where it is changed</Trans>}
    >
      <ul className="flex flex-col gap-5">
        {source && (
          <Keeper
            icon={Plug}
            tone="spruce"
            name={
              <Link
                to="/connections/$connectionId"
                params={{ connectionId: source.connection_id }}
                className="hover:underline"
              >
                {source.name}
              </Link>
            }
          >
            <p>
              <Trans>The connection keeps these. They are changed in the other system, not here.</Trans>
            </p>
            <ul aria-label={t`Kept by the connection`} className="mt-2 flex flex-wrap gap-1.5">
              {namesOf(source.fields).map((words) => (
                <li
                  key={words.id}
                  className="rounded-full bg-spruce-soft px-2.5 py-0.5 font-semibold text-spruce-text"
                >
                  {i18n._(words)}
                </li>
              ))}
            </ul>
          </Keeper>
        )}
        {file && (
          <Keeper
            icon={FileUp}
            tone="lake"
            name={
              <Link
                to="/imports/$importId"
                params={{ importId: file.id }}
                className="break-all hover:underline"
              >
                {file.filename}
              </Link>
            }
          >
            <p>
              {source ? (
                <Trans>
                  Brought in on {day}, it changed something here. A file changes only what no connection
                  keeps.
                </Trans>
              ) : (
                <Trans>
                  Brought in on {day}, it changed something here. The next file may change it again.
                </Trans>
              )}
            </p>
          </Keeper>
        )}
        <Keeper icon={PencilLine} tone="plain" name={<Trans>By hand and from files</Trans>}>
          <p>
            {source ? (
              <Trans>All that the connection does not keep.</Trans>
            ) : (
              <Trans>Everything: no connection keeps this person.</Trans>
            )}
          </p>
        </Keeper>
      </ul>
    </Card>
  );
}

function Keeper({
  icon: Icon,
  tone,
  name,
  children,
}: {
  icon: LucideIcon;
  tone: Tone;
  name: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className="flex gap-3">
      <IconTile tone={tone}>
        <Icon size={20} />
      </IconTile>
      <div className="min-w-0 flex-1 text-sm text-ink-2">
        <p className="text-base font-semibold text-ink">{name}</p>
        {children}
      </div>
    </li>
  );
}
