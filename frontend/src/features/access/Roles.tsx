import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData } from "@tanstack/react-query";
import { UserPlus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { problemWords } from "#/api/problems";
import type { GrantOut, PersonSummary } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { PersonPicker } from "#/features/people/PersonPicker";
import { Avatar } from "#/ui/Avatar";
import { Button, IconButton } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { Select } from "#/ui/Field";
import { ShowMore } from "#/ui/ShowMore";

type Role = GrantOut["role"];

function useRoleNames(): Record<Role, string> {
  const { t } = useLingui();
  return {
    organization_admin: t`Admins`,
    programme_manager: t`Programme managers`,
    safeguarding_contact: t`Safeguarding contacts`,
    sponsor: t`Sponsors`,
    delegate: t`Delegates`,
  };
}

function useRoleMeans(): Record<Role, string> {
  const { t } = useLingui();
  return {
    organization_admin: t`Bring people in, give roles, look after sign-in. They see no talk and no note.`,
    programme_manager: t`Run a program: invite, match, keep it alive. They see no talk and no note.`,
    safeguarding_contact: t`Read the worries that people entrust to them, and nothing else.`,
    sponsor: t`See figures and shared insights.`,
    delegate: t`Book talks for somebody.`,
  };
}

/** Who has which role, by role. */
export function Roles() {
  const { t } = useLingui();
  const names = useRoleNames();
  const means = useRoleMeans();
  const [giving, setGiving] = useState(false);
  const grants = $api.useInfiniteQuery(
    "get",
    "/v1/organization/grants",
    { params: { query: { limit: 100 } } },
    { ...byCursor, placeholderData: keepPreviousData },
  );
  return (
    <Card
      title={<Trans>Roles</Trans>}
      lead={<Trans>A role acts at once, and ends at once.</Trans>}
      actions={
        <Button tone="primary" icon={UserPlus} onClick={() => setGiving(true)}>
          <Trans>Give a role</Trans>
        </Button>
      }
      flush
    >
      <Loaded query={grants}>
        {({ pages }) => (
          <>
            {(Object.keys(names) as Role[])
              .map(
                (role) =>
                  [role, pages.flatMap(({ items }) => items).filter((grant) => grant.role === role)] as const,
              )
              .filter(([, held]) => held.length > 0)
              .map(([role, held]) => (
                <section key={role} aria-label={names[role]} className="border-t border-line px-5 py-4">
                  <h3 className="font-semibold">{names[role]}</h3>
                  <p className="text-sm text-ink-3">{means[role]}</p>
                  <ul className="mt-2 flex flex-col">
                    {held.map((grant) => (
                      <Held key={grant.id} grant={grant} role={names[role]} />
                    ))}
                  </ul>
                </section>
              ))}
            <ShowMore query={grants}>
              <Trans>Show more</Trans>
            </ShowMore>
          </>
        )}
      </Loaded>
      <Dialog open={giving} onClose={() => setGiving(false)} title={t`Give a role`}>
        <Give onDone={() => setGiving(false)} />
      </Dialog>
    </Card>
  );
}

function Held({ grant, role }: { grant: GrantOut; role: string }) {
  const { t } = useLingui();
  const me = useMe();
  const take = $api.useMutation("delete", "/v1/organization/grants/{grant_id}");
  const own = grant.person_id === me.person?.id && grant.role === "organization_admin";
  const name = grant.display_name;
  return (
    <li className="flex min-h-14 items-center gap-3">
      <Avatar name={name} />
      <div className="min-w-0 grow">
        <p className="font-semibold">{name}</p>
        <p className="text-sm text-ink-3">
          {grant.program_name ?? grant.unit_name ?? <Trans>The whole organization</Trans>}
        </p>
      </div>
      {own ? (
        <span className="text-sm text-ink-3">
          <Trans>You</Trans>
        </span>
      ) : (
        <IconButton
          icon={X}
          label={t`Take the role from ${name}: ${role}`}
          aria-busy={take.isPending}
          onClick={() => take.mutate({ params: { path: { grant_id: grant.id } } })}
        />
      )}
    </li>
  );
}

function Give({ onDone }: { onDone: () => void }) {
  const { t, i18n } = useLingui();
  const names = useRoleNames();
  const means = useRoleMeans();
  const [person, setPerson] = useState<PersonSummary | null>(null);
  const [role, setRole] = useState<Role>("programme_manager");
  const [missing, setMissing] = useState(false);
  const programs = $api.useQuery("get", "/v1/programs", { params: { query: { limit: 100 } } });
  const give = $api.useMutation("post", "/v1/organization/grants", {
    onSuccess: onDone,
    meta: { quiet: true },
  });
  const units = $api.useQuery("get", "/v1/organization/units", { params: { query: { limit: 100 } } });
  const inUnit = role === "programme_manager" || role === "sponsor" || role === "organization_admin";
  const inProgram = inUnit && role !== "organization_admin";
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setMissing(!person);
    if (!person) return;
    const [kind, id] = inUnit ? String(new FormData(event.currentTarget).get("place") ?? "").split(":") : [];
    const place = {
      program_id: kind === "program" && id ? id : null,
      unit_id: kind === "unit" && id ? id : null,
    };
    give.mutate({ body: { person_id: person.id, role, ...place } });
  }
  const given = Object.keys(names).filter((each) => each !== "delegate") as Role[];
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <PersonPicker
        label={t`Who?`}
        chosen={person}
        onChoose={setPerson}
        error={missing && !person ? t`Choose somebody first.` : undefined}
      />
      <Select
        label={t`Role`}
        value={role}
        onChange={({ target }) => setRole(target.value as Role)}
        hint={means[role]}
        options={given.map((each) => ({ value: each, label: names[each] }))}
      />
      {inUnit && (
        <Select
          key={role}
          label={t`Where?`}
          name="place"
          options={[
            { value: "", label: t`The whole organization` },
            ...(units.data?.items ?? []).map(({ id, name }) => ({
              value: `unit:${id}`,
              label: t`Unit: ${name}`,
            })),
            ...(inProgram ? (programs.data?.items ?? []) : []).map(({ id, name }) => ({
              value: `program:${id}`,
              label: name,
            })),
          ]}
        />
      )}
      {give.isError && (
        <p role="alert" className="text-sm font-semibold text-lingon-text">
          {i18n._(problemWords(give.error))}
        </p>
      )}
      <Button type="submit" tone="primary" busy={give.isPending}>
        <Trans>Give the role</Trans>
      </Button>
    </form>
  );
}
