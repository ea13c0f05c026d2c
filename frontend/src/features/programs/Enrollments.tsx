import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Check, Clock, Download, SearchX, UserPlus, UsersRound, X } from "lucide-react";
import { useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { EnrollmentOut, ProgramOut } from "#/api/types";
import { Avatar } from "#/ui/Avatar";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { FilterSelect, SearchField } from "#/ui/Filters";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { type Column, Table } from "#/ui/Table";
import { Tag } from "#/ui/Tag";
import { EnrollDialog } from "./EnrollDialog";
import { useTags } from "./queries";
import { ENROLLMENT_STATES, type EnrollmentState, ROLES } from "./words";

/** Who takes part, who waits, and what they bring. */
export function Enrollments({ program }: { program: ProgramOut }) {
  const { t, i18n } = useLingui();
  const [adding, setAdding] = useState(false);
  const search = useSearch({ from: "/shell/manage/programs/$programId" });
  const navigate = useNavigate();
  const change = (next: Partial<typeof search>) =>
    void navigate({ to: ".", search: (old: typeof search) => ({ ...old, ...next }), replace: true });
  return (
    <Card
      title={<Trans>Taking part</Trans>}
      actions={
        <>
          <a href={`/v1/programs/${program.id}/enrollments/export`} download className={buttonLook()}>
            <Download size={18} aria-hidden />
            <Trans>As a sheet</Trans>
          </a>
          <CanButton
            can={program.can}
            action="enroll"
            tone="primary"
            icon={UserPlus}
            onClick={() => setAdding(true)}
          >
            <Trans>Enroll a person</Trans>
          </CanButton>
        </>
      }
      flush
    >
      <div className="grid grid-cols-2 gap-2 px-5 pb-4 sm:flex sm:flex-wrap">
        <SearchField
          label={t`Find by name`}
          value={search.q ?? ""}
          onSearch={(q) => change({ q })}
          className="col-span-2 sm:min-w-56 sm:flex-1"
        />
        <FilterSelect
          label={t`Role`}
          value={search.role ?? ""}
          options={[
            { value: "", label: t`Both roles` },
            { value: "mentor", label: t`Mentors` },
            { value: "mentee", label: t`Mentees` },
          ]}
          onChange={(role) => change({ role })}
        />
        <FilterSelect
          label={t`State`}
          value={search.state ?? ""}
          options={[
            { value: "", label: t`Any state` },
            ...Object.entries(ENROLLMENT_STATES).map(([value, { label }]) => ({
              value,
              label: i18n._(label),
            })),
          ]}
          onChange={(state) => change({ state })}
        />
      </div>
      <Rows
        program={program}
        {...search}
        onClear={() => change({ q: undefined, role: undefined, state: undefined })}
        onAdd={() => setAdding(true)}
      />
      <EnrollDialog program={program} open={adding} onClose={() => setAdding(false)} />
    </Card>
  );
}

function Rows({
  program,
  q,
  role,
  state,
  onClear,
  onAdd,
}: {
  program: ProgramOut;
  q?: string;
  role?: string;
  state?: string;
  onClear: () => void;
  onAdd: () => void;
}) {
  const { t } = useLingui();
  const columns = useColumns();
  const enrollments = $api.useInfiniteQuery(
    "get",
    "/v1/programs/{program_id}/enrollments",
    {
      params: {
        path: { program_id: program.id },
        query: {
          limit: 50,
          q,
          role: role as EnrollmentOut["role"] | undefined,
          state: state as EnrollmentState | undefined,
        },
      },
    },
    {
      ...byCursor,
      placeholderData: keepPreviousData,
    },
  );
  return (
    <Loaded
      query={enrollments}
      skeleton={
        <div className="border-t border-line p-5">
          <Skeleton lines={6} />
        </div>
      }
    >
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.items);
        if (rows.length === 0)
          return q || role || state ? (
            <EmptyState
              icon={SearchX}
              title={t`Nobody fits these filters`}
              action={
                <Button onClick={onClear}>
                  <Trans>Show everyone</Trans>
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={UsersRound}
              title={t`Nobody takes part yet`}
              action={
                <Button onClick={onAdd}>
                  <Trans>Enroll the first person</Trans>
                </Button>
              }
            >
              <Trans>Mentors bring a fresh eye, not hard expertise. Mentees bring questions.</Trans>
            </EmptyState>
          );
        return (
          <>
            <Table caption={t`People taking part`} columns={columns} rows={rows} rowKey={(row) => row.id} />
            <ShowMore query={enrollments}>
              <Trans>Show more people</Trans>
            </ShowMore>
          </>
        );
      }}
    </Loaded>
  );
}

function useColumns(): Column<EnrollmentOut>[] {
  const { t, i18n } = useLingui();
  const { nameOf } = useTags();
  return [
    {
      key: "person",
      head: t`Name`,
      cell: (each) => (
        <div className="flex items-center gap-3 max-md:w-[70vw]">
          <Avatar name={each.person.display_name} side={each.role} />
          <div className="min-w-0">
            <p className="font-semibold">{each.person.display_name}</p>
            <p className="text-sm text-ink-3">
              {[each.person.title, each.person.division].filter(Boolean).join(" · ")}
            </p>
          </div>
        </div>
      ),
    },
    {
      key: "role",
      head: t`Role`,
      cell: (each) => <Tag tone={ROLES[each.role].tone}>{i18n._(ROLES[each.role].label)}</Tag>,
    },
    {
      key: "state",
      head: t`State`,
      cell: (each) => (
        <Tag tone={ENROLLMENT_STATES[each.state].tone}>{i18n._(ENROLLMENT_STATES[each.state].label)}</Tag>
      ),
    },
    {
      key: "brings",
      head: t`Skills and topics`,
      phone: false,
      cell: (each) => (
        <p className="line-clamp-2 max-w-72 text-sm text-ink-3">
          {[...each.skills.map((skill) => skill.slug), ...each.topics].map(nameOf).join(" · ")}
        </p>
      ),
    },
    {
      key: "do",
      head: <span className="sr-only">{t`What you can do`}</span>,
      align: "end",
      cell: (each) => <Decide enrollment={each} />,
    },
  ];
}

/** A yes, a later or a no to somebody who wants to take part. */
function Decide({ enrollment }: { enrollment: EnrollmentOut }) {
  const { t } = useLingui();
  const name = enrollment.person.display_name;
  const path = { params: { path: { enrollment_id: enrollment.id } } };
  const approve = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/approve");
  const waitlist = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/waitlist");
  const decline = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/decline");
  if (enrollment.state !== "applied" && enrollment.state !== "waitlisted") return null;
  const may = (verb: string) => enrollment.can[verb]?.allowed;
  return (
    <div className="flex flex-wrap gap-2 md:justify-end">
      {may("approve") && (
        <Button
          tone="primary"
          icon={Check}
          aria-label={t`Yes to ${name}`}
          busy={approve.isPending}
          onClick={() => approve.mutate(path)}
        >
          <Trans>Yes</Trans>
        </Button>
      )}
      {may("waitlist") && (
        <Button
          icon={Clock}
          aria-label={t`Later: ${name} to the waiting list`}
          busy={waitlist.isPending}
          onClick={() => waitlist.mutate(path)}
        >
          <Trans>Later</Trans>
        </Button>
      )}
      {may("decline") && (
        <Button
          tone="quiet"
          icon={X}
          aria-label={t`Not this time: ${name}`}
          busy={decline.isPending}
          onClick={() => decline.mutate(path)}
        >
          <Trans>Not this time</Trans>
        </Button>
      )}
    </div>
  );
}
