import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent as lazily,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { ProblemError } from "#/api/problems";
import { todayQuery } from "#/features/analytics/queries";
import { meQuery } from "#/features/identity/me";
import { pairQuery } from "#/features/pairs/queries";
import { sessionQuery } from "#/features/sessions/queries";
import { activateLocale, withWords } from "#/lib/i18n";
import { storage } from "#/lib/storage";
import { NotFoundPage, PageFailed, PagePending } from "./fallbacks";
import { Shell } from "./Shell";

/** Search parameters as the pages that use them declare: plain texts, empty ones left out. */
function texts<Key extends string>(...keys: Key[]) {
  return (search: Record<string, unknown>): Partial<Record<Key, string>> =>
    Object.fromEntries(
      keys
        .filter((key) => search[key] !== undefined && search[key] !== "")
        .map((key) => [key, String(search[key])]),
    ) as Partial<Record<Key, string>>;
}

/** A missing part is PageFailed's to mend: the router itself would reload the page without a network too. */
const lazyRouteComponent: typeof lazily = (load, name) =>
  lazily(
    () =>
      load().catch((cause) => {
        throw new Error("A part of the page is missing.", { cause });
      }),
    name,
  );

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

const entry = () => withWords("access", import("#/features/access/entry"));
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: texts("next", "problem", "step"),
  component: lazyRouteComponent(entry, "EntryPage"),
});

/** Who isn't signed in signs in first, and then comes back here. */
async function signedIn({ context, location }: Coming) {
  try {
    const me = await context.queryClient.ensureQueryData(meQuery());
    if (storage.get("vuoro-locale") === null) await activateLocale(me.locale);
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401)
      throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { next: location.href } });
    if (error instanceof ProblemError && error.code === "stronger_sign_in_needed")
      throw redirect({ to: "/sign-in", search: { step: "stronger", next: location.href } });
    throw error;
  }
}
type Coming = { context: { queryClient: QueryClient }; location: { pathname: string; href: string } };

/** Everything behind the sign-in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  errorComponent: ({ error }) => (
    <main className="p-4 sm:px-6 lg:px-8">
      <PageFailed error={error} />
    </main>
  ),
  beforeLoad: signedIn,
});

const manage = createRoute({ getParentRoute: () => shell, id: "manage" });

/** An app asks to act for somebody: a page of its own, without the frame. */
const authorize = createRoute({
  getParentRoute: () => root,
  path: "/authorize",
  validateSearch: (asked: Record<string, string>) => asked,
  beforeLoad: signedIn,
  component: lazyRouteComponent(
    () => withWords("care", import("#/features/machines/AuthorizePage")),
    "AuthorizePage",
  ),
});

const today = createRoute({
  getParentRoute: () => shell,
  path: "/",
  loader: ({ context }) => void context.queryClient.prefetchQuery(todayQuery()),
  component: lazyRouteComponent(() => import("#/features/analytics/TodayPage"), "TodayPage"),
});
const sessions = createRoute({
  getParentRoute: () => shell,
  path: "/sessions",
  component: lazyRouteComponent(() => import("#/features/sessions/SessionsPage"), "SessionsPage"),
});
const session = createRoute({
  getParentRoute: () => shell,
  path: "/sessions/$sessionId",
  async beforeLoad({ context, params }) {
    const found = await context.queryClient.ensureQueryData(sessionQuery(params.sessionId));
    throw redirect({
      to: "/pairs/$pairId",
      params: { pairId: found.pair_id },
      search: { session: found.id },
    });
  },
});
const me = createRoute({
  getParentRoute: () => shell,
  path: "/me",
  component: lazyRouteComponent(() => withWords("care", import("./pages/MePage")), "MePage"),
});
const devices = createRoute({
  getParentRoute: () => shell,
  path: "/me/devices",
  component: lazyRouteComponent(entry, "DevicesPage"),
});
const myData = createRoute({
  getParentRoute: () => shell,
  path: "/me/data",
  component: lazyRouteComponent(() => withWords("care", import("#/features/privacy/pages")), "MyDataPage"),
});
const primer = createRoute({
  getParentRoute: () => shell,
  path: "/primer/$enrollmentId",
  component: lazyRouteComponent(
    () => withWords("member", import("#/features/sessions/PrimerPage")),
    "PrimerPage",
  ),
});
const pair = createRoute({
  getParentRoute: () => shell,
  path: "/pairs/$pairId",
  validateSearch: texts("session"),
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(pairQuery(params.pairId)),
  component: lazyRouteComponent(() => withWords("member", import("./pages/PairPage")), "PairPage"),
});

