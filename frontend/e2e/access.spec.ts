import { execFileSync } from "node:child_process";
import { type CDPSession, expect, type Page, test } from "@playwright/test";
import { LINK_COMMAND, settled, signInAs, speak } from "./personas";

test.beforeEach(({ page }) => speak(page, "en"));

/** A device that knows its person, in software: Chromium's own. */
async function device(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

const passkeys = (page: Page) => page.getByRole("list", { name: "Passkeys" }).getByRole("listitem");

async function addPasskey(page: Page): Promise<void> {
  await page.goto("/me/devices");
  await settled(page);
  const before = await passkeys(page).count();
  await page.getByRole("button", { name: "Add a passkey on this device" }).click();
  await expect(passkeys(page)).toHaveCount(before + 1);
}

test("a passkey is added, renamed, signs in and is removed", async ({ page }) => {
  await signInAs(page, "mentor");
  const { cdp, authenticatorId } = await device(page);
  await addPasskey(page);
  await page
    .getByRole("button", { name: /^Rename/u })
    .last()
    .click();
  await page.getByRole("dialog").getByLabel("Name").fill("My own phone");
  await page.getByRole("button", { name: "Keep this name" }).click();
  await expect(passkeys(page).filter({ hasText: "My own phone" })).toHaveCount(1);

  // A device in software would take the browser's suggestion before anybody can press.
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page).toHaveURL("/");
  await settled(page);

  await page.goto("/me/devices");
  await page.getByRole("button", { name: "Remove My own phone" }).click();
  await expect(passkeys(page).filter({ hasText: "My own phone" })).toHaveCount(0);
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("This passkey didn't work");
  await expect(page).toHaveURL(/\/sign-in/u);
  await cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
});

test("a passkey that the browser suggests signs in without a press", async ({ page }) => {
  await signInAs(page, "mentee");
  await device(page);
  await addPasskey(page);
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await expect(page).toHaveURL("/");
  await settled(page);
  await page.goto("/me/devices");
  await settled(page);
  const before = await passkeys(page).count();
  await page
    .getByRole("button", { name: /^Remove/u })
    .last()
    .click();
  await expect(passkeys(page)).toHaveCount(before - 1);
});

