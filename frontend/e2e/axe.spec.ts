import { createRequire } from "node:module";
import { expect, type Page, test } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";
import { livelyProgram, read, send, settled, signInAs, speak } from "./personas";
import { routesOf, VISITORS } from "./routes";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** All of it, or what a theme can change. */
const RULES = {
  whole: { runOnly: TAGS },
  colours: { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } },
} satisfies Record<string, RunOptions>;
type Part = keyof typeof RULES;

interface Items {
  items: { id: string }[];
}

async function violations(page: Page, part: Part): Promise<string[]> {
  const { violations: found } = await page.evaluate(
    (options) =>
      (globalThis as unknown as { axe: { run(o: unknown): Promise<AxeResults> } }).axe.run(options),
    RULES[part] as unknown as Record<string, unknown>,
  );
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} (${node.failureSummary})`).join(" | ")}`,
  );
}

let source: Promise<string> | undefined;
function axeSource(): Promise<string> {
  source ??= import("node:fs/promises").then((fs) => fs.readFile(AXE, "utf8"));
  return source;
}

type Look = ["light" | "dark", number, Part];
const LANGUAGES = ["fi", "sv", "en"];
/** VUORO_AXE=all looks at every page in every language, theme and width; else each page is looked at in one language. */
const ALL = process.env.VUORO_AXE === "all";
const WIDTHS = ALL ? [390, 820, 1440] : [390, 1440];
const LOOKS = WIDTHS.flatMap((width): Look[] => [
  ["light", width, "whole"],
  ["dark", width, ALL ? "whole" : "colours"],
]);

/** What an eye would see at once: words cut off, a control upon another, one that is too small to touch. */
async function blemishes(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const found: string[] = [];
    const told = (element: Element) =>
      `${element.tagName.toLowerCase()} “${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 60)}”`;
    const seen = (element: Element) =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.closest("[inert], .sr-only, [aria-hidden=true]") === null;
    for (const element of document.querySelectorAll<HTMLElement>("body *")) {
      // What is one pixel wide is for screen readers alone.
      if (element.clientWidth <= 1 || element.scrollWidth <= element.clientWidth + 1 || !seen(element))
        continue;
      const { overflowX, textOverflow, display } = getComputedStyle(element);
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
      if (own && display !== "inline" && overflowX === "hidden" && textOverflow !== "ellipsis")
        found.push(`cut off: ${told(element)}`);
    }
    const modal = document.querySelector("dialog[open], [role=dialog]") ?? document.querySelector("main");
    const controls = [...(modal?.querySelectorAll("a[href], button, input, select, textarea") ?? [])]
      .filter(seen)
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.height > 1);
    for (const [index, one] of controls.entries())
      for (const other of controls.slice(index + 1)) {
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        const nested = one.element.contains(other.element) || other.element.contains(one.element);
        if (wide > 2 && high > 2 && !nested) found.push(`${told(one.element)} upon ${told(other.element)}`);
      }
    return found;
  });
}

async function inspect(page: Page, name: string) {
  await page.evaluate(await axeSource());
  for (const [colorScheme, width, part] of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    expect.soft(await violations(page, part), `${name} ${colorScheme} ${width} px`).toEqual([]);
    expect.soft(await blemishes(page), `${name} ${width} px`).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 720 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(over, `${name} scrolls sideways at 320 px`).toBeLessThanOrEqual(0);
}

for (const persona of VISITORS) {
  for (const [turn, locale] of LANGUAGES.entries()) {
    test(`axe finds nothing and nothing scrolls sideways: ${persona}, ${locale}`, async ({ page }) => {
      test.setTimeout(ALL ? 600_000 : 180_000);
      await speak(page, locale);
      if (persona !== "nobody") await signInAs(page, persona);
      for (const [index, route] of (await routesOf(page, persona)).entries()) {
        if (!ALL && index % LANGUAGES.length !== turn) continue;
        await page.goto(route);
        await settled(page);
        await inspect(page, route);
      }
    });
  }
}

test("axe finds nothing in the windows of a pair's page", async ({ page }) => {
  test.setTimeout(120_000);
  await speak(page, "en");
  await signInAs(page, "mentee");
  const { items } = await read<Items>(page, "/v1/pairs?mine=true&limit=1");
  for (const opener of [
    /^Move$/u,
    /^(Book the rest at once|Plan a talk)$/u,
    /^Cancel this/u,
    /^Take a break/u,
  ]) {
    await page.goto(`/pairs/${items[0]?.id}`);
    await settled(page);
    await page.getByRole("button", { name: opener }).first().click();
    await expect(page.getByRole("dialog").getByRole("button").nth(1)).toBeVisible();
    await settled(page);
    await inspect(page, String(opener));
  }
});

test("axe finds nothing in a thought under way, nor in a card's actions", async ({ page }) => {
  test.setTimeout(120_000);
  await speak(page, "en");
  await signInAs(page, "mentor");
  await page.goto("/composer");
  await settled(page);
  await page.getByLabel(/^What did you see or hear/u).fill("You always interrupt, and it is rude");
  await expect(page.getByRole("button", { name: /^Write “often”/u })).toBeVisible();
  await inspect(page, "composer");
  const { items } = await read<{ items: { id: string; state: string }[] }>(page, "/v1/sessions?limit=100");
  await page.goto(`/sessions/${items.find(({ state }) => state === "scheduled")?.id}/room`);
  await settled(page);
  await page.getByLabel("A thought", { exact: true }).fill("A card to look at");
  await page.getByRole("button", { name: "Put it on the board" }).click();
  await page.getByRole("button", { name: "Move or change: A card to look at" }).first().click();
  await inspect(page, "thought board");
});

test("axe finds nothing in the details of matching", async ({ page }) => {
  test.setTimeout(120_000);
  await speak(page, "en");
  await signInAs(page, "manager");
  const running = await livelyProgram(page);
  await page.goto(`/programs/${running?.id}/matching`);
  await settled(page);
  await page.getByText("How good it is, what if").click();
  await expect(page.getByRole("slider")).toHaveCount(9);
  await inspect(page, "details of matching");
});

test("axe finds nothing in the windows of a connection's page", async ({ page }) => {
  test.setTimeout(120_000);
  await speak(page, "en");
  await signInAs(page, "admin");
  const { id } = await send<{ id: string }>(page, "/v1/scim-connections", {
    name: "Okta",
    preset: "okta",
    scope: { field: "site", values: ["Helsinki", "Oslo"] },
  });
  for (const opener of ["Choose who", "Change"]) {
    await page.goto(`/connections/${id}`);
    await settled(page);
    await page.getByRole("button", { name: opener, exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).focus();
    await inspect(page, opener);
  }
});

test("axe finds nothing in the windows of a program's page", async ({ page }) => {
  test.setTimeout(120_000);
  await speak(page, "en");
  await signInAs(page, "manager");
  const running = await livelyProgram(page);
  for (const [tab, opener] of [
    ["announcements", "Write one"],
    ["events", "Plan an event"],
    ["surveys", "New survey"],
    ["", "One more like this"],
    ["", "Edit"],
    ["invite", "Link and QR code"],
    ["invite", "From a list"],
  ] as const) {
    await page.goto(`/programs/${running?.id}${tab && `?tab=${tab}`}`);
    await settled(page);
    await page.getByRole("button", { name: opener, exact: true }).first().click();
    await settled(page);
    await inspect(page, `${tab} ${opener}`);
  }
});