const prepare = createRoute({
  getParentRoute: () => shell,
  path: "/prepare",
  validateSearch: texts("q", "topic"),
  component: lazyRouteComponent(
    () => withWords("prepare", import("#/features/prepare/PreparePage")),
    "PreparePage",
  ),
});
const kit = createRoute({
  getParentRoute: () => shell,
  path: "/prepare/kits/$key",
  component: lazyRouteComponent(() => withWords("prepare", import("#/features/prepare/KitPage")), "KitPage"),
});
const room = createRoute({
  getParentRoute: () => shell,
  path: "/sessions/$sessionId/room",
  component: lazyRouteComponent(() => withWords(["member", "room"], import("./pages/RoomPage")), "RoomPage"),
});
const composer = createRoute({
  getParentRoute: () => shell,
  path: "/composer",
  validateSearch: texts("pair"),
  component: lazyRouteComponent(
    () => withWords(["member", "room"], import("#/features/insights/ComposerPage")),
    "ComposerPage",
  ),
});
const learnt = createRoute({
  getParentRoute: () => shell,
  path: "/learnt",
  component: lazyRouteComponent(
    () => withWords(["member", "room"], import("./pages/LearntPage")),
    "LearntPage",
  ),
});
const growth = createRoute({
  getParentRoute: () => shell,
  path: "/growth",
  component: lazyRouteComponent(
    () => withWords(["member", "room"], import("#/features/feedback/GrowthPage")),
    "GrowthPage",
  ),
});

const raiseConcern = createRoute({
  getParentRoute: () => shell,
  path: "/concerns/new",
  validateSearch: texts("about", "program"),
  component: lazyRouteComponent(
    () => withWords("care", import("#/features/feedback/RaiseConcernPage")),
    "RaiseConcernPage",
  ),
});
const concerns = createRoute({
  getParentRoute: () => shell,
  path: "/concerns",
  component: lazyRouteComponent(
    () => withWords("care", import("#/features/feedback/ConcernsPage")),
    "ConcernsPage",
  ),
});
const delegated = createRoute({
  getParentRoute: () => shell,
  path: "/delegated",
  component: lazyRouteComponent(
    () => withWords("care", import("#/features/sessions/DelegatedPage")),
    "DelegatedPage",
  ),
});
const part = createRoute({
  getParentRoute: () => shell,
  path: "/parts/$enrollmentId",
  component: lazyRouteComponent(
    () => withWords(["member", "care"], import("#/features/joining/PartPage")),
    "PartPage",
  ),
});
const challenges = createRoute({
  getParentRoute: () => shell,
  path: "/challenges",
  component: lazyRouteComponent(
    () => withWords(["member", "care"], import("#/features/joining/ChallengesPage")),
    "ChallengesPage",
  ),
});
const invitation = createRoute({
  getParentRoute: () => shell,
  path: "/invitations/$enrollmentId",
  component: lazyRouteComponent(
    () => withWords("member", import("#/features/joining/InvitationPage")),
    "InvitationPage",
  ),
});
const join = createRoute({
  getParentRoute: () => shell,
  path: "/join/$code",
  component: lazyRouteComponent(() => withWords("member", import("#/features/joining/JoinPage")), "JoinPage"),
});
const survey = createRoute({
  getParentRoute: () => shell,
  path: "/surveys/$surveyId",
  component: lazyRouteComponent(
    () => withWords("member", import("#/features/feedback/SurveyPage")),
    "SurveyPage",
  ),
});

