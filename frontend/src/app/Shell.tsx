import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import {
  ChevronsUpDown,
  CloudOff,
  Languages,
  LogOut,
  Moon,
  Plus,
  Search,
  Smile,
  Sun,
  SunMoon,
} from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { client, ifMatch } from "#/api/client";
import { rolesOf, useCurrentProgram, useMe, useSignOut } from "#/features/identity/me";
import { activateLocale, LOCALE_NAMES, LOCALES, type Locale } from "#/lib/i18n";
import { useOnline } from "#/lib/online";
import { storage } from "#/lib/storage";
import { cx } from "#/lib/text";
import { setTheme, useTheme } from "#/lib/theme";
import { useWide } from "#/lib/width";
import { Avatar } from "#/ui/Avatar";
import { AfterMark, Mark } from "#/ui/Mark";
import { Menu } from "#/ui/Menu";
import { Toasts } from "#/ui/toast";
import { bottomBar, type Destination, destinations } from "./navigation";

const loadPalette = () => import("./Palette");
const Palette = lazy(loadPalette);

const ICON_BUTTON =
  "inline-flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-xl px-2.5 text-sm font-semibold text-ink-2 transition-colors hover:bg-sunken hover:text-ink sm:min-h-10 sm:min-w-10";

/** The frame around every page. */
export function Shell() {
  return (
    <AfterMark>
      <Frame />
    </AfterMark>
  );
}

