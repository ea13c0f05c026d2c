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
import { activateLocale, loadWords } from "#/lib/i18n";
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

const entry = () => import("#/features/access/entry");
const accessWords = () => loadWords("access");
const signIn = createRoute({
  getParentRoute: () => root,
  beforeLoad: accessWords,
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

/** Parts of the app with words of their own. */
const prepareWords = () => loadWords("prepare");
const memberWords = () => loadWords("member");
const careWords = () => loadWords("care");
const systemWords = () => loadWords("systems");
const partWords = async () => void (await Promise.all([memberWords(), careWords()]));
const directoryWords = () => loadWords("directory");
const personWords = async () => void (await Promise.all([directoryWords(), systemWords()]));
const roomWords = async () => void (await Promise.all([memberWords(), loadWords("room")]));
const manageWords = () => loadWords("manage");
const matchingWords = async () => void (await Promise.all([manageWords(), loadWords("matching")]));
const manage = createRoute({ getParentRoute: () => shell, id: "manage" });

/** An app asks to act for somebody: a page of its own, without the frame. */
const authorize = createRoute({
  getParentRoute: () => root,
  path: "/authorize",
  validateSearch: (asked: Record<string, string>) => asked,
  beforeLoad: (asked: Coming) => Promise.all([signedIn(asked), careWords()]).then(() => {}),
  component: lazyRouteComponent(() => import("#/features/machines/AuthorizePage"), "AuthorizePage"),
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
  beforeLoad: careWords,
  path: "/me",
  component: lazyRouteComponent(() => import("./pages/MePage"), "MePage"),
});
const devices = createRoute({
  getParentRoute: () => shell,
  beforeLoad: accessWords,
  path: "/me/devices",
  component: lazyRouteComponent(entry, "DevicesPage"),
});
const myData = createRoute({
  getParentRoute: () => shell,
  beforeLoad: careWords,
  path: "/me/data",
  component: lazyRouteComponent(() => import("#/features/privacy/pages"), "MyDataPage"),
});
const primer = createRoute({
  getParentRoute: () => shell,
  beforeLoad: memberWords,
  path: "/primer/$enrollmentId",
  component: lazyRouteComponent(() => import("#/features/sessions/PrimerPage"), "PrimerPage"),
});
const pair = createRoute({
  getParentRoute: () => shell,
  beforeLoad: memberWords,
  path: "/pairs/$pairId",
  validateSearch: texts("session"),
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(pairQuery(params.pairId)),
  component: lazyRouteComponent(() => import("./pages/PairPage"), "PairPage"),
});

const prepare = createRoute({
  getParentRoute: () => shell,
  beforeLoad: prepareWords,
  path: "/prepare",
  validateSearch: texts("q", "topic"),
  component: lazyRouteComponent(() => import("#/features/prepare/PreparePage"), "PreparePage"),
});
const kit = createRoute({
  getParentRoute: () => shell,
  beforeLoad: prepareWords,
  path: "/prepare/kits/$key",
  component: lazyRouteComponent(() => import("#/features/prepare/KitPage"), "KitPage"),
});
const room = createRoute({
  getParentRoute: () => shell,
  beforeLoad: roomWords,
  path: "/sessions/$sessionId/room",
  component: lazyRouteComponent(() => import("./pages/RoomPage"), "RoomPage"),
});
const composer = createRoute({
  getParentRoute: () => shell,
  beforeLoad: roomWords,
  path: "/composer",
  validateSearch: texts("pair"),
  component: lazyRouteComponent(() => import("#/features/insights/ComposerPage"), "ComposerPage"),
});
const learnt = createRoute({
  getParentRoute: () => shell,
  beforeLoad: roomWords,
  path: "/learnt",
  component: lazyRouteComponent(() => import("./pages/LearntPage"), "LearntPage"),
});
const growth = createRoute({
  getParentRoute: () => shell,
  beforeLoad: roomWords,
  path: "/growth",
  component: lazyRouteComponent(() => import("#/features/feedback/GrowthPage"), "GrowthPage"),
});

const raiseConcern = createRoute({
  getParentRoute: () => shell,
  beforeLoad: careWords,
  path: "/concerns/new",
  validateSearch: texts("about", "program"),
  component: lazyRouteComponent(() => import("#/features/feedback/RaiseConcernPage"), "RaiseConcernPage"),
});
const concerns = createRoute({
  getParentRoute: () => shell,
  beforeLoad: careWords,
  path: "/concerns",
  component: lazyRouteComponent(() => import("#/features/feedback/ConcernsPage"), "ConcernsPage"),
});
const delegated = createRoute({
  getParentRoute: () => shell,
  beforeLoad: careWords,
  path: "/delegated",
  component: lazyRouteComponent(() => import("#/features/sessions/DelegatedPage"), "DelegatedPage"),
});
const part = createRoute({
  getParentRoute: () => shell,
  beforeLoad: partWords,
  path: "/parts/$enrollmentId",
  component: lazyRouteComponent(() => import("#/features/joining/PartPage"), "PartPage"),
});
const challenges = createRoute({
  getParentRoute: () => shell,
  beforeLoad: partWords,
  path: "/challenges",
  component: lazyRouteComponent(() => import("#/features/joining/ChallengesPage"), "ChallengesPage"),
});
const invitation = createRoute({
  getParentRoute: () => shell,
  beforeLoad: memberWords,
  path: "/invitations/$enrollmentId",
  component: lazyRouteComponent(() => import("#/features/joining/InvitationPage"), "InvitationPage"),
});
const join = createRoute({
  getParentRoute: () => shell,
  beforeLoad: memberWords,
  path: "/join/$code",
  component: lazyRouteComponent(() => import("#/features/joining/JoinPage"), "JoinPage"),
});
const survey = createRoute({
  getParentRoute: () => shell,
  beforeLoad: memberWords,
  path: "/surveys/$surveyId",
  component: lazyRouteComponent(() => import("#/features/feedback/SurveyPage"), "SurveyPage"),
});

const access = createRoute({
  getParentRoute: () => manage,
  beforeLoad: accessWords,
  path: "/access",
  component: lazyRouteComponent(() => import("#/features/access/AccessPage"), "AccessPage"),
});
const people = createRoute({
  getParentRoute: () => manage,
  beforeLoad: directoryWords,
  path: "/people",
  validateSearch: texts("q", "division", "site", "status", "has_unknown_line", "sort"),
  component: lazyRouteComponent(() => import("#/features/people/PeoplePage"), "PeoplePage"),
});
const person = createRoute({
  getParentRoute: () => manage,
  beforeLoad: personWords,
  path: "/people/$personId",
  component: lazyRouteComponent(() => import("#/features/people/PersonPage"), "PersonPage"),
});
const imports = createRoute({
  getParentRoute: () => manage,
  beforeLoad: directoryWords,
  path: "/imports",
  component: lazyRouteComponent(() => import("#/features/hris/ImportsPage"), "ImportsPage"),
});
const oneImport = createRoute({
  getParentRoute: () => manage,
  beforeLoad: personWords,
  path: "/imports/$importId",
  validateSearch: texts("kind"),
  component: lazyRouteComponent(() => import("#/features/hris/ImportPage"), "ImportPage"),
});
const connections = createRoute({
  getParentRoute: () => manage,
  beforeLoad: systemWords,
  path: "/connections",
  component: lazyRouteComponent(() => import("#/features/hris/ConnectionsPage"), "ConnectionsPage"),
});
const oneConnection = createRoute({
  getParentRoute: () => manage,
  beforeLoad: systemWords,
  path: "/connections/$connectionId",
  component: lazyRouteComponent(() => import("#/features/hris/ConnectionPage"), "ConnectionPage"),
});
const keys = createRoute({
  getParentRoute: () => manage,
  beforeLoad: careWords,
  path: "/keys",
  component: lazyRouteComponent(() => import("#/features/machines/KeysPage"), "KeysPage"),
});
const webhooks = createRoute({
  getParentRoute: () => manage,
  beforeLoad: systemWords,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("#/features/webhooks/WebhooksPage"), "WebhooksPage"),
});
const webhook = createRoute({
  getParentRoute: () => manage,
  beforeLoad: systemWords,
  path: "/webhooks/$endpointId",
  component: lazyRouteComponent(() => import("#/features/webhooks/EndpointPage"), "EndpointPage"),
});
const privacy = createRoute({
  getParentRoute: () => manage,
  beforeLoad: directoryWords,
  path: "/privacy",
  validateSearch: texts("view", "noun", "since", "until"),
  component: lazyRouteComponent(() => import("#/features/privacy/pages"), "PrivacyPage"),
});
const newProgram = createRoute({
  getParentRoute: () => manage,
  beforeLoad: manageWords,
  path: "/programs/new",
  component: lazyRouteComponent(() => import("#/features/programs/NewProgramPage"), "NewProgramPage"),
});
const program = createRoute({
  getParentRoute: () => manage,
  beforeLoad: manageWords,
  path: "/programs/$programId",
  validateSearch: texts("tab", "role", "state", "q", "survey"),
  component: lazyRouteComponent(() => import("./pages/ProgramPage"), "ProgramPage"),
});
const matching = createRoute({
  getParentRoute: () => manage,
  beforeLoad: matchingWords,
  path: "/programs/$programId/matching",
  validateSearch: texts("run", "q", "state"),
  component: lazyRouteComponent(() => import("#/features/matching/MatchingPage"), "MatchingPage"),
});
const pairs = createRoute({
  getParentRoute: () => manage,
  beforeLoad: manageWords,
  path: "/programs/$programId/pairs",
  validateSearch: texts("state", "needs_care"),
  component: lazyRouteComponent(() => import("#/features/pairs/PairsPage"), "PairsPage"),
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
