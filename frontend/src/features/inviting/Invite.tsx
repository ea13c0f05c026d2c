import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { DoorClosed } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { InvitationsOut, ProgramOut } from "#/api/types";
import { Card } from "#/ui/Card";
import { Segmented, Select } from "#/ui/Field";
import { Notice } from "#/ui/Notice";
import { ByLink } from "./ByLink";
import { ByList } from "./ByList";
import { ByMail, FromDirectory } from "./ByName";
import { Invited } from "./Invited";
import { type Role, whyNot } from "./words";

type Way = "mail" | "link" | "directory" | "list";

/** Four ways to bring people in, and what became of each invitation. */
export default function Invite({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const [way, setWay] = useState<Way>("mail");
  const open = ["enrolling", "matching", "running"].includes(program.state);
  return (
    <>
      <Card
        title={<Trans>Invite people</Trans>}
        lead={<Trans>Choose the way that is easiest for you. You can use all of them.</Trans>}
      >
        {open ? (
          <>
            <Segmented
              label={t`Way to invite`}
              value={way}
              options={[
                { value: "mail", label: t`By mail` },
                { value: "link", label: t`Link and QR code` },
                { value: "directory", label: t`From the directory` },
                { value: "list", label: t`From a list` },
              ]}
              onChange={setWay}
            />
            <div className="mt-5 max-w-2xl">
              {way === "mail" && <ByMail program={program} />}
              {way === "link" && <ByLink program={program} />}
              {way === "directory" && <FromDirectory program={program} />}
              {way === "list" && <ByList program={program} />}
            </div>
          </>
        ) : (
          <Notice tone="lake" icon={DoorClosed} title={<Trans>It takes nobody in just now</Trans>}>
            {program.state === "draft" ? (
              <Trans>Open the program for joining first; the overview has the button.</Trans>
            ) : (
              <Trans>This program is on its last talks, or over.</Trans>
            )}
          </Notice>
        )}
      </Card>
      <Invited program={program} />
    </>
  );
}

/** Into what part, and into which cohort where several are open. */
export function Part({
  program,
  role,
  onRole,
}: {
  program: ProgramOut;
  role: Role;
  onRole: (role: Role) => void;
}) {
  const { t } = useLingui();
  const open = program.cohorts.filter(({ state }) => state === "open");
  return (
    <>
      <div>
        <Segmented
          label={t`Role`}
          value={role}
          options={[
            { value: "mentor", label: t`Mentors (junior)` },
            { value: "mentee", label: t`Mentees (executive)` },
          ]}
          onChange={onRole}
        />
      </div>
      {open.length > 1 && (
        <Select
          label={t`Cohort`}
          name="cohort_id"
          options={open.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </>
  );
}

/** What became of those who were just asked. */
export function Outcome({ result, children }: { result: InvitationsOut; children?: ReactNode }) {
  const { i18n } = useLingui();
  const { invited, items } = result;
  const others = items.filter(({ outcome }) => outcome !== "invited");
  return (
    <div role="status" className="flex flex-col gap-3 rounded-2xl bg-sunken p-4">
      <p className="font-semibold">
        <Plural
          value={invited}
          _0="Nobody new was asked"
          one="# person was asked"
          other="# people were asked"
        />
      </p>
      {others.length > 0 && (
        <ul className="flex flex-col gap-1.5 text-sm">
          {others.map((line) => (
            <li key={line.index} className="flex flex-wrap justify-between gap-x-4">
              <span className="min-w-0 font-medium break-words">
                {line.person?.display_name ?? line.work_email}
              </span>
              <span className="text-ink-3">{i18n._(whyNot(line))}</span>
            </li>
          ))}
        </ul>
      )}
      {children}
    </div>
  );
}