/** Side bar, header, bottom bar. */
function Frame() {
  const { t } = useLingui();
  const [searching, setSearching] = useState(false);
  const main = useRef<HTMLElement>(null);
  const wide = useWide();
  const { pathname } = useLocation();
  const seen = useRef(pathname);
  useEffect(() => {
    // A new page starts at its beginning for keyboards and screen readers too.
    if (seen.current !== pathname) main.current?.focus({ preventScroll: true });
    seen.current = pathname;
  }, [pathname]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setSearching(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <div className="lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-50 rounded-xl bg-spruce px-4 py-3 font-semibold text-on-spruce focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        <Trans>Skip to content</Trans>
      </a>
      {wide && <SideBar />}
      <div className="flex min-h-dvh min-w-0 flex-col">
        <Header wide={wide} onSearch={() => setSearching(true)} />
        <OfflineBar />
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="w-full grow px-4 pt-6 pb-28 sm:px-6 lg:px-8 lg:pb-12"
        >
          {!wide && <PhoneSwitcher />}
          <Outlet />
        </main>
      </div>
      {!wide && <BottomBar />}
      <Toasts closeLabel={t`Close`} />
      {searching && (
        <Suspense>
          <Palette onClose={() => setSearching(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Brand() {
  const { accent, logo_url, name } = useMe().organization;
  useEffect(() => {
    document.documentElement.dataset.accent = accent;
  }, [accent]);
  return (
    <Link to="/" className="flex items-center gap-3 rounded-xl font-display text-xl font-bold">
      {logo_url ? (
        <img src={logo_url} alt={name} className="h-9 max-w-32 rounded-lg bg-white object-contain p-0.5" />
      ) : (
        <Mark size={34} />
      )}
      <span className="max-[359px]:sr-only">Vuoro</span>
    </Link>
  );
}

function useDestinations(): Destination[] {
  const me = useMe();
  const [program] = useCurrentProgram();
  return destinations(me, program);
}

function SideBar() {
  const { t, i18n } = useLingui();
  const list = useDestinations();
  return (
    <aside className="sticky top-0 flex h-dvh flex-col gap-6 border-r border-line px-3 py-5">
      <div className="px-2">
        <Brand />
      </div>
      <ProgramSwitcher />
      <nav aria-label={t`Main`} className="flex flex-col gap-0.5 overflow-y-auto">
        {list.map((each) => (
          <Link
            key={each.to}
            to={each.to}
            activeOptions={{ exact: each.exact ?? false, includeSearch: false }}
            className="flex min-h-10 items-center gap-3 rounded-xl px-3 text-sm font-medium text-ink-2 transition-colors hover:bg-sunken hover:text-ink aria-[current=page]:bg-spruce-soft aria-[current=page]:font-semibold aria-[current=page]:text-spruce-text"
          >
            <each.icon size={19} aria-hidden className="shrink-0" />
            {i18n._(each.label)}
          </Link>
        ))}
      </nav>
      <div className="mt-auto">
        <UserMenu wide />
      </div>
    </aside>
  );
}

function ProgramSwitcher() {
  const { t } = useLingui();
  const me = useMe();
  const [program, choose] = useCurrentProgram();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const roles = rolesOf(me, program);
  const founder = roles.has("programme_manager") || roles.has("organization_admin");
  const items = me.programs.map((each) => ({
    id: each.id,
    label: each.name,
    selected: each.id === program?.id,
    onSelect() {
      choose(each.id);
      // A page of the program before becomes the same page of the new one.
      if (program && pathname.includes(program.id)) navigate({ to: pathname.replace(program.id, each.id) });
    },
  }));
  if (founder)
    items.push({
      id: "new",
      label: t`New program`,
      icon: Plus,
      onSelect: () => navigate({ to: "/programs/new" }),
    } as never);
  if (items.length === 0) return null;
  const name = program?.name ?? me.organization.name;
  return (
    <Menu
      label={t`Program: ${name}`}
      items={items}
      className="flex min-h-11 w-full items-center gap-2.5 rounded-xl border border-line bg-surface px-3 text-left text-sm font-semibold"
    >
      <span aria-hidden className="size-2 shrink-0 rounded-full bg-cloud" />
      <span className="grow truncate">{name}</span>
      <ChevronsUpDown size={16} aria-hidden className="shrink-0 text-ink-3" />
    </Menu>
  );
}

/** Without a side bar the switcher stands above the page, when there is something to switch. */
function PhoneSwitcher() {
  const { programs } = useMe();
  if (programs.length < 2) return null;
  return (
    <div className="mb-5 max-w-xs">
      <ProgramSwitcher />
    </div>
  );
}

function Header({ wide, onSearch }: { wide: boolean; onSearch: () => void }) {
  const { t } = useLingui();
  return (
    <header className="sticky top-0 z-30 flex h-16 items-center justify-between gap-2 border-b border-line bg-canvas/95 px-4 sm:px-6 lg:h-[4.5rem] lg:border-transparent lg:px-8">
      {wide ? (
        <button
          type="button"
          onClick={onSearch}
          onPointerEnter={loadPalette}
          onFocus={loadPalette}
          className="flex min-h-10 w-96 max-w-full items-center gap-3 rounded-xl border border-line bg-surface px-3 text-left text-sm font-medium text-ink-3 hover:text-ink"
        >
          <Search size={17} aria-hidden />
          <span className="grow">
            <Trans>Find a page or a person</Trans>
          </span>
          <kbd aria-hidden className="rounded-md border border-line px-1.5 font-sans text-xs">
            Ctrl K
          </kbd>
        </button>
      ) : (
        <Brand />
      )}
      <div className="flex items-center">
        {!wide && (
          <button type="button" onClick={onSearch} aria-label={t`Search`} className={ICON_BUTTON}>
            <Search size={20} aria-hidden />
          </button>
        )}
        <LanguageMenu />
        <ThemeMenu />
        {!wide && <UserMenu />}
      </div>
    </header>
  );
}

function LanguageMenu() {
  const { t, i18n } = useLingui();
  const save = useMutation({
    mutationFn: async (locale: Locale) => {
      const { data } = await client.GET("/v1/me/preferences");
      if (data) await client.PATCH("/v1/me/preferences", { body: { locale }, headers: ifMatch(data) });
    },
    meta: { quiet: true },
  });
  const current = LOCALE_NAMES[i18n.locale as Locale];
  return (
    <Menu
      label={t`Language: ${current}`}
      className={ICON_BUTTON}
      items={LOCALES.map((locale) => ({
        id: locale,
        label: LOCALE_NAMES[locale],
        selected: locale === i18n.locale,
        onSelect: () => activateLocale(locale).then(() => save.mutate(locale)),
      }))}
    >
      <Languages size={20} aria-hidden />
      <span className="max-sm:hidden">{current}</span>
    </Menu>
  );
}

function ThemeMenu() {
  const { t } = useLingui();
  const theme = useTheme();
  const choices = [
    { id: "light" as const, label: t`Light`, icon: Sun },
    { id: "dark" as const, label: t`Dark`, icon: Moon },
    { id: "system" as const, label: t`As the device`, icon: SunMoon },
  ];
  const now = choices.find((choice) => choice.id === theme);
  const Icon = now?.icon ?? SunMoon;
  const name = now?.label ?? "";
  return (
    <Menu
      label={t`Theme: ${name}`}
      className={ICON_BUTTON}
      items={choices.map((choice) => ({
        ...choice,
        selected: choice.id === theme,
        onSelect: () => setTheme(choice.id),
      }))}
    >
      <Icon size={20} aria-hidden />
    </Menu>
  );
}

function UserMenu({ wide = false }: { wide?: boolean }) {
  const { t } = useLingui();
  const me = useMe();
  const navigate = useNavigate();
  const name = me.person?.display_name ?? me.organization.name;
  const { mutate: signOut } = useSignOut();
  return (
    <Menu
      label={t`Your menu: ${name}`}
      speaks={wide}
      className={cx(
        wide ? "flex w-full items-center gap-3 rounded-xl p-2 text-left hover:bg-sunken" : ICON_BUTTON,
      )}
      items={[
        { id: "me", label: t`Me and my settings`, icon: Smile, onSelect: () => navigate({ to: "/me" }) },
        { id: "out", label: t`Sign out`, icon: LogOut, onSelect: () => signOut({}) },
      ]}
    >
      <Avatar
        name={name}
        size={wide ? "md" : "sm"}
        {...(takesSide(me) && { side: takesSide(me) as "mentor" })}
      />
      {wide && (
        <span className="min-w-0">
          <span className="sr-only">
            <Trans>Your menu</Trans>{" "}
          </span>
          <span className="block truncate text-sm font-semibold">{name}</span>
          <span className="block truncate text-xs text-ink-3">
            {me.person?.title ?? me.organization.name}
          </span>
        </span>
      )}
    </Menu>
  );
}

function takesSide(me: ReturnType<typeof useMe>): "mentor" | "mentee" | undefined {
  const roles = me.programs.flatMap((program) => program.roles);
  return roles.includes("mentor") ? "mentor" : roles.includes("mentee") ? "mentee" : undefined;
}

function BottomBar() {
  const { t, i18n } = useLingui();
  const list = bottomBar(useDestinations());
  return (
    <nav
      aria-label={t`Main`}
      className="fixed inset-x-0 bottom-0 z-30 flex justify-center border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]"
    >
      {list.map((each) => (
        <Link
          key={each.to}
          to={each.to}
          activeOptions={{ exact: each.exact ?? false, includeSearch: false }}
          className="group flex min-h-15 min-w-0 max-w-28 flex-1 flex-col items-center justify-start gap-0.5 px-0.5 pt-1.5 pb-1 text-center text-[0.6875rem] leading-3.5 font-medium text-ink-2 aria-[current=page]:text-spruce-text"
        >
          <span className="flex h-7 w-13 max-w-full items-center justify-center rounded-full group-aria-[current=page]:bg-spruce-soft">
            <each.icon size={20} aria-hidden />
          </span>
          <span className="max-w-full hyphens-auto">{i18n._(each.label)}</span>
        </Link>
      ))}
    </nav>
  );
}

/** What was kept on the device without a network is sent from whatever page comes first with one. */
function useKept(online: boolean) {
  const id = useMe().person?.id;
  const cache = useQueryClient();
  useEffect(() => {
    if (!online) return;
    if (storage.get(`vuoro-draft:seeds:${id}`))
      import("#/features/prepare/seedbox").then(({ sendKept }) => sendKept(id, cache));
    if (storage.get(`vuoro-draft:notes:${id}`))
      import("#/features/sessions/outbox").then(({ sendKept }) => sendKept(id, cache));
  }, [online, id, cache]);
}

function OfflineBar() {
  const online = useOnline();
  useKept(online);
  if (online) return null;
  return (
    <p
      role="status"
      className="flex items-center gap-2 bg-cloud-soft px-4 py-2 text-sm text-cloud-text sm:px-6 lg:px-8"
    >
      <CloudOff size={16} aria-hidden className="shrink-0" />
      <Trans>You are offline. You see what was loaded last; changes wait until you are back.</Trans>
    </p>
  );
}
