import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Download, FileUp, Network, SearchX, UsersRound } from "lucide-react";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { PersonSummary } from "#/api/types";
import { useFormat } from "#/lib/format";
import { Avatar } from "#/ui/Avatar";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { FilterSelect, SearchField } from "#/ui/Filters";
import { Notice } from "#/ui/Notice";
import { Page } from "#/ui/Page";
import { ShowMore } from "#/ui/ShowMore";
import { EmptyState, NoPermission, Skeleton } from "#/ui/states";
import { type Column, Table } from "#/ui/Table";
import { Tag } from "#/ui/Tag";
import { useIsAdmin, useReadsDirectory } from "./access";
import { STATUSES } from "./words";

type Search = ReturnType<typeof useFilters>["search"];

function useFilters() {
  const search = useSearch({ from: "/shell/manage/people" });
  const navigate = useNavigate({ from: "/people" });
  const change = (next: Partial<typeof search>) =>
    void navigate({ to: "/people", search: (old) => ({ ...old, ...next }), replace: true });
  return { search, change, clear: () => void navigate({ to: "/people", search: {}, replace: true }) };
}

export function PeoplePage() {
  const { t } = useLingui();
  const mayRead = useReadsDirectory();
  return mayRead ? (
    <Directory />
  ) : (
    <Page title={t`People`}>
      <NoPermission />
    </Page>
  );
}

function Directory() {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const isAdmin = useIsAdmin();
  const { search, change } = useFilters();
  const facets = useQuery($api.queryOptions("get", "/v1/people/facets", {}, { staleTime: 60_000 }));
  const { sort: _, ...only } = search;
  const filters = new URLSearchParams(
    Object.entries(only).filter((each): each is [string, string] => Boolean(each[1])),
  );
  const total = facets.data && format.number(facets.data.total);
  const unknown = facets.data?.unknown_lines ?? 0;
  const choices = (values: { value: string; count: number }[] | undefined, all: string) => [
    { value: "", label: all },
    ...(values ?? []).map(({ value, count }) => ({ value, label: `${value} (${format.number(count)})` })),
  ];
  return (
    <Page
      title={t`People`}
      lead={total && <Trans>{total} in the directory</Trans>}
      actions={
        <>
          <a href={`/v1/people/export?${filters}`} download className={buttonLook()}>
            <Download size={18} aria-hidden />
            <Trans>As a sheet</Trans>
          </a>
          {isAdmin && (
            <Link to="/imports" className={buttonLook({ tone: "primary" })}>
              <FileUp size={18} aria-hidden />
              <Trans>Bring in people</Trans>
            </Link>
          )}
        </>
      }
    >
      {unknown > 0 && search.has_unknown_line !== "true" && (
        <Notice
          tone="cloud"
          icon={Network}
          title={
            <Plural
              value={unknown}
              one="# person has an unknown reporting line"
              other="# people have an unknown reporting line"
            />
          }
          action={
            <Button onClick={() => change({ has_unknown_line: "true" })}>
              <Trans>Show them</Trans>
            </Button>
          }
        >
          <Trans>They can't be paired until we know who leads them.</Trans>
        </Notice>
      )}
      <Card flush>
        <div className="grid grid-cols-2 gap-2 p-4 sm:flex sm:flex-wrap">
          <SearchField
            label={t`Find by name, mail or title`}
            value={search.q ?? ""}
            onSearch={(q) => change({ q })}
            className="col-span-2 sm:min-w-60 sm:flex-1"
          />
          <FilterSelect
            label={t`Division`}
            value={search.division ?? ""}
            options={choices(facets.data?.divisions, t`All divisions`)}
            onChange={(division) => change({ division })}
          />
          <FilterSelect
            label={t`Site`}
            value={search.site ?? ""}
            options={choices(facets.data?.sites, t`All sites`)}
            onChange={(site) => change({ site })}
          />
          <FilterSelect
            label={t`Status`}
            value={search.status ?? ""}
            options={[
              { value: "", label: t`Everyone here now` },
              ...Object.entries(STATUSES).map(([value, { label }]) => ({ value, label: i18n._(label) })),
            ]}
            onChange={(status) => change({ status })}
          />
          <FilterSelect
            label={t`Reporting line`}
            value={search.has_unknown_line ?? ""}
            options={[
              { value: "", label: t`Any reporting line` },
              { value: "true", label: t`Unknown line` },
              { value: "false", label: t`Known line` },
            ]}
            onChange={(has_unknown_line) => change({ has_unknown_line })}
          />
          <FilterSelect
            label={t`Order`}
            value={search.sort ?? ""}
            options={[
              { value: "", label: t`By name, A to Z` },
              { value: "-name", label: t`By name, Z to A` },
              { value: "-level", label: t`Highest level first` },
              { value: "level", label: t`Lowest level first` },
            ]}
            onChange={(sort) => change({ sort })}
            className="max-sm:col-span-2"
          />
        </div>
        <Rows search={search} />
      </Card>
    </Page>
  );
}

