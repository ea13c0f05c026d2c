import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { proveBy } from "#/api/client";
import { makeQueryClient } from "#/api/query";
import { todayQuery } from "#/features/analytics/queries";
import { meQuery } from "#/features/identity/me";
import { activateLocale, firstLocale } from "#/lib/i18n";
import { makeRouter } from "./routes";

/** Lets the browser draw and listen before the next piece of work. */
const turn = () => new Promise((resume) => setTimeout(resume));

const queryClient = makeQueryClient(async () => {
  const { pathname, search } = location;
  if (pathname === "/sign-in") return;
  queryClient.clear();
  (await router).navigate({ to: "/sign-in", search: pathname === "/" ? {} : { next: pathname + search } });
});
proveBy(async (method) => (await import("#/features/access/entry")).proveAgain(method));
const router = turn().then(() => makeRouter(queryClient));

declare module "@tanstack/react-router" {
  interface Register {
    router: Awaited<typeof router>;
  }
}

async function start(root: HTMLElement) {
  // The first answers travel while the words and the page's code load, and the router is made.
  const words = activateLocale(firstLocale());
  await turn();
  if (location.pathname === "/sign-in") import("#/features/access/entry").catch(() => undefined);
  else queryClient.prefetchQuery({ ...meQuery(), retry: false });
  if (location.pathname === "/") {
    queryClient.prefetchQuery({ ...todayQuery(), retry: false });
    import("#/features/analytics/TodayPage").catch(() => undefined);
  }
  const made = await router;
  await words;
  startTransition(() =>
    createRoot(root).render(
      <StrictMode>
        <I18nProvider i18n={i18n}>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={made} />
          </QueryClientProvider>
        </I18nProvider>
      </StrictMode>,
    ),
  );
  if (import.meta.env.PROD && "serviceWorker" in navigator)
    (window.requestIdleCallback ?? setTimeout)(() =>
      import("#/lib/offline").then(({ keepForOffline }) => keepForOffline()).catch(() => undefined),
    );
}

const root = document.getElementById("root");
if (root) start(root);