const access = createRoute({
  getParentRoute: () => manage,
  path: "/access",
  component: lazyRouteComponent(
    () => withWords("access", import("#/features/access/AccessPage")),
    "AccessPage",
  ),
});
const people = createRoute({
  getParentRoute: () => manage,
  path: "/people",
  validateSearch: texts("q", "division", "site", "status", "has_unknown_line", "sort"),
  component: lazyRouteComponent(
    () => withWords("directory", import("#/features/people/PeoplePage")),
    "PeoplePage",
  ),
});
const person = createRoute({
  getParentRoute: () => manage,
  path: "/people/$personId",
  component: lazyRouteComponent(
    () => withWords(["directory", "systems"], import("#/features/people/PersonPage")),
    "PersonPage",
  ),
});
const imports = createRoute({
  getParentRoute: () => manage,
  path: "/imports",
  component: lazyRouteComponent(
    () => withWords("directory", import("#/features/hris/ImportsPage")),
    "ImportsPage",
  ),
});
const oneImport = createRoute({
  getParentRoute: () => manage,
  path: "/imports/$importId",
  validateSearch: texts("kind"),
  component: lazyRouteComponent(
    () => withWords(["directory", "systems"], import("#/features/hris/ImportPage")),
    "ImportPage",
  ),
});
const connections = createRoute({
  getParentRoute: () => manage,
  path: "/connections",
  component: lazyRouteComponent(
    () => withWords("systems", import("#/features/hris/ConnectionsPage")),
    "ConnectionsPage",
  ),
});
const oneConnection = createRoute({
  getParentRoute: () => manage,
  path: "/connections/$connectionId",
  component: lazyRouteComponent(
    () => withWords("systems", import("#/features/hris/ConnectionPage")),
    "ConnectionPage",
  ),
});
const keys = createRoute({
  getParentRoute: () => manage,
  path: "/keys",
  component: lazyRouteComponent(() => withWords("care", import("#/features/machines/KeysPage")), "KeysPage"),
});
const webhooks = createRoute({
  getParentRoute: () => manage,
  path: "/webhooks",
  component: lazyRouteComponent(
    () => withWords("systems", import("#/features/webhooks/WebhooksPage")),
    "WebhooksPage",
  ),
});
const webhook = createRoute({
  getParentRoute: () => manage,
  path: "/webhooks/$endpointId",
  component: lazyRouteComponent(
    () => withWords("systems", import("#/features/webhooks/EndpointPage")),
    "EndpointPage",
  ),
});
const privacy = createRoute({
  getParentRoute: () => manage,
  path: "/privacy",
  validateSearch: texts("view", "noun", "since", "until"),
  component: lazyRouteComponent(
    () => withWords("directory", import("#/features/privacy/pages")),
    "PrivacyPage",
  ),
});
const newProgram = createRoute({
  getParentRoute: () => manage,
  path: "/programs/new",
  component: lazyRouteComponent(
    () => withWords("manage", import("#/features/programs/NewProgramPage")),
    "NewProgramPage",
  ),
});
const program = createRoute({
  getParentRoute: () => manage,
  path: "/programs/$programId",
  validateSearch: texts("tab", "role", "state", "q", "survey"),
  component: lazyRouteComponent(() => withWords("manage", import("./pages/ProgramPage")), "ProgramPage"),
});
const matching = createRoute({
  getParentRoute: () => manage,
  path: "/programs/$programId/matching",
  validateSearch: texts("run", "q", "state"),
  component: lazyRouteComponent(
    () => withWords(["manage", "matching"], import("#/features/matching/MatchingPage")),
    "MatchingPage",
  ),
});
const pairs = createRoute({
  getParentRoute: () => manage,
  path: "/programs/$programId/pairs",
  validateSearch: texts("state", "needs_care"),
  component: lazyRouteComponent(() => withWords("manage", import("#/features/pairs/PairsPage")), "PairsPage"),
});

const routeTree = root.addChildren([
  signIn,
  authorize,
  shell.addChildren([
    today,
    sessions,
    session,
    me,
    devices,
    myData,
    primer,
    pair,
    prepare,
    kit,
    room,
    composer,
    learnt,
    growth,
    raiseConcern,
    concerns,
    delegated,
    part,
    challenges,
    invitation,
    join,
    survey,
    manage.addChildren([
      access,
      people,
      person,
      imports,
      connections,
      oneConnection,
      oneImport,
      keys,
      webhooks,
      webhook,
      privacy,
      newProgram,
      program,
      matching,
      pairs,
    ]),
  ]),
]);

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 300,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
    // Filters stay readable in the address: ?q=anna, never quoted as JSON.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch(search) {
      const text = new URLSearchParams(
        Object.entries(search)
          .filter(([, value]) => value !== undefined && value !== "")
          .map(([key, value]) => [key, String(value)]),
      ).toString();
      return text && `?${text}`;
    },
  });
}
