import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { settled, signInAs, speak } from "./personas";

const MANIFEST = path.resolve(import.meta.dirname, "../dist/.vite/manifest.json");
const built: Record<string, { file: string; name?: string }> = JSON.parse(readFileSync(MANIFEST, "utf8"));
/** Where the build put a lazy part, by its module, or by the name of what it shares with others. */
const partOf = (name: string) =>
  `/${(built[name] ?? Object.values(built).find((part) => part.name === name))?.file}`;

test.describe("with a service worker", () => {
  test.use({ serviceWorkers: "allow" });

  /** Waits until the shell is kept, and says what is. */
  async function kept(page: Page): Promise<string[]> {
    const look = () =>
      page.evaluate(async () => {
        const names = await caches.keys();
        const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return all.flat().map(({ url }) => new URL(url).pathname);
      });
    await expect.poll(look, { timeout: 30_000 }).toContain("/");
    return look();
  }

  test("without a network the app opens, says so, and goes on when the network is back", async ({
    page,
    context,
  }) => {
    test.setTimeout(120_000);
    await speak(page, "en");
    await signInAs(page, "mentor");
    await page.goto("/");
    await settled(page);
    const paths = await kept(page);
    expect(paths.filter((path) => path.startsWith("/v1"))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(["/icon.svg", expect.stringMatching(/^\/assets\/en-/u)]));

    await context.setOffline(true);
    await page.reload();
    await expect(page.getByRole("alert")).toContainText("No connection to Vuoro");
    await page.goto("/sessions");
    await expect(page.getByRole("alert")).toContainText("No connection to Vuoro");

    await context.setOffline(false);
    await expect(page.getByRole("heading", { level: 1, name: "Sessions" })).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  });

  test("what is kept is of one build alone: a newer one takes the older one's place, whole", async ({
    page,
  }) => {
    await speak(page, "en");
    await page.goto("/sign-in");
    await page.evaluate(async () =>
      (await caches.open("/assets/index-older.js")).put("/", new Response("older")),
    );
    await settled(page);
    const entry = await page.locator("script[type=module]").getAttribute("src");
    const builds = () => page.evaluate(() => caches.keys());
    await expect.poll(builds, { timeout: 30_000 }).toEqual([entry]);
    expect(await kept(page)).toContain(entry);

    await page.evaluate(async () => {
      const { active } = await navigator.serviceWorker.ready;
      active?.postMessage({ entry: "/assets/index-older.js", assets: [] });
      active?.postMessage({ entry: "/assets/index-other.js", assets: ["/assets/no-such-part.js"] });
    });
    await signInAs(page, "mentor");
    await page.goto("/");
    await settled(page);
    await expect.poll(() => kept(page), { timeout: 30_000 }).toContain(partOf("home"));
    await expect.poll(builds).toEqual([entry]);
  });

  test("what was loaded stays on screen without a network, and a page never opened says why it is not there", async ({
    page,
    context,
  }) => {
    test.setTimeout(120_000);
    await speak(page, "en");
    await signInAs(page, "mentor");
    await page.goto("/");
    await settled(page);
    await kept(page);
    const title = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
    await context.setOffline(true);
    await expect(page.getByRole("status").filter({ hasText: "You are offline" })).toBeVisible();
    await page.getByRole("link", { name: "Sessions" }).first().click();
    await expect(page.getByRole("alert")).toContainText("No connection to Vuoro");
    await page.getByRole("link", { name: "Today" }).first().click();
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await page.getByRole("link", { name: "Sessions" }).first().click();
    await context.setOffline(false);
    await expect(page.getByRole("heading", { level: 1, name: "Sessions" })).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "You are offline" })).toHaveCount(0);
  });
});

test.describe("a part of an older build", () => {
  const isPart = ({ pathname }: URL) => pathname === partOf("src/features/sessions/SessionsPage.tsx");

  async function openedFrom(page: Page): Promise<{ loads: () => number }> {
    await speak(page, "en");
    await signInAs(page, "mentor");
    await page.goto("/");
    await settled(page);
    let loads = 0;
    page.on("request", (request) => {
      if (request.isNavigationRequest()) loads += 1;
    });
    return { loads: () => loads };
  }

  test("that is gone from the server brings the page anew, and it opens", async ({ page }) => {
    const { loads } = await openedFrom(page);
    await page.route(isPart, (route) => (loads() ? route.continue() : route.fulfill({ status: 404 })));
    await page.getByRole("link", { name: "Sessions" }).first().click();
    await expect(page.getByRole("heading", { level: 1, name: "Sessions" })).toBeVisible();
    expect(loads()).toBe(1);
  });

  test("that stays away brings the page anew once, then says so", async ({ page }) => {
    const { loads } = await openedFrom(page);
    await page.route(isPart, (route) => route.fulfill({ status: 404 }));
    await page.getByRole("link", { name: "Sessions" }).first().click();
    await expect(page.getByRole("alert")).toContainText("This didn't load");
    expect(loads()).toBe(1);
    await page.unroute(isPart);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Sessions" })).toBeVisible();
  });
});

test("the app can be installed: every icon is there, in the size it claims", async ({ page }) => {
  await page.goto("/sign-in");
  const href = await page.locator("link[rel=manifest]").getAttribute("href");
  const manifest = await (await page.request.get(String(href))).json();
  expect(manifest).toMatchObject({ name: "Vuoro", start_url: "/", display: "standalone" });
  const touch = await page.locator("link[rel=apple-touch-icon]").getAttribute("href");
  const icons = [...manifest.icons, { src: touch, sizes: "180x180" }];
  const sizes = await page.evaluate(
    (list) =>
      Promise.all(
        list.map(async ({ src }) => {
          const image = new Image();
          image.src = src;
          await image.decode();
          return `${image.naturalWidth}x${image.naturalHeight}`;
        }),
      ),
    icons.filter(({ sizes }) => sizes !== "any"),
  );
  expect(sizes).toEqual(["192x192", "512x512", "512x512", "180x180"]);
  expect(manifest.icons.map(({ purpose }: { purpose?: string }) => purpose)).toContain("maskable");
});
