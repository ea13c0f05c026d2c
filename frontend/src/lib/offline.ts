import { buildPath } from "./parts";

/** Has the service worker keep all that this page is made of, now and as more of it loads. */
export async function keepForOffline(): Promise<void> {
  await navigator.serviceWorker.register("/sw.js");
  const registration = await navigator.serviceWorker.ready;
  const assets = new Set<string>();
  new PerformanceObserver((list) => {
    const known = assets.size;
    for (const { name, responseStatus } of list.getEntries() as PerformanceResourceTiming[]) {
      const { origin, pathname } = new URL(name);
      if (origin === location.origin && pathname.startsWith("/assets/") && !(responseStatus >= 400))
        assets.add(pathname);
    }
    if (assets.size > known) registration.active?.postMessage({ entry: buildPath(), assets: [...assets] });
  }).observe({ type: "resource", buffered: true });
}
