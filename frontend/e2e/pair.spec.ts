import { expect, test } from "@playwright/test";
import { Keyboard } from "./hands";
import { livelyProgram, read, settled, signInAs, speak } from "./personas";

interface Listed {
  items: { id: string; number: number; my_pulse: string; can: Record<string, { allowed: boolean }> }[];
}

test.describe.configure({ mode: "serial" });
test.beforeEach(({ page }) => speak(page, "en"));

test("a mentor brings a starter topic to the agenda in one press of the keyboard", async ({ page }) => {
  await signInAs(page, "mentor");
  await page.goto("/");
  await settled(page);
  const starter = page.getByRole("button", { name: /^Add to the agenda/u }).first();
  const topic = ((await starter.getAttribute("aria-label")) ?? "").replace("Add to the agenda: ", "");
  await new Keyboard(page).press(starter);
  await expect(page.getByText("The agenda is saved.")).toBeVisible();
  await page.getByRole("link", { name: "Sessions" }).first().click();
  await page.getByRole("main").getByRole("listitem").first().getByRole("link").click();
  await expect(page.getByRole("main").locator("p", { hasText: topic })).toBeVisible();
});

test("a private note stays with its writer", async ({ page, browser, baseURL }) => {
  await signInAs(page, "mentor");
  const { items } = await read<Listed>(page, "/v1/pairs?mine=true");
  const pair = `/pairs/${items[0]?.id}`;
  await page.goto(pair);
  await settled(page);
  let goOn = () => {};
  const slow = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route("**/notes", async (route) => {
    if (route.request().method() === "POST") await slow;
    await route.continue();
  });
  await page.getByLabel("Write a note").fill("For my own eyes.");
  await page.getByRole("button", { name: "Save the note" }).click();
  await page.getByLabel("Write a note").fill("For the two of us.");
  goOn();
  await expect(page.getByRole("listitem").filter({ hasText: "For my own eyes." })).toBeVisible();
  await expect(page.getByLabel("Write a note"), "words written while another note is saved").toHaveValue(
    "For the two of us.",
  );
  await page.getByRole("button", { name: "Both of us" }).click();
  await page.getByRole("button", { name: "Save the note" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "For the two of us." })).toBeVisible();

  const other = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await speak(other, "en");
  await signInAs(other, "mentee");
  await other.goto(pair);
  await settled(other);
  await expect(other.getByText("For the two of us.")).toBeVisible();
  await expect(other.getByText("For my own eyes.")).toHaveCount(0);
  await other.context().close();
});

test("an executive moves a talk by keyboard, and the mentor agrees", async ({ page, browser, baseURL }) => {
  await signInAs(page, "mentee");
  await page.goto("/");
  await settled(page);
  await page.getByRole("button", { name: "Move", exact: true }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Move the talk" });
  const free = dialog.getByRole("group", { name: "Free for both of you" }).getByRole("button");
  await expect(free.and(page.locator("[aria-pressed=true]"))).toHaveCount(3);
  await free.nth(1).press("Enter");
  await dialog.getByRole("button", { name: "Propose 2 times" }).press("Enter");
  await expect(page.getByText("Moved. The other one chooses from your times.")).toBeVisible();
  await expect(dialog).toBeHidden();

  const other = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await speak(other, "en");
  await signInAs(other, "mentor");
  await other.goto("/");
  await settled(other);
  const times = other.getByRole("group", { name: "Choose the time that suits you" }).getByRole("button");
  await expect(times).toHaveCount(2);
  await times.first().click();
  await expect(other.getByText("Agreed. You both see it.")).toBeVisible();
  await other.context().close();
});

test("an executive brings one idea, and the mentor reads it", async ({ page, browser, baseURL }) => {
  await signInAs(page, "mentee");
  const { items } = await read<Listed>(page, "/v1/pairs?mine=true");
  await page.goto(`/pairs/${items[0]?.id}`);
  await settled(page);
  await page.getByLabel("One question or idea you bring").fill("Should we stop the Monday meeting?");
  await page.getByRole("button", { name: "Bring this" }).click();
  await expect(page.getByText("Saved. Your mentor sees it too.")).toBeVisible();

  const other = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await speak(other, "en");
  await signInAs(other, "mentor");
  await other.goto(`/pairs/${items[0]?.id}`);
  await expect(other.getByText("Should we stop the Monday meeting?")).toBeVisible();
  await other.context().close();
});

test("a goal is added and ticked off, and the rest of the talks is booked at once", async ({ page }) => {
  await signInAs(page, "mentor");
  const { items } = await read<Listed>(page, "/v1/pairs?mine=true");
  await page.goto(`/pairs/${items[0]?.id}`);
  await settled(page);
  await page.getByLabel("A goal of mine").fill("Say it the first time");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("checkbox", { name: /Say it the first time/u }).click();
  await expect(page.getByText("reached")).toBeVisible();

  await page.getByRole("button", { name: "Book the rest at once" }).click();
  const dialog = page.getByRole("dialog", { name: "All talks at once" });
  await expect(dialog.getByRole("listitem")).toHaveCount(2);
  await dialog.getByRole("button", { name: "Book these 2 talks" }).click();
  await expect(page.getByText("Booked. You both see the times")).toBeVisible();
  await expect(page.getByText("Booked", { exact: true })).not.toHaveCount(0);
  await expect(page.getByRole("link", { name: "Talk 6" })).toBeVisible();
});

test("a pulse asks for all five answers, then seals them", async ({ page }) => {
  await signInAs(page, "mentee");
  const { items } = await read<Listed>(page, "/v1/sessions?limit=100");
  const owed = items.find((session) => session.my_pulse === "open");
  expect(owed, "the demo leaves the executive one pulse to give").toBeDefined();
  await page.goto(`/sessions/${owed?.id}`);
  await settled(page);
  const pulse = page.locator("form", { has: page.getByRole("button", { name: "Seal it" }) });
  await pulse.getByRole("button", { name: "Seal it" }).click();
  await expect(pulse.getByRole("alert").first()).toContainText("Choose a number from 1 to 5.");
  for (const group of await pulse
    .getByRole("group")
    .filter({ has: page.getByRole("radio") })
    .all())
    await group.getByRole("radio", { name: "4" }).check({ force: true });
  await pulse.getByRole("button", { name: "Seal it" }).click();
  await expect(page.getByText("Thank you. It is sealed.")).toBeVisible();
});

test("a manager sees a pair's rhythm and nothing of its talks", async ({ page }) => {
  await signInAs(page, "manager");
  // Another test may bring a second program under way: this one is about the lively one.
  const program = (await livelyProgram(page))?.id ?? "";
  await page.addInitScript((id) => localStorage.setItem("vuoro-program", id), program);
  await page.goto("/");
  await settled(page);
  await page.locator('main a[href^="/pairs/"]').first().click();
  await expect(page.getByRole("heading", { level: 2, name: "Rhythm" })).toBeVisible();
  await expect(page.getByText("This is all anyone outside the pair can see.")).toBeVisible();
  await expect(page.getByRole("heading", { name: /Agenda|Notes/u })).toHaveCount(0);
});