test("a device that does not know its person adds nothing", async ({ page }) => {
  await signInAs(page, "mentor");
  const { cdp, authenticatorId } = await device(page);
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.goto("/me/devices");
  await settled(page);
  const before = await passkeys(page).count();
  await page.getByRole("button", { name: "Add a passkey on this device" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing came from the device");
  await expect(passkeys(page)).toHaveCount(before);
});

test("what opens doors asks once more who it is, and then goes on by itself", async ({ page }) => {
  await signInAs(page, "admin");
  await device(page);
  await addPasskey(page);
  let refusals = 0;
  // In the demo every sign-in is fresh: this one is said not to be.
  await page.route("**/v1/organization/grants", async (route) => {
    if (route.request().method() !== "POST" || refusals++ > 0) return route.continue();
    const problem = { status: 403, code: "fresh_sign_in_needed", detail: "", params: { method: "passkey" } };
    await route.fulfill({ status: 403, contentType: "application/problem+json", json: problem });
  });
  await page.goto("/access");
  await settled(page);
  await page.getByRole("button", { name: "Give a role" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Give a role" });
  await dialog.getByRole("combobox", { name: "Who?" }).fill("emma");
  await dialog.getByRole("listbox", { name: "Who?" }).getByRole("option").first().click();
  await dialog.getByLabel("Role").selectOption("sponsor");
  await dialog.getByRole("button", { name: "Give the role" }).click();
  await page
    .getByRole("dialog", { name: "Is it still you?" })
    .getByRole("button", { name: "Use my passkey" })
    .click();
  await expect(dialog).toBeHidden();
  const sponsors = page.getByRole("region", { name: "Sponsors" });
  const taken = sponsors.getByRole("button", { name: /^Take the role/u }).last();
  const name = (await taken.getAttribute("aria-label")) ?? "";
  await taken.click();
  await expect(page.getByRole("button", { name })).toHaveCount(0);
});

test("whoever came by the organization's own sign-in shows it in a tab beside, and the page goes on", async ({
  page,
  context,
}) => {
  await signInAs(page, "admin");
  let refusals = 0;
  let given = 0;
  await page.route("**/v1/organization/grants", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    if (refusals++ > 0) {
      given++;
      return route.continue();
    }
    const problem = { status: 403, code: "fresh_sign_in_needed", detail: "", params: { method: "oidc" } };
    await route.fulfill({ status: 403, contentType: "application/problem+json", json: problem });
  });
  const provider = "https://login.nordlys.example/authorize";
  await page.route("**/v1/logins/oidc", async (route) => {
    const asked = route.request().postDataJSON();
    expect(asked).toMatchObject({ fresh: true, next: "/sign-in?step=proved" });
    await route.fulfill({ json: { label: "Nordlys", authorization_url: provider } });
  });
  const back = new URL("/sign-in?step=proved", (await page.request.get("/")).url());
  await context.route(`${provider}*`, (route) =>
    route.fulfill({ contentType: "text/html", body: `<h1>Nordlys</h1><a href="${back}">It is me</a>` }),
  );
  await page.goto("/access");
  await settled(page);
  await page.getByRole("button", { name: "Give a role" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Give a role" });
  await dialog.getByRole("combobox", { name: "Who?" }).fill("leena");
  await dialog.getByRole("listbox", { name: "Who?" }).getByRole("option").first().click();
  await dialog.getByLabel("Role").selectOption("sponsor");
  await dialog.getByRole("button", { name: "Give the role" }).click();
  const again = page.getByRole("dialog", { name: "Is it still you?" });
  const [beside] = await Promise.all([
    context.waitForEvent("page"),
    again.getByRole("link", { name: "Sign in with Nordlys" }).click(),
  ]);
  expect(given).toBe(0);
  await beside.getByRole("link", { name: "It is me" }).click();
  await expect(dialog).toBeHidden();
  await expect(again).toBeHidden();
  expect(given).toBe(1);
  const sponsors = page.getByRole("region", { name: "Sponsors" });
  const taken = sponsors.getByRole("button", { name: /^Take the role/u }).last();
  const name = (await taken.getAttribute("aria-label")) ?? "";
  await taken.click();
  await expect(page.getByRole("button", { name })).toHaveCount(0);
});

test("a unit is named, somebody looks after it, and it goes again", async ({ page }) => {
  await signInAs(page, "admin");
  await page.goto("/access");
  await settled(page);
  const name = `North ${Date.now()}`;
  await page.getByRole("button", { name: "New unit" }).click();
  const dialog = page.getByRole("dialog", { name: "New unit" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Choose at least one");
  await dialog.getByRole("group", { name: "Divisions" }).getByRole("checkbox", { name: "Product" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const unit = page.getByRole("list", { name: "Units" }).getByRole("listitem").filter({ hasText: name });
  await expect(unit).toContainText(/\d+ people/u);

  await page.getByRole("button", { name: "Give a role" }).first().click();
  const giving = page.getByRole("dialog", { name: "Give a role" });
  await giving.getByRole("combobox", { name: "Who?" }).fill("emma");
  await giving.getByRole("listbox", { name: "Who?" }).getByRole("option").first().click();
  await giving.getByLabel("Role").selectOption("sponsor");
  await giving.getByLabel("Where?").selectOption({ label: `Unit: ${name}` });
  await giving.getByRole("button", { name: "Give the role" }).click();
  await expect(giving).toBeHidden();
  const held = page.getByRole("region", { name: "Sponsors" }).getByRole("listitem").filter({ hasText: name });
  await expect(held).toHaveCount(1);
  await expect(unit.getByRole("button", { name: `Remove ${name}` })).toHaveCount(0);
  await held.getByRole("button", { name: /^Take the role/u }).click();
  await expect(held).toHaveCount(0);
  await unit.getByRole("button", { name: `Remove ${name}` }).click();
  await expect(unit).toHaveCount(0);
});

test("the organization's colour and logo stand in its frame and before the sign-in", async ({ page }) => {
  await signInAs(page, "admin");
  await page.goto("/access");
  await settled(page);
  const colour = page.getByRole("radiogroup", { name: "Colour" });
  await colour.getByRole("radio", { checked: true }).focus();
  for (let press = 0; press < 5; press++) await page.keyboard.press("ArrowDown");
  await expect(page.locator("html")).toHaveAttribute("data-accent", "plum");
  await expect(colour.getByRole("radio", { name: "Plum" })).toBeChecked();
  // Two more while the page cannot read what the first of them made.
  const written: number[] = [];
  page.on("response", (answer) => {
    if (answer.request().method() === "PATCH") written.push(answer.status());
  });
  await page.route(/\/v1\/organization$/u, (route) =>
    route.request().method() === "GET" ? undefined : route.continue(),
  );
  await colour.getByText("Night").click();
  await colour.getByText("Moss").click();
  await expect.poll(() => written).toEqual([200, 200]);
  await page.unrouteAll();
  await page.reload();
  await expect(colour.getByRole("radio", { name: "Moss" })).toBeChecked();
  const buffer = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  await expect(page.getByLabel("Choose a picture")).toBeEnabled();
  await page
    .getByLabel("Choose a picture")
    .setInputFiles({ name: "logo.png", mimeType: "image/png", buffer });
  const logo = page.getByRole("link").getByRole("img", { name: "Nordlys" }).first();
  await expect(logo).toBeVisible();
  await page.getByRole("button", { name: "Show none" }).click();
  await expect(logo).toHaveCount(0);
  await colour.getByText("Spruce").click();
  await expect(page.locator("html")).toHaveAttribute("data-accent", "spruce");
});

test("nobody asks for what is not there: no provider, no account, no erasure", async ({ page }) => {
  const missed: string[] = [];
  page.on("response", (answer) => {
    // Another test, beside this one, may just have taken the logo away.
    if (answer.status() === 404 && !answer.url().includes("/branding/logos/")) missed.push(answer.url());
  });
  await signInAs(page, "admin");
  await page.goto("/me/data");
  await settled(page);
  await expect(page.getByRole("button", { name: "Erase me" })).toBeVisible();
  await page.goto("/me/devices");
  await settled(page);
  await expect(page.getByRole("list", { name: "Where I am signed in" })).toBeVisible();
  await page.goto("/access");
  await settled(page);
  await page.getByLabel("Address of the provider (issuer)").fill("https://login.nordlys.example");
  await page.getByLabel("Client ID").fill("vuoro");
  await page.getByLabel("Domains of your mail addresses").fill("browser-tests.example");
  await page.getByLabel("What people call it").fill("Nordlys");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByRole("button", { name: "Remove", exact: true })).toHaveCount(0);
  await expect(page.getByLabel("Client ID")).toHaveValue("");
  await page.waitForLoadState("networkidle");
  expect(missed).toEqual([]);
});

test("who would rather not show it again changes nothing", async ({ page }) => {
  await signInAs(page, "mentor");
  await page.route("**/v1/me/address", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    const problem = { status: 403, code: "fresh_sign_in_needed", detail: "", params: { method: "mail" } };
    await route.fulfill({ status: 403, contentType: "application/problem+json", json: problem });
  });
  await page.goto("/me/devices");
  await page.getByRole("button", { name: "Use another address" }).click();
  await page.getByLabel("New work email").fill("somebody@new.example");
  await page.getByRole("button", { name: "Mail me a code" }).click();
  await page.getByRole("dialog", { name: "Is it still you?" }).getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("alert")).toContainText("Show once more that it is you");
});

test("a code is asked for by mail, a wrong one says so, and the last digit sends it", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("Work email").fill("nobody@example.com");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByLabel("Code").pressSequentially("01234567");
  await expect(page.getByRole("alert")).toContainText("That isn't the code");
  await page.getByRole("button", { name: "Another address" }).click();
  await expect(page.getByLabel("Work email")).toHaveValue("nobody@example.com");
});

test("another browser of mine is signed out from here", async ({ page, browser, baseURL }) => {
  await signInAs(page, "safeguarding");
  const there = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await signInAs(there, "safeguarding");
  await page.goto("/me/devices");
  await settled(page);
  const list = page.getByRole("list", { name: "Where I am signed in" });
  await expect(list.getByText("This one")).toHaveCount(1);
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  expect((await there.request.get("/v1/me")).status()).toBe(401);
  expect((await page.request.get("/v1/me")).status()).toBe(200);
});

test("the first admin sets the organization up", async ({ page }) => {
  test.skip(!LINK_COMMAND, "VUORO_LOGIN_LINK_CMD is not set");
  const slug = `first-${Date.now()}`;
  const command = LINK_COMMAND?.replace(
    /login-link$/u,
    `init --name "First Oy" --slug ${slug} --admin-name "Maija V" --admin-email maija@${slug}.example`,
  );
  const printed = execFileSync("/bin/sh", ["-c", command ?? ""], { encoding: "utf8" });
  await page.goto(/\/sign-in\?\S+/u.exec(printed)?.[0] ?? "");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Good that you are here");
  await page.getByLabel("Name").fill("First of all");
  await page.getByLabel("Svenska").uncheck();
  await page.getByLabel("Time zone").selectOption("Europe/Stockholm");
  await page.getByRole("button", { name: "Done, bring people in" }).click();
  await expect(page).toHaveURL("/imports");
  const organization = await (await page.request.get("/v1/organization")).json();
  expect([organization.name, organization.locales, organization.time_zone]).toEqual([
    "First of all",
    ["fi", "en"],
    "Europe/Stockholm",
  ]);
});