function usePeople(search: Search) {
  const unknown = search.has_unknown_line;
  return $api.useInfiniteQuery(
    "get",
    "/v1/people",
    {
      params: {
        query: {
          limit: 50,
          q: search.q,
          division: search.division,
          site: search.site,
          status: search.status as PersonSummary["status"] | undefined,
          has_unknown_line: unknown === undefined ? undefined : unknown === "true",
          sort: (search.sort ?? "name") as "name" | "-name" | "level" | "-level",
        },
      },
    },
    {
      ...byCursor,
      placeholderData: keepPreviousData,
    },
  );
}

function Rows({ search }: { search: Search }) {
  const { t } = useLingui();
  const { clear } = useFilters();
  const columns = useColumns();
  const people = usePeople(search);
  const filtered = Object.values(search).some(Boolean);
  return (
    <Loaded
      query={people}
      skeleton={
        <div className="border-t border-line p-5">
          <Skeleton lines={9} />
        </div>
      }
    >
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.items);
        if (rows.length === 0)
          return filtered ? (
            <EmptyState
              icon={SearchX}
              title={t`Nobody fits these filters`}
              action={
                <Button onClick={clear}>
                  <Trans>Show everyone</Trans>
                </Button>
              }
            />
          ) : (
            <EmptyState icon={UsersRound} title={t`Nobody here yet`}>
              <Trans>A file from your HR system is enough to begin.</Trans>
            </EmptyState>
          );
        return (
          <>
            <Table
              caption={t`People of the directory`}
              columns={columns}
              rows={rows}
              rowKey={(row) => row.id}
            />
            <ShowMore query={people}>
              <Trans>Show more people</Trans>
            </ShowMore>
          </>
        );
      }}
    </Loaded>
  );
}

function useColumns(): Column<PersonSummary>[] {
  const { t, i18n } = useLingui();
  return [
    {
      key: "name",
      head: t`Name`,
      cell: (person) => (
        <div className="flex items-center gap-3 max-md:w-[70vw]">
          <Avatar name={person.display_name} />
          <div className="min-w-0">
            <Link
              to="/people/$personId"
              params={{ personId: person.id }}
              className="font-semibold hover:underline"
            >
              {person.display_name}
            </Link>
            <p className="text-sm text-ink-3">{person.title}</p>
          </div>
        </div>
      ),
    },
    {
      key: "division",
      head: t`Where`,
      cell: (person) => (
        <div className="text-sm max-md:text-ink-3">
          <p>{[person.division, person.department].filter(Boolean).join(" · ")}</p>
          <p className="text-ink-3 max-md:hidden">{person.site}</p>
        </div>
      ),
    },
    {
      key: "manager",
      head: t`Manager`,
      phone: false,
      cell: (person) =>
        person.manager ? (
          <span className="text-sm">{person.manager.display_name}</span>
        ) : (
          person.line === "top" && (
            <span className="text-sm text-ink-3">
              <Trans>Leads everyone under them</Trans>
            </span>
          )
        ),
    },
    {
      key: "level",
      head: t`Level`,
      phone: false,
      align: "end",
      cell: (person) => person.job_level,
    },
    {
      key: "state",
      head: <span className="sr-only">{t`To note`}</span>,
      cell: (person) => (
        <span className="flex flex-wrap gap-1.5 md:justify-end">
          {person.line === "unknown" && (
            <Tag tone="cloud">
              <Trans>Unknown line</Trans>
            </Tag>
          )}
          {person.status !== "active" && (
            <Tag tone={STATUSES[person.status].tone}>{i18n._(STATUSES[person.status].label)}</Tag>
          )}
        </span>
      ),
    },
  ];
}
