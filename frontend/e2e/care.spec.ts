import { expect, type Page, test } from "@playwright/test";
import { Keyboard } from "./hands";
import { come, read, send, settled, signInAs, speak } from "./personas";

interface Pairs {
  items: {
    id: string;
    mentor: { display_name: string };
    mentee: { display_name: string };
    rhythm: { next_booked: boolean };
  }[];
}
interface Personas {
  items: { key: string; display_name: string }[];
}
interface People {
  items: { display_name: string; work_email: string }[];
}

test.describe.configure({ mode: "serial" });
test.beforeEach(({ page }) => speak(page, "en"));

/** A mentor and an executive with a talk ahead, whom no other test touches. */
async function pairOf(page: Page, place: number): Promise<{ mentor: string; mentee: string }> {
  await signInAs(page, "manager");
  const { programs } = await read<{ programs: { id: string; state: string }[] }>(page, "/v1/me");
  const running = programs.find(({ state }) => state === "running")?.id;
  const { items } = await read<Pairs>(page, `/v1/pairs?program_id=${running}&state=active&limit=100`);
  const known = (await read<Personas>(page, "/v1/demo/personas")).items.map((each) => each.display_name);
  const pair = items.filter(
    ({ mentor, mentee, rhythm }) =>
      rhythm.next_booked && !known.includes(mentor.display_name) && !known.includes(mentee.display_name),
  )[place];
  await signInAs(page, "admin");
  const mail = async (name = "") =>
    (await read<People>(page, `/v1/people?q=${encodeURIComponent(name)}&limit=5`)).items.find(
      ({ display_name }) => display_name === name,
    )?.work_email ?? "";
  return { mentor: await mail(pair?.mentor.display_name), mentee: await mail(pair?.mentee.display_name) };
}

/** Moves on with Tab alone until this has the focus. */
async function tabTo(page: Page, target: ReturnType<Page["getByRole"]>) {
  await expect(async () => {
    await page.keyboard.press("Tab");
    await expect(target).toBeFocused({ timeout: 50 });
  }).toPass({ timeout: 20_000, intervals: [0] });
}

