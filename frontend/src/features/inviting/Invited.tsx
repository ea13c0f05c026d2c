import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData } from "@tanstack/react-query";
import { Mail, RotateCw, Undo2 } from "lucide-react";
import { useState } from "react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { InvitationOut, ProgramOut } from "#/api/types";
import { ROLES } from "#/features/programs/words";
import { useFormat } from "#/lib/format";
import { Avatar } from "#/ui/Avatar";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { FilterSelect } from "#/ui/Filters";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, Skeleton } from "#/ui/states";
import { type Column, Table } from "#/ui/Table";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { INVITATION_STATES } from "./words";

/** Who was invited, and what became of it. */
export function Invited({ program }: { program: ProgramOut }) {
  const { t, i18n } = useLingui();
  const [state, setState] = useState("");
  const columns = useColumns();
  const invitations = $api.useInfiniteQuery(
    "get",
    "/v1/programs/{program_id}/invitations",
    {
      params: {
        path: { program_id: program.id },
        query: { limit: 50, state: (state || undefined) as InvitationOut["state"] | undefined },
      },
    },
    {
      ...byCursor,
      placeholderData: keepPreviousData,
    },
  );
  return (
    <Card
      title={<Trans>Invitations</Trans>}
      lead={<Trans>What became of each of them</Trans>}
      actions={
        <FilterSelect
          label={t`State`}
          value={state}
          options={[
            { value: "", label: t`Any state` },
            ...Object.entries(INVITATION_STATES).map(([value, { label }]) => ({
              value,
              label: i18n._(label),
            })),
          ]}
          onChange={setState}
        />
      }
      flush
    >
      <Loaded
        query={invitations}
        skeleton={
          <div className="border-t border-line p-5">
            <Skeleton lines={4} />
          </div>
        }
      >
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0)
            return (
              <EmptyState
                icon={Mail}
                title={state ? t`No invitation is in this state` : t`Nobody was invited yet`}
                action={
                  state && (
                    <Button onClick={() => setState("")}>
                      <Trans>Show all</Trans>
                    </Button>
                  )
                }
              >
                {!state && <Trans>Each has two weeks to answer. A no needs no reason.</Trans>}
              </EmptyState>
            );
          return (
            <>
              <Table caption={t`Invitations`} columns={columns} rows={rows} rowKey={(row) => row.id} />
              <ShowMore query={invitations}>
                <Trans>Show more invitations</Trans>
              </ShowMore>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function useColumns(): Column<InvitationOut>[] {
  const { t, i18n } = useLingui();
  const format = useFormat();
  return [
    {
      key: "person",
      head: t`Name`,
      cell: ({ person, role }) => (
        <div className="flex items-center gap-3 max-md:w-[70vw]">
          <Avatar name={person.display_name} side={role} />
          <div className="min-w-0">
            <p className="font-semibold">{person.display_name}</p>
            <p className="text-sm text-ink-3">{person.title}</p>
          </div>
        </div>
      ),
    },
    {
      key: "role",
      head: t`Role`,
      cell: ({ role }) => <Tag tone={ROLES[role].tone}>{i18n._(ROLES[role].label)}</Tag>,
    },
    {
      key: "state",
      head: t`State`,
      cell: ({ state }) => (
        <Tag tone={INVITATION_STATES[state].tone}>{i18n._(INVITATION_STATES[state].label)}</Tag>
      ),
    },
    {
      key: "when",
      head: t`Sent, answer by`,
      cell: ({ sent_at, due_at, state }) => (
        <span className="text-sm text-ink-3">
          {format.date(sent_at)}
          {state === "pending" && ` – ${format.date(due_at)}`}
        </span>
      ),
    },
    {
      key: "do",
      head: <span className="sr-only">{t`What you can do`}</span>,
      align: "end",
      cell: (each) => each.state === "pending" && <Deeds invitation={each} />,
    },
  ];
}

function Deeds({ invitation }: { invitation: InvitationOut }) {
  const { t } = useLingui();
  const path = { params: { path: { invitation_id: invitation.id } } };
  const name = invitation.person.display_name;
  const resend = $api.useMutation("post", "/v1/invitations/{invitation_id}/resend", {
    onSuccess: () => toast(t`Asked once more.`),
  });
  const revoke = $api.useMutation("post", "/v1/invitations/{invitation_id}/revoke");
  return (
    <div className="flex flex-wrap gap-2 md:justify-end">
      {invitation.can.resend?.allowed && (
        <Button
          icon={RotateCw}
          aria-label={t`Ask once more: ${name}`}
          busy={resend.isPending}
          onClick={() => resend.mutate(path)}
        >
          <Trans>Ask once more</Trans>
        </Button>
      )}
      {invitation.can.revoke?.allowed && (
        <Button
          tone="quiet"
          icon={Undo2}
          aria-label={t`Take back the invitation of ${name}`}
          busy={revoke.isPending}
          onClick={() => revoke.mutate(path)}
        >
          <Trans>Take back</Trans>
        </Button>
      )}
    </div>
  );
}
