import { createRequire } from "node:module";
import { expect, type Page, test } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";
import { livelyProgram, type Persona, read, send, settled, signInAs, speak } from "./personas";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

interface Items {
  items: { id: string }[];
}

/** Every page a persona can open; those of one object are looked up first. */
async function routesOf(page: Page, persona: Persona | "nobody"): Promise<string[]> {
  const first = async (path: string) => (await read<Items>(page, path)).items[0]?.id;
  const all = async (path: string, base: string) =>
    (await read<Items>(page, path)).items.map(({ id }) => `${base}/${id}`);
  if (persona === "nobody") return ["/sign-in", "/sign-in#token=a-token-that-nobody-has-made"];
  if (persona === "mentor" || persona === "mentee") {
    const { programs: mine } = await read<{ programs: { id: string }[] }>(page, "/v1/me");
    const enrollment = await first(`/v1/programs/${mine[0]?.id}/enrollments?limit=1`);
    return [
      `/primer/${enrollment}`,
      `/invitations/${enrollment}`,
      "/",
      "/sessions",
      "/prepare",
      "/prepare/kits/short-video",
      "/me",
      "/composer",
      "/learnt",
      "/growth",
      `/parts/${enrollment}`,
      "/concerns/new",
      ...(persona === "mentee" ? ["/challenges"] : []),
      "/no-such-page",
      ...(await all("/v1/pairs?mine=true&limit=5", "/pairs")),
      ...(await all("/v1/surveys?limit=1", "/surveys")),
      ...(await all("/v1/sessions?limit=100", "/sessions")).map((session) => `${session}/room`),
    ];
  }
  if (persona === "safeguarding") return ["/", "/concerns", "/delegated", "/me"];
  if (persona === "admin")
    return [
      "/",
      "/people",
      `/people/${await first("/v1/people?limit=1")}`,
      "/imports",
      ...(await all("/v1/imports?limit=2", "/imports")),
    ];
  const { programs } = await read<{ programs: { id: string; state: string }[] }>(page, "/v1/me");
  const running = programs.find(({ state }) => state === "running") ?? programs[0];
  const program = `/programs/${running?.id}`;
  const enrolling = programs.find(({ state }) => state === "enrolling");
  const link = { role: "mentor" };
  const { code } = await send<{ code: string }>(page, `/v1/programs/${enrolling?.id}/invitation-links`, link);
  const draft = await send<{ id: string }>(page, "/v1/surveys", {
    program_id: running?.id,
    template: "closing",
  });
  return [
    `/join/${code}`,
    `/programs/${enrolling?.id}`,
    "/",
    program,
    ...["enrollments", "invite", "announcements", "events", "surveys", "reach"].map(
      (tab) => `${program}?tab=${tab}`,
    ),
    `${program}?tab=surveys&survey=${draft.id}`,
    `${program}/matching`,
    `${program}/pairs`,
    ...(await all(`/v1/pairs?program_id=${running?.id}&limit=1`, "/pairs")),
    "/programs/new",
  ];
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await page.evaluate(
    (options) =>
      (globalThis as unknown as { axe: { run(o: unknown): Promise<AxeResults> } }).axe.run(options),
    RULES as unknown as Record<string, unknown>,
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

type Look = ["light" | "dark", number];
/** Every look in some language; VUORO_AXE=all for every look in every language. */
const LOOKS: Record<string, Look[]> = {
  fi: [["light", 390]],
  sv: [
    ["light", 1440],
    ["dark", 390],
  ],
  en: [["dark", 1440]],
};
const ALL = Object.values(LOOKS).flat();
const looksOf = (locale: string) => (process.env.VUORO_AXE === "all" ? ALL : (LOOKS[locale] ?? ALL));

async function inspect(page: Page, name: string, looks: Look[]) {
  await page.evaluate(await axeSource());
  for (const [colorScheme, width] of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    expect.soft(await violations(page), `${name} ${colorScheme} ${width} px`).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 720 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(over, `${name} scrolls sideways at 320 px`).toBeLessThanOrEqual(0);
}

for (const persona of ["nobody", "mentor", "mentee", "manager", "admin", "safeguarding"] as const) {
  for (const locale of ["fi", "sv", "en"]) {
    test(`axe finds nothing and nothing scrolls sideways: ${persona}, ${locale}`, async ({ page }) => {
      test.setTimeout(180_000);
      await speak(page, locale);
      if (persona !== "nobody") await signInAs(page, persona);
      for (const route of await routesOf(page, persona)) {
        await page.goto(route);
        await settled(page);
        await inspect(page, route, looksOf(locale));
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
    await inspect(page, String(opener), ALL);
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
  await inspect(page, "composer", ALL);
  const { items } = await read<{ items: { id: string; state: string }[] }>(page, "/v1/sessions?limit=100");
  await page.goto(`/sessions/${items.find(({ state }) => state === "scheduled")?.id}/room`);
  await settled(page);
  await page.getByLabel("A thought", { exact: true }).fill("A card to look at");
  await page.getByRole("button", { name: "Put it on the board" }).click();
  await page.getByRole("button", { name: "Move or change: A card to look at" }).first().click();
  await inspect(page, "thought board", ALL);
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
  await inspect(page, "details of matching", ALL);
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
    await inspect(page, `${tab} ${opener}`, ALL);
  }
});
