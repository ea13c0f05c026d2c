import { expect, test } from "@playwright/test";
import { settled, signInAs, speak } from "./personas";

test.beforeEach(({ page }) => speak(page, "en"));

test("somebody signs in by a persona card and out by the menu", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/u);
  await page.getByRole("main").getByRole("listitem").first().getByRole("button").click();
  await expect(page).toHaveURL("/");
  await settled(page);
  await page
    .getByRole("button", { name: /^Your menu/u })
    .first()
    .click();
  const refused: string[] = [];
  page.on("response", (answer) => answer.status() === 401 && refused.push(answer.url()));
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in");
  await settled(page);
  expect(refused, "nothing is asked for in the name of who has left").toEqual([]);
  await page.goto("/sessions");
  await expect(page).toHaveURL(/\/sign-in\?next=/u);
});

for (const [persona, where, questions] of [
  ["mentor", () => "/", ["/v1/me", "/v1/me/today"]],
  ["manager", (id: string) => `/programs/${id}/pairs`, ["/v1/me", "/v1/pairs"]],
] as const)
  test(`the first page of a ${persona} asks for each thing once, before its scripts have come`, async ({
    page,
  }) => {
    await signInAs(page, persona);
    const me = await (await page.request.get("/v1/me")).json();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    // No script comes before the questions have left.
    const last = page.waitForRequest((request) => new URL(request.url()).pathname === questions[1]);
    await page.route("**/assets/*.js", (route) => last.then(() => route.continue()));
    await page.goto(where(me.programs[0].id));
    await settled(page);
    for (const path of questions)
      expect(
        asked.filter((each) => each === path),
        path,
      ).toHaveLength(1);
  });

test("a mail link needs an address, and says the same for any", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("alert")).toContainText("Write your work email");
  await page.getByLabel("Work email").fill("nobody@example.com");
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("Look in your mail")).toBeVisible();
});

test("a used link is explained, and its token leaves the address", async ({ page }) => {
  await page.goto("/sign-in#token=a-token-that-nobody-has-made");
  await expect(page).toHaveURL(/\/sign-in$/u);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert").first()).toContainText("used or is too old");
});

test("language and theme change at once and stay", async ({ page }) => {
  await signInAs(page, "mentor");
  await page.goto("/");
  await settled(page);
  await page.getByRole("button", { name: /^Theme/u }).click();
  await page.getByRole("menuitem", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: /^Language/u }).click();
  await page.getByRole("menuitem", { name: "Svenska" }).click();
  await expect(page.getByRole("link", { name: "I dag" }).first()).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "sv");
  await page.getByRole("button", { name: /^Språk/u }).click();
  await page.getByRole("menuitem", { name: "English" }).click();
  await expect(page.getByRole("link", { name: "Today" }).first()).toBeVisible();
});

test("Ctrl+K finds a page by keyboard alone", async ({ page }) => {
  await signInAs(page, "mentor");
  await page.goto("/");
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("sess");
  await expect(page.getByRole("option", { name: "Sessions" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Sessions" })).toBeVisible();
});

test("the skip link leads past the bar", async ({ page }) => {
  await signInAs(page, "mentor");
  await page.goto("/");
  await settled(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
});

test("a lost connection is said, with a way to try again", async ({ page }) => {
  await signInAs(page, "mentor");
  await page.goto("/");
  await settled(page);
  await page.route("**/v1/sessions**", (route) => route.abort());
  await page.getByRole("link", { name: "Sessions" }).first().click();
  await expect(page.getByRole("alert")).toContainText("No connection to Vuoro", { timeout: 15_000 });
  await page.unroute("**/v1/sessions**");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
});
