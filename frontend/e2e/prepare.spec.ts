import { expect, type Page, test } from "@playwright/test";
import { read, settled, signInAs, speak } from "./personas";

interface Seeds {
  items: { id: string; text: string; version: number }[];
  count: number;
}

test.describe.configure({ mode: "serial" });
test.beforeEach(async ({ page }) => {
  await speak(page, "en");
  await signInAs(page, "mentor");
});

/** How often the server holds a seed with these words. */
async function held(page: Page, text: string): Promise<number> {
  const { items } = await read<Seeds>(page, "/v1/idea-seeds?limit=100");
  return items.filter((seed) => seed.text === text).length;
}

/** Nothing is left of an earlier run. */
async function empty(page: Page): Promise<void> {
  const { origin } = new URL((await page.request.get("/")).url());
  for (const { id, version } of (await read<Seeds>(page, "/v1/idea-seeds?limit=100")).items)
    await page.request.delete(`/v1/idea-seeds/${id}`, {
      headers: { Origin: origin, "Sec-Fetch-Site": "same-origin", "If-Match": `"${version}.0"` },
    });
}

const own = (page: Page) => page.getByRole("button", { name: "Something else from my week" });
const write = (page: Page) => page.getByLabel("Something else from my week");
const keep = (page: Page) => page.getByRole("button", { name: "Keep it" });

test("three seeds by keyboard alone, on a phone", async ({ page }) => {
  await empty(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/prepare");
  await settled(page);
  await expect(page.getByText("0 of 3 answered")).toBeVisible();
  const first = page.getByRole("listitem").getByRole("textbox");
  await expect(first).toBeVisible();
  while (!(await first.evaluate((field) => field === document.activeElement)))
    await page.keyboard.press("Tab");
  for (const words of ["The stand-up runs long", "Nobody reads the report", "Two forms, one answer"]) {
    await expect(first).toBeFocused();
    await page.keyboard.type(words);
    await page.keyboard.press("Tab");
    await expect(keep(page)).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("listitem").filter({ hasText: words })).toBeVisible();
  }
  await expect(page.getByText("All three done. You have something to bring.")).toBeVisible();
  await expect(own(page)).toBeFocused();
  await expect(page.getByRole("heading", { name: "You already have 3 things to bring" })).toBeVisible();
  for (const words of ["The stand-up runs long", "Nobody reads the report", "Two forms, one answer"])
    await expect.poll(() => held(page, words)).toBe(1);
});

test("a seed written without a network stays on the device and arrives once", async ({ page, context }) => {
  const words = "Written in the tunnel";
  await page.goto("/prepare");
  await settled(page);
  await own(page).click();
  await context.setOffline(true);
  await write(page).fill(words);
  await keep(page).click();
  const kept = page.getByRole("listitem").filter({ hasText: words });
  await expect(kept).toContainText("Safe on this device");
  await context.setOffline(false);
  await expect.poll(() => held(page, words), { timeout: 15_000 }).toBe(1);
  await expect(page.getByText(/^(On its way|Safe on this device)/u)).toHaveCount(0);
  await page.reload();
  await settled(page);
  await expect(kept).toHaveCount(1);
  expect(await held(page, words)).toBe(1);
});

test("an answer that was lost on the way makes no second seed, not even after a reload", async ({ page }) => {
  const words = "Sent, but was it heard?";
  await page.goto("/prepare");
  await settled(page);
  let sent = 0;
  await page.route("**/v1/idea-seeds", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    sent += 1;
    await route.fetch();
    await route.abort();
  });
  await own(page).click();
  await write(page).fill(words);
  await keep(page).click();
  await expect.poll(() => sent).toBeGreaterThan(1);
  await expect(page.getByText("On its way")).toBeVisible();
  await page.unrouteAll({ behavior: "wait" });
  await page.reload();
  await settled(page);
  await expect(page.getByText("On its way")).toHaveCount(0, { timeout: 15_000 });
  await expect(page.getByRole("listitem").filter({ hasText: words })).toHaveCount(1);
  expect(await held(page, words)).toBe(1);
});

test("what waits on the device is sent from any page that opens with a network", async ({
  page,
  context,
}) => {
  const words = "Kept on the train, sent from Today";
  await page.goto("/prepare");
  await settled(page);
  await own(page).click();
  await context.setOffline(true);
  await write(page).fill(words);
  await keep(page).click();
  await expect(page.getByText("Safe on this device")).toBeVisible();
  await page.close();
  await context.setOffline(false);
  const later = await context.newPage();
  await speak(later, "en");
  await later.goto("/me");
  await settled(later);
  await expect.poll(() => held(later, words)).toBe(1);
});

