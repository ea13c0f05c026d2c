import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { FileUp, type LucideIcon, PencilLine, Plug } from "lucide-react";
import type { ReactNode } from "react";
import type { PersonOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { cx } from "#/lib/text";
import { Card } from "#/ui/Card";
import { IconTile, type Tone } from "#/ui/Tag";
import { namesOf } from "./fieldNames";

type By = PersonOut["origins"][number]["by"];

const KINDS: Record<By, { icon: LucideIcon; tone: Tone; chip: string }> = {
  file: { icon: FileUp, tone: "lake", chip: "bg-lake-soft text-lake-text" },
  hand: { icon: PencilLine, tone: "plain", chip: "bg-sunken text-ink-2" },
  connection: { icon: Plug, tone: "plain", chip: "bg-sunken text-ink-2" },
};

/** Where what is known of somebody comes from: a connection, field by field, a file, or the hand of an admin. */
export function Keepers({ person }: { person: PersonOut }) {
  const { t } = useLingui();
  const format = useFormat();
  const { source, origins } = person;
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
            <Fields
              label={t`Kept by the connection`}
              fields={source.fields}
              chip="bg-spruce-soft text-spruce-text"
            />
          </Keeper>
        )}
        {origins.map(({ by, on, file, undone, fields }) => {
          const day = format.date(on);
          const { icon, tone, chip } = KINDS[by];
          return (
            <Keeper
              key={`${by} ${file?.id ?? on}`}
              icon={icon}
              tone={tone}
              name={
                file ? (
                  <Link
                    to="/imports/$importId"
                    params={{ importId: file.id }}
                    className="break-all hover:underline"
                  >
                    {file.filename}
                  </Link>
                ) : by === "hand" ? (
                  <Trans>By hand</Trans>
                ) : (
                  <Trans>A connection that keeps them no more</Trans>
                )
              }
            >
              <p>
                {undone ? (
                  <Trans>Brought in on {day} and taken back: these are as before it.</Trans>
                ) : (
                  <Trans>Last set on {day}. They are changed here, or by the next file.</Trans>
                )}
              </p>
              <Fields label={t`Last set by this`} fields={fields} chip={chip} />
            </Keeper>
          );
        })}
        {origins.length === 0 && (
          <Keeper icon={PencilLine} tone="plain" name={<Trans>By hand and from files</Trans>}>
            <p>
              {source ? (
                <Trans>All that the connection does not keep.</Trans>
              ) : (
                <Trans>Everything: no connection keeps this person.</Trans>
              )}
            </p>
          </Keeper>
        )}
      </ul>
    </Card>
  );
}

function Fields({ label, fields, chip }: { label: string; fields: string[]; chip: string }) {
  const { i18n } = useLingui();
  return (
    <ul aria-label={label} className="mt-2 flex flex-wrap gap-1.5">
      {namesOf(fields).map((words) => (
        <li key={words.id} className={cx("rounded-full px-2.5 py-0.5 font-semibold", chip)}>
          {i18n._(words)}
        </li>
      ))}
    </ul>
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
