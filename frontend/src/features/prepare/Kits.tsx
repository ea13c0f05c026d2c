import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Clock, SearchX } from "lucide-react";
import { useState } from "react";
import { Loaded } from "#/api/Loaded";
import type { KitOut } from "#/api/types";
import { kitsQuery } from "#/features/sessions/queries";
import { pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { FilterSelect, SearchField } from "#/ui/Filters";
import { EmptyState, Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";

const AT_FIRST = 9;

/** The kits whose words hold all that is looked for, in the reader's language. */
export function findKits(kits: KitOut[], locale: string, q = "", topic = ""): KitOut[] {
  const wanted = q.toLocaleLowerCase(locale).split(/\s+/u).filter(Boolean);
  return kits.filter((kit) => {
    const texts = [kit.title, kit.purpose, ...kit.topics.map(({ name }) => name), ...kit.mentor_questions];
    const words = texts
      .map((text) => pick(text, locale))
      .join(" ")
      .toLocaleLowerCase(locale);
    return (
      (!topic || kit.topics.some(({ slug }) => slug === topic)) &&
      wanted.every((each) => words.includes(each))
    );
  });
}

/** Ready plans for a talk, to look through by topic and word. */
export function Kits({ current }: { current: string | null }) {
  const { t, i18n } = useLingui();
  const search = useSearch({ from: "/shell/prepare" });
  const navigate = useNavigate({ from: "/prepare" });
  const [all, setAll] = useState(false);
  const kits = useQuery(kitsQuery());
  const topics = new Map(
    kits.data?.items.flatMap(({ topics: those }) =>
      those.map(({ slug, name }) => [slug, pick(name, i18n.locale)] as const),
    ),
  );
  const change = (next: Partial<typeof search>) =>
    navigate({ search: { ...search, ...next }, replace: true, resetScroll: false });
  return (
    <section aria-labelledby="kits" className="flex flex-col gap-4">
      <div>
        <h2 id="kits" className="text-lg font-semibold">
          <Trans>Ready plans for a talk</Trans>
        </h2>
        <p className="text-sm text-ink-3">
          <Trans>
            Questions, an exercise and an ending. Take one when you don't want to start from nothing.
          </Trans>
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <SearchField
          label={t`Find a plan`}
          value={search.q ?? ""}
          onSearch={(q) => change({ q })}
          className="w-full sm:w-72"
        />
        <FilterSelect
          label={t`Topic`}
          value={search.topic ?? ""}
          options={[
            { value: "", label: t`All topics` },
            ...[...topics]
              .map(([value, label]) => ({ value, label }))
              .sort((a, b) => a.label.localeCompare(b.label, i18n.locale)),
          ]}
          onChange={(topic) => change({ topic })}
        />
      </div>
      <Loaded query={kits} skeleton={<Skeleton card lines={6} />}>
        {({ items }) => {
          const found = findKits(items, i18n.locale, search.q, search.topic);
          const shown = all || search.q || search.topic ? found : found.slice(0, AT_FIRST);
          const count = found.length;
          if (count === 0)
            return (
              <EmptyState
                icon={SearchX}
                title={t`No plan with those words`}
                action={
                  <Button onClick={() => change({ q: "", topic: "" })}>
                    <Trans>Show all plans</Trans>
                  </Button>
                }
              />
            );
          return (
            <>
              <p role="status" className="sr-only">
                <Plural value={count} one="# plan" other="# plans" />
              </p>
              <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 xl:grid-cols-3">
                {shown.map((kit) => (
                  <KitCard key={kit.key} kit={kit} current={kit.key === current} />
                ))}
              </ul>
              {shown.length < count && (
                <Button className="self-center" onClick={() => setAll(true)}>
                  <Trans>Show all {count} plans</Trans>
                </Button>
              )}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function KitCard({ kit, current }: { kit: KitOut; current: boolean }) {
  const { i18n } = useLingui();
  return (
    <li className="relative flex flex-col gap-2 rounded-2xl border border-line bg-surface p-4 shadow-card transition-colors hover:bg-sunken">
      <Link
        to="/prepare/kits/$key"
        params={{ key: kit.key }}
        className="font-semibold after:absolute after:inset-0 after:rounded-2xl"
      >
        {pick(kit.title, i18n.locale)}
      </Link>
      <p className="line-clamp-3 text-sm text-ink-3">{pick(kit.purpose, i18n.locale)}</p>
      <div className="mt-auto flex flex-wrap items-center gap-2 pt-1">
        {current && (
          <Tag tone="spruce">
            <Trans>The next talk's plan</Trans>
          </Tag>
        )}
        <KitFacts kit={kit} />
      </div>
    </li>
  );
}

/** How long it takes, where in the row it stands, and what it is about. */
export function KitFacts({ kit }: { kit: KitOut }) {
  const { i18n } = useLingui();
  const { minutes, number } = kit;
  return (
    <>
      <span className="inline-flex items-center gap-1.5 text-xs font-semibold text-ink-2">
        <Clock size={14} aria-hidden />
        <Trans>{minutes} min</Trans>
      </span>
      {kit.kind === "arc" && (
        <Tag tone="lake">
          <Trans>Talk {number}</Trans>
        </Tag>
      )}
      {kit.topics.map(({ slug, name }) => (
        <Tag key={slug} tone="cloud">
          {pick(name, i18n.locale)}
        </Tag>
      ))}
    </>
  );
}
