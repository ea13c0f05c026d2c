import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Plus, UsersRound, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { problemWords } from "#/api/problems";
import type { ScimConnectionOut, ScimGroupOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Select } from "#/ui/Field";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";

type Rule = ScimGroupOut["rules"][number];

/** Groups that came with a connection, and what belonging to one gives. */
export function Groups({ connection }: { connection: ScimConnectionOut }) {
  const { t } = useLingui();
  const groups = $api.useInfiniteQuery(
    "get",
    "/v1/scim-connections/{connection_id}/groups",
    { params: { path: { connection_id: connection.id }, query: { limit: 20 } } },
    byCursor,
  );
  return (
    <Card
      title={<Trans>What groups give</Trans>}
      lead={
        <Trans>A role for as long as somebody belongs to the group, or an invitation into a program</Trans>
      }
      flush
    >
      <Loaded
        query={groups}
        skeleton={
          <div className="p-5 pt-0">
            <Skeleton lines={3} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0)
            return (
              <EmptyState icon={UsersRound} title={t`No groups have come`}>
                <Trans>Assign groups to the application in the other system, then they appear here.</Trans>
              </EmptyState>
            );
          return (
            <>
              <ul>
                {rows.map((group) => (
                  <Group key={group.id} group={group} connection={connection} />
                ))}
              </ul>
              <ShowMore query={groups}>
                <Trans>Show more</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function Group({ group, connection }: { group: ScimGroupOut; connection: ScimConnectionOut }) {
  const format = useFormat();
  const [adding, setAdding] = useState(false);
  const end = $api.useMutation("delete", "/v1/scim-connections/{connection_id}/rules/{rule_id}");
  const members = format.number(group.members);
  return (
    <li className="border-t border-line px-5 py-4">
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <h3 className="font-semibold break-words">{group.display_name}</h3>
          <p className="text-sm text-ink-3">
            <Trans>Members: {members}</Trans>
          </p>
        </div>
        <Button icon={Plus} onClick={() => setAdding(true)}>
          <Trans>Add</Trans>
        </Button>
      </div>
      {group.rules.length > 0 && (
        <ul className="mt-2 flex flex-col gap-1">
          {group.rules.map((rule) => (
            <li key={rule.id} className="flex items-center gap-2 text-sm">
              <span className="min-w-0 flex-1">
                <RuleWords rule={rule} />
              </span>
              <Button
                tone="quiet"
                icon={X}
                busy={end.isPending}
                onClick={() =>
                  end.mutate({ params: { path: { connection_id: connection.id, rule_id: rule.id } } })
                }
              >
                <Trans>Remove</Trans>
              </Button>
            </li>
          ))}
        </ul>
      )}
      {adding && <AddRule group={group} connection={connection} onClose={() => setAdding(false)} />}
    </li>
  );
}

function RuleWords({ rule }: { rule: Rule }) {
  const program = rule.program_name;
  if (rule.part === "mentor") return <Trans>Invited as mentors: {program}</Trans>;
  if (rule.part === "mentee") return <Trans>Invited as mentees: {program}</Trans>;
  const role =
    rule.role === "programme_manager" ? (
      <Trans>Program manager</Trans>
    ) : rule.role === "sponsor" ? (
      <Trans>Sponsor</Trans>
    ) : rule.role === "safeguarding_contact" ? (
      <Trans>Safeguarding contact</Trans>
    ) : (
      <Trans>Admin</Trans>
    );
  return (
    <>
      {role}
      {program && `: ${program}`}
    </>
  );
}

function AddRule({
  group,
  connection,
  onClose,
}: {
  group: ScimGroupOut;
  connection: ScimConnectionOut;
  onClose: () => void;
}) {
  const { t, i18n } = useLingui();
  const [what, setWhat] = useState("mentor");
  const programs = useQuery($api.queryOptions("get", "/v1/programs", { params: { query: { limit: 100 } } }));
  const add = $api.useMutation("post", "/v1/scim-connections/{connection_id}/groups/{group_id}/rules", {
    onSuccess: onClose,
  });
  const isPart = what === "mentor" || what === "mentee";
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const program = String(new FormData(event.currentTarget).get("program") ?? "") || null;
    const path = { connection_id: connection.id, group_id: group.id };
    const given = isPart ? { part: what as "mentor" | "mentee" } : { role: what as "sponsor" };
    add.mutate({
      params: { path },
      body: { ...given, program_id: what === "organization_admin" ? null : program },
    });
  }
  const everywhere = { value: "", label: t`All programs` };
  const listed = (programs.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Dialog open onClose={onClose} title={t`What the group gives`}>
      <form onSubmit={onSubmit} className="flex flex-col gap-5">
        <Select
          label={t`Who belongs to the group`}
          value={what}
          onChange={(event) => setWhat(event.target.value)}
          options={[
            { value: "mentor", label: t`is invited as mentor` },
            { value: "mentee", label: t`is invited as mentee` },
            { value: "programme_manager", label: t`manages programs` },
            { value: "sponsor", label: t`is sponsor` },
            { value: "safeguarding_contact", label: t`is safeguarding contact` },
            { value: "organization_admin", label: t`is admin of the organization` },
          ]}
        />
        {what !== "organization_admin" && (
          <Select
            label={t`In which program`}
            name="program"
            options={isPart ? listed : [everywhere, ...listed]}
          />
        )}
        {add.error && (
          <p role="alert" className="text-sm font-semibold text-lingon-text">
            {i18n._(problemWords(add.error))}
          </p>
        )}
        <div>
          <Button type="submit" tone="primary" busy={add.isPending}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