test("what is typed and not kept is still there after a reload", async ({ page }) => {
  await page.goto("/prepare");
  await settled(page);
  await own(page).click();
  await write(page).fill("Half a thou");
  await page.reload();
  await settled(page);
  await own(page).click();
  await expect(write(page)).toHaveValue("Half a thou");
  await write(page).fill("");
});

test("a seed is polished, brought to the next talk's board, and thrown away", async ({ page }) => {
  await page.goto("/prepare");
  await settled(page);
  await page.getByRole("button", { name: "Edit: Two forms, one answer" }).click();
  await page.getByLabel("Your thought").fill("One form is enough");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const seed = page.getByRole("listitem").filter({ hasText: "One form is enough" });
  await seed.getByRole("button", { name: /^Bring to the next talk/u }).click();
  await expect(seed.getByText("On the next talk's board")).toBeVisible();
  const { items } = await read<{ items: { id: string; my_part: string; state: string }[] }>(
    page,
    `/v1/sessions?from=${new Date().toISOString()}`,
  );
  const next = items.find(({ state }) => ["scheduled", "proposed"].includes(state));
  const board = await read<{ items: { text: string }[] }>(page, `/v1/sessions/${next?.id}/thoughts`);
  expect(board.items.map(({ text }) => text)).toContain("One form is enough");
  await seed.getByRole("button", { name: /^Throw away/u }).click();
  await page.getByRole("button", { name: "Throw it away" }).click();
  await expect(page.getByText("Gone. Nobody knows.")).toBeVisible();
  await expect(seed).toHaveCount(0);
  expect(await held(page, "One form is enough")).toBe(0);
});

test("a thought on an executive's challenge goes to the things to bring", async ({ page }) => {
  await page.goto("/prepare");
  await settled(page);
  await page
    .getByRole("button", { name: /^I have a thought/u })
    .first()
    .click();
  await page.getByLabel(/^What would you tell/u).fill("I stop at the second line");
  await keep(page).last().click();
  await expect(page.getByText(/ – I stop at the second line$/u)).toBeVisible();
  await expect(page.getByText("On its way")).toHaveCount(0);
});

test("a plan is found by its topic, read, and chosen for the next talk in one press", async ({
  page,
  browser,
  baseURL,
}) => {
  const { items } = await read<{ items: { id: string; state: string }[] }>(
    page,
    `/v1/sessions?from=${new Date().toISOString()}`,
  );
  const next = items.find(({ state }) => ["scheduled", "proposed"].includes(state));
  const { origin } = new URL((await page.request.get("/")).url());
  await page.request.put(`/v1/sessions/${next?.id}/kit`, {
    data: { kit: "spar" },
    headers: { Origin: origin, "Sec-Fetch-Site": "same-origin" },
  });
  await page.goto("/prepare");
  await settled(page);
  await page.getByLabel("Topic").selectOption({ label: "Short video and TikTok" });
  await expect(page).toHaveURL(/topic=short-video/u);
  await page.getByRole("link", { name: "TikTok, hands on" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "TikTok, hands on" })).toBeVisible();
  await page.getByRole("button", { name: "Use it in the next talk" }).click();
  await expect(page.getByText("This is the next talk's plan")).toBeVisible();
  await page.getByRole("link", { name: "All plans" }).click();
  await expect(page.getByRole("heading", { name: /^You and .+: TikTok, hands on$/u })).toBeVisible();

  const other = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await speak(other, "en");
  await signInAs(other, "mentee");
  await other.goto("/");
  await expect(other.getByRole("heading", { name: /: TikTok, hands on$/u })).toBeVisible();
  await other.getByRole("link", { name: "Prepare" }).click();
  await expect(other.getByText("What would you like to be able to say in half a minute?")).toBeVisible();
  await other.getByLabel("One question or idea you bring").fill("Why does nobody watch our films?");
  await other.getByRole("button", { name: "Bring this" }).click();
  await expect(other.getByText("Saved. Your mentor sees it too.")).toBeVisible();
  await other.getByRole("link", { name: "Read the plan" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "TikTok, hands on" })).toBeVisible();
  await expect(other.getByRole("button", { name: "Use it in the next talk" })).toHaveCount(0);
  await other.context().close();
});

test("a search that finds no plan says so, and the way back is one press", async ({ page }) => {
  await page.goto("/prepare?q=karaoke");
  await settled(page);
  await expect(page.getByText("No plan with those words")).toBeVisible();
  await page.getByRole("button", { name: "Show all plans" }).click();
  await expect(page.getByRole("link", { name: "Ground rules and why we are here" })).toBeVisible();
});
