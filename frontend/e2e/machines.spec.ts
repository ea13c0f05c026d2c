import { createHash, randomBytes } from "node:crypto";
import { expect, type Page, test } from "@playwright/test";
import { send, settled, signInAs, speak } from "./personas";

const BACK = "https://turns.example/back";

async function keysPage(page: Page) {
  await page.goto("/");
  await settled(page);
  await page.getByRole("link", { name: "Keys and apps" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Keys and apps" })).toBeVisible();
}

test("an admin makes a key, changes it without a break, and ends it in three clicks", async ({
  page,
  playwright,
  baseURL,
}) => {
  await speak(page, "en");
  await signInAs(page, "admin");
  await keysPage(page);
  const name = `HR ${randomBytes(3).toString("hex")}`;
  await page.getByRole("button", { name: "New key", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await expect(dialog.getByRole("alert")).toHaveCount(2);
  await dialog.getByLabel("Which system").fill(name);
  await dialog.getByLabel("Read the directory").check();
  await dialog.getByRole("button", { name: "Make the key" }).click();
  const shown = dialog.getByText(/^vuoro_live_/u);
  const first = (await shown.textContent()) ?? "";
  expect(first.length).toBeGreaterThan(50);
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page.getByText(first)).toHaveCount(0);

  const outside = await playwright.request.newContext({ ...(baseURL && { baseURL }) });
  const opens = async (key: string) =>
    (await outside.get("/v1/people?limit=1", { headers: { Authorization: `Bearer ${key}` } })).status();
  expect(await opens(first)).toBe(200);
  await page.getByRole("button", { name: `Add a key: ${name}` }).click();
  const second = (await dialog.getByText(/^vuoro_live_/u).textContent()) ?? "";
  await dialog.getByRole("button", { name: "Close" }).click();
  expect(await opens(second)).toBe(200);
  await expect(page.getByRole("button", { name: `Add a key: ${name}` })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  const told = first.slice(0, first.indexOf("_", "vuoro_live_".length));
  await page.getByRole("button", { name: `Delete the key ${told}` }).click();
  await dialog.getByRole("button", { name: "Delete the key" }).click();
  await expect(page.getByRole("button", { name: `Delete the key ${told}` })).toHaveCount(0);
  expect([await opens(first), await opens(second)]).toEqual([401, 200]);

  await keysPage(page);
  await page.getByRole("button", { name: `End access: ${name}` }).click();
  await dialog.getByRole("button", { name: "End access" }).click();
  await expect(page.getByRole("button", { name: `End access: ${name}` })).toHaveCount(0);
  expect(await opens(second)).toBe(401);
});

test("a person lets an app in after signing in, sees it under Me, and takes the access away", async ({
  page,
  browser,
  playwright,
  baseURL,
}) => {
  const office = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await speak(office, "en");
  await signInAs(office, "admin");
  await keysPage(office);
  const name = `Turns ${randomBytes(3).toString("hex")}`;
  await office.getByRole("button", { name: "Register an app", exact: true }).click();
  const form = office.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByLabel(/^Addresses of the app/u).fill("http://turns.example/back");
  await form.getByRole("button", { name: "Register" }).click();
  await expect(form.getByRole("alert")).toContainText("https://");
  await form.getByLabel(/^Addresses of the app/u).fill(BACK);
  await form.getByRole("button", { name: "Register" }).click();
  const row = office.getByRole("listitem").filter({ hasText: name }).first();
  const id = (await row.getByText(/^[0-9a-f-]{36}$/u).textContent()) ?? "";

  await page.route(`${BACK}**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<h1>Turns</h1>" }),
  );
  const verifier = randomBytes(32).toString("base64url");
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: id,
    redirect_uri: BACK,
    state: "a b&c",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  await speak(page, "en");
  await page.goto(`/oauth/authorize?${asked}`);
  await expect(page).toHaveURL(/\/sign-in/u);
  await page
    .getByRole("button", { name: /mentor/iu })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1, name: `${name} asks to act for you` })).toBeVisible();
  await page.getByRole("button", { name: "Let it in" }).click();
  await expect(page).toHaveURL(/^https:\/\/turns\.example\/back\?code=/u);
  const told = new URL(page.url()).searchParams;
  expect(told.get("state")).toBe("a b&c");

  const phone = await playwright.request.newContext({ ...(baseURL && { baseURL }) });
  const answer = await phone.post("/oauth/token", {
    form: {
      grant_type: "authorization_code",
      client_id: id,
      code: told.get("code") ?? "",
      redirect_uri: BACK,
      code_verifier: verifier,
    },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  const { access_token } = await answer.json();
  const me = async () =>
    (await phone.get("/v1/me", { headers: { Authorization: `Bearer ${access_token}` } })).status();
  expect(await me()).toBe(200);

  // Asked once: an app that only itself can answer goes straight on.
  await page.goto(`/oauth/authorize?${asked}`);
  await expect(page).toHaveURL(/^https:\/\/turns\.example\/back\?code=/u);
  expect(new URL(page.url()).searchParams.get("code")).not.toBe(told.get("code"));

  await page.goto("/me");
  await settled(page);
  await page.getByRole("button", { name: `Take access away: ${name}` }).click();
  await expect(page.getByRole("button", { name: `Take access away: ${name}` })).toHaveCount(0);
  expect(await me()).toBe(401);
});

test("an app that nobody registered gets no question and nothing is sent", async ({ page }) => {
  await speak(page, "en");
  await signInAs(page, "mentor");
  await page.goto("/authorize?client_id=x&redirect_uri=https://evil.example/&response_type=code");
  await expect(page.getByRole("alert")).toContainText("Nothing was sent to it");
  await expect(page).toHaveURL(/\/authorize/u);
});

test("a no goes back to the app as a no", async ({ page, browser, baseURL }) => {
  const office = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await signInAs(office, "admin");
  const app = await send<{ id: string }>(office, "/v1/oauth-clients", {
    name: "Turns",
    redirect_uris: [BACK],
  });
  await page.route(`${BACK}**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<h1>Turns</h1>" }),
  );
  await speak(page, "en");
  await signInAs(page, "mentee");
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: app.id,
    redirect_uri: BACK,
    code_challenge: "x".repeat(43),
    code_challenge_method: "S256",
  });
  await page.goto(`/oauth/authorize?${asked}`);
  await page.getByRole("button", { name: "Not now" }).click();
  await expect(page).toHaveURL(/^https:\/\/turns\.example\/back\?error=access_denied&/u);
});
