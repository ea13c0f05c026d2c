import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ChevronRight, Lightbulb } from "lucide-react";
import { type Role, useMe } from "#/features/identity/me";
import { Card } from "#/ui/Card";
import { EmptyState } from "#/ui/states";
import { Tag, type Tone } from "#/ui/Tag";
import { PART_STATES, useMyParts } from "./parts";

const ROLES: Record<Role, [MessageDescriptor, Tone]> = {
  mentor: [msg`Mentor`, "cloud"],
  mentee: [msg`Mentee`, "lake"],
  programme_manager: [msg`Programme manager`, "spruce"],
  organization_admin: [msg`Administrator`, "plain"],
};
const ROW = "flex min-h-14 items-center gap-3 border-t border-line px-5 py-3 hover:bg-sunken";

/** My programs, and my part in each: a press away from a break, a new word about me, or a farewell. */
export function MyParts() {
  const { t, i18n } = useLingui();
  const { programs } = useMe();
  return (
    <Card title={<Trans>My programs</Trans>} flush>
      {programs.length === 0 && (
        <EmptyState title={t`You are in no program yet`}>
          <Trans>An invitation comes by mail, and to your home page.</Trans>
        </EmptyState>
      )}
      <ul>
        {programs.map((program) => (
          <li key={program.id}>
            <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line px-5 py-3">
              <span className="font-medium">{program.name}</span>
              <span className="flex flex-wrap gap-1.5">
                {program.roles.map((role) => (
                  <Tag key={role} tone={ROLES[role][1]}>
                    {i18n._(ROLES[role][0])}
                  </Tag>
                ))}
              </span>
            </div>
            <Parts programId={program.id} />
          </li>
        ))}
      </ul>
      {programs.some(({ roles }) => roles.includes("mentee")) && (
        <Link to="/challenges" className={ROW}>
          <Lightbulb size={19} aria-hidden className="shrink-0 text-lake-text" />
          <span className="grow text-sm font-semibold">
            <Trans>What I would like to understand</Trans>
          </span>
          <ChevronRight size={18} aria-hidden className="shrink-0 text-ink-3" />
        </Link>
      )}
    </Card>
  );
}

function Parts({ programId }: { programId: string }) {
  const { i18n } = useLingui();
  return useMyParts(programId).map((part) => (
    <Link key={part.id} to="/parts/$enrollmentId" params={{ enrollmentId: part.id }} className={ROW}>
      <span className="min-w-0 grow">
        <span className="block text-sm font-semibold">
          {part.role === "mentor" ? <Trans>My part as mentor</Trans> : <Trans>My part as mentee</Trans>}
        </span>
        <span className="block text-sm text-ink-3">{i18n._(PART_STATES[part.state].label)}</span>
      </span>
      <ChevronRight size={18} aria-hidden className="shrink-0 text-ink-3" />
    </Link>
  ));
}