test("a concern raised by keyboard on a phone reaches its contact, who reads it and answers", async ({
  page,
  browser,
  baseURL,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAs(page, "mentor");
  await page.goto("/me");
  await settled(page);
  await tabTo(page, page.getByRole("link", { name: "Something isn't right" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Something isn't right" })).toBeVisible();
  const text = page.getByLabel("What has happened, or what worries you?");
  await tabTo(page, text);
  await page.keyboard.type("I am asked to share what we talk about.");
  await tabTo(page, page.getByRole("checkbox", { name: "Show my name" }));
  await tabTo(page, page.getByRole("button", { name: "Send it to this person only" }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("It is on its way. Thank you for saying it.")).toBeVisible();
  const mine = page.getByRole("listitem").filter({ hasText: "Something else" });
  await expect(mine).toContainText("Sent");

  const other = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await speak(other, "en");
  await signInAs(other, "safeguarding");
  await other.goto("/");
  await settled(other);
  await expect(other.getByText("I am asked to share")).toHaveCount(0);
  await other
    .getByRole("navigation", { name: "Main" })
    .first()
    .getByRole("link", { name: "Concerns" })
    .click();
  const entrusted = other
    .getByRole("listitem")
    .filter({ hasText: "I am asked to share what we talk about." });
  await expect(entrusted).toContainText("Without a name");
  await entrusted.getByRole("button", { name: "I have read this" }).click();
  await expect(entrusted.getByText("Read, open")).toBeVisible();
  await page.reload();
  await expect(mine).toContainText("Read");
  await entrusted.getByRole("button", { name: "Answer and close" }).click();
  const dialog = other.getByRole("dialog", { name: "Answer and close" });
  await dialog.getByRole("button", { name: "Send and close" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Write at least a few words.");
  await dialog.getByLabel("What came of it").fill("You need not. I talked with HR, without your name.");
  await dialog.getByRole("button", { name: "Send and close" }).click();
  await expect(entrusted.getByText("Closed", { exact: true })).toBeVisible();
  await other.context().close();

  await page.reload();
  await expect(mine).toContainText("Answered");
  await mine.locator("summary").press("Enter");
  await expect(mine.getByText("You need not. I talked with HR, without your name.")).toBeVisible();
});

test("an admin names a safeguarding contact, whom a participant finds, sees as the one who reads, and writes to", async ({
  page,
  browser,
  baseURL,
}) => {
  const key = Date.now();
  const name = `Saara Kuuntelija ${key}`;
  await signInAs(page, "admin");
  await send(page, "/v1/people", {
    external_id: `care-${key}`,
    display_name: name,
    job_level: 5,
    work_email: `saara-${key}@nordlys.example`,
  });
  await page.goto("/access");
  await settled(page);
  await page.getByRole("button", { name: "Give a role" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Give a role" });
  await dialog.getByRole("combobox", { name: "Who?" }).fill(name);
  await dialog.getByRole("listbox", { name: "Who?" }).getByRole("option", { name }).click();
  await dialog.getByLabel("Role").selectOption("safeguarding_contact");
  await dialog.getByRole("button", { name: "Give the role" }).click();
  await expect(dialog).toBeHidden();
  const contacts = page.getByRole("region", { name: "Safeguarding contacts" });
  await expect(contacts.getByText(name)).toBeVisible();

  const theirs = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await speak(theirs, "en");
  await signInAs(theirs, "mentor");
  await theirs.goto("/concerns/new");
  await settled(theirs);
  const readers = theirs.getByRole("group", { name: "Who reads it" });
  await readers.getByRole("radio", { name }).check();
  await theirs.getByLabel("What has happened, or what worries you?").fill("Only for Saara to read.");
  await theirs.getByRole("button", { name: "Send it to this person only" }).click();
  await expect(theirs.getByText("It is on its way. Thank you for saying it.")).toBeVisible();
  const mine = theirs.getByRole("listitem").filter({ hasText: name });
  await expect(mine).toContainText("Sent");

  const saara = await come(browser, baseURL, `saara-${key}@nordlys.example`);
  await saara.goto("/concerns");
  await settled(saara);
  const entrusted = saara.getByRole("listitem").filter({ hasText: "Only for Saara to read." });
  await expect(entrusted).toContainText("Without a name");
  await saara.context().close();
  await signInAs(theirs, "safeguarding");
  await theirs.goto("/concerns");
  await settled(theirs);
  await expect(theirs.getByRole("heading", { level: 1, name: "Concerns" })).toBeVisible();
  await expect(theirs.getByText("Only for Saara to read.")).toHaveCount(0);

  await contacts.getByRole("listitem").filter({ hasText: name }).getByRole("button").click();
  await expect(contacts.getByText(name)).toHaveCount(0);
  await signInAs(theirs, "mentor");
  await theirs.goto("/concerns/new");
  await settled(theirs);
  await expect(readers.getByRole("radio")).not.toHaveCount(0);
  await expect(readers.getByRole("radio", { name })).toHaveCount(0);
  await theirs.context().close();
});

test("nobody but the contact finds the concern", async ({ page }) => {
  for (const persona of ["mentee", "manager", "admin"] as const) {
    await signInAs(page, persona);
    expect((await read<Pairs>(page, "/v1/concerns")).items, persona).toEqual([]);
  }
});

test("a mentor takes a break from the program and is back in one press", async ({
  page: first,
  browser,
  baseURL,
}) => {
  const page = await come(browser, baseURL, (await pairOf(first, 0)).mentor);
  await page.goto("/me");
  await settled(page);
  await page.getByRole("link", { name: /My part as mentor/u }).click();
  await page.getByRole("button", { name: "Take a break" }).click();
  await expect(page.getByRole("main").getByText("On a break", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "I am back" }).click();
  await expect(page.getByRole("main").getByText("Has a pair", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Leave the program" }).click();
  const dialog = page.getByRole("dialog", { name: "Leave the program" });
  await expect(dialog.getByRole("button", { name: "Leave, without a reason" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.context().close();
});

test("a mentor shares a pair with other systems, and takes it back", async ({ page }) => {
  await signInAs(page, "mentor");
  await page.goto("/me");
  await settled(page);
  await page.getByRole("link", { name: /My part as mentor/u }).click();
  const box = page.getByRole("checkbox", { name: /Other systems may see my pair/u });
  await expect(box).not.toBeChecked();
  await box.click();
  await expect(box).toBeChecked();
  await box.click();
  await expect(box).not.toBeChecked();
});

test("an executive chooses an assistant, who moves a talk and sees nothing else", async ({
  page: first,
  browser,
  baseURL,
}) => {
  const page = await come(browser, baseURL, (await pairOf(first, 1)).mentee);
  const { items } = await read<Personas>(page, "/v1/demo/personas");
  const name = items.find(({ key }) => key === "safeguarding")?.display_name ?? "";
  await page.goto("/me");
  await settled(page);
  await page.getByRole("combobox", { name: "Find a colleague" }).fill(name);
  await expect(page.getByRole("option", { name })).toBeVisible();
  await page.getByRole("combobox", { name: "Find a colleague" }).press("Enter");
  await expect(page.getByText("Done. They find your times in their own Vuoro.")).toBeVisible();

  const other = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await speak(other, "en");
  await signInAs(other, "safeguarding");
  await other.goto("/");
  await settled(other);
  await other
    .getByRole("navigation", { name: "Main" })
    .first()
    .getByRole("link", { name: "Booking" })
    .click();
  await expect(other.getByRole("heading", { level: 1, name: "I book for others" })).toBeVisible();
  await expect(other.getByRole("button", { name: /cancel/iu })).toHaveCount(0);
  await other.getByRole("button", { name: "Move", exact: true }).first().click();
  await other
    .getByRole("dialog", { name: "Move the talk" })
    .getByRole("button", { name: /^Propose/u })
    .click();
  await expect(other.getByText("Time proposed")).toBeVisible();
  await other.context().close();

  await page.reload();
  await settled(page);
  await page.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("combobox", { name: "Find a colleague" })).toBeVisible();
  await page.context().close();
});

test("an executive posts a challenge, changes it and closes it", async ({ page }) => {
  await signInAs(page, "mentee");
  await page.goto("/me");
  await settled(page);
  await page.getByRole("link", { name: "What I would like to understand" }).click();
  await page.getByRole("button", { name: "Post a challenge" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("In a few words").fill("Why nobody reads our news");
  await dialog.getByLabel("What would you like to see with other eyes?").fill("Our intranet has no readers.");
  await dialog.getByRole("button", { name: "Post it" }).click();
  const mine = page.getByRole("listitem").filter({ hasText: "Our intranet has no readers." });
  await expect(mine).toContainText("Open");
  await mine.getByRole("button", { name: "Change" }).click();
  await dialog.getByLabel("In a few words").fill("Where you get your news");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(mine.getByRole("heading", { name: "Where you get your news" })).toBeVisible();
  await mine.getByRole("button", { name: "Close it" }).click();
  await expect(mine.getByRole("button", { name: "Open it again" })).toBeVisible();
});

test("a note is changed and deleted by its writer", async ({ page }) => {
  await signInAs(page, "mentor");
  const { items } = await read<Pairs>(page, "/v1/pairs?mine=true");
  await page.goto(`/pairs/${items[0]?.id}`);
  await settled(page);
  await page.getByLabel("Write a note").fill("A first thought");
  await page.getByRole("button", { name: "Save the note" }).click();
  await page
    .getByRole("listitem")
    .filter({ hasText: "A first thought" })
    .getByRole("button", { name: "Change the note" })
    .click();
  const dialog = page.getByRole("dialog", { name: "Change the note" });
  await dialog.getByRole("textbox").fill("A second thought");
  await dialog.getByRole("button", { name: "Save" }).click();
  const note = page.getByRole("listitem").filter({ hasText: "A second thought" });
  await expect(note).toContainText("changed");
  await note.getByRole("button", { name: "Change the note" }).click();
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByText("The note is deleted.")).toBeVisible();
  await expect(note).toHaveCount(0);
});

test("a mentor wishes for another pair in three presses of the keyboard", async ({
  page,
  browser,
  baseURL,
}) => {
  const theirs = await come(browser, baseURL, (await pairOf(page, 2)).mentor);
  const keys = new Keyboard(theirs);
  await keys.press(theirs.locator('main a[href^="/pairs/"]').first());
  await settled(theirs);
  await keys.press(theirs.getByRole("button", { name: "Take a break, or end" }));
  await keys.press(theirs.getByRole("button", { name: "End, and find me another pair" }));
  expect(keys.steps).toBe(3);
  await expect(theirs.getByText("The pair has ended kindly. We look for a new one for you.")).toBeVisible();
  await expect(theirs.getByText("This pair has ended. Thank you both for the time.")).toBeVisible();
  await theirs.context().close();
});

test("somebody subscribes to their talks by keyboard, changes the address, and stops", async ({ page }) => {
  await signInAs(page, "mentee");
  await page.goto("/sessions");
  await settled(page);
  const keyboard = new Keyboard(page);
  await keyboard.press(page.getByRole("link", { name: "In my calendar" }));
  const card = page.getByRole("main").locator("section").filter({ hasText: "Talks in my calendar" });
  await keyboard.press(card.getByRole("button", { name: "Subscribe" }));
  await expect(card.getByRole("status")).toContainText("Keep this address like a key");
  const webcal = card.getByRole("link", { name: "Open in my calendar" });
  const first = (await webcal.getAttribute("href"))?.replace("webcal:", "http:") ?? "";
  await expect(card.getByText(first, { exact: true })).toBeVisible();
  const answer = await page.request.get(first);
  expect(answer.headers()["content-type"]).toBe("text/calendar; charset=utf-8");
  expect(await answer.text()).toContain("BEGIN:VEVENT");

  await keyboard.press(card.getByRole("button", { name: "Change the address" }));
  await expect(card.getByText(first, { exact: true })).toBeHidden();
  const second = (await webcal.getAttribute("href"))?.replace("webcal:", "http:") ?? "";
  expect((await page.request.get(first)).status()).toBe(404);
  expect((await page.request.get(second)).status()).toBe(200);
  await page.reload();
  await settled(page);
  await expect(card).toContainText("A calendar last looked today");
  await expect(card.getByRole("link")).toHaveCount(0);

  await keyboard.press(card.getByRole("button", { name: "Stop" }));
  await expect(card.getByRole("button", { name: "Subscribe" })).toBeFocused();
  expect((await page.request.get(second)).status()).toBe(404);
});
