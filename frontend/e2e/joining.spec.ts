import { expect, type Locator, type Page, test } from "@playwright/test";
import { Keyboard, Thumb } from "./hands";
import { change, come, LINK_COMMAND, openProgram, read, send, settled, signInAs, speak } from "./personas";

interface Items<T> {
  items: T[];
}
interface Program {
  id: string;
  state: string;
}
interface Person {
  id: string;
  work_email: string | null;
  status: string;
  line: string;
}
interface Invited {
  items: { outcome: string; person: { id: string } | null }[];
}

/** A program that takes people in. */
async function open(page: Page): Promise<string> {
  return (await openProgram(page))?.id ?? "";
}

test.beforeEach(async ({ page }) => {
  test.skip(!LINK_COMMAND, "VUORO_LOGIN_LINK_CMD is not set");
  await speak(page, "en");
  await signInAs(page, "manager");
});

/** Invites people until one can be: their mail. */
async function invite(page: Page, role: string, sort: string): Promise<string> {
  const program = await open(page);
  const { items } = await read<Items<Person>>(page, `/v1/people?limit=100&sort=${sort}`);
  for (const person of items.filter(({ status, work_email }) => status === "active" && work_email)) {
    const { items: lines } = await send<Invited>(page, `/v1/programs/${program}/invitations`, {
      people: [{ person_id: person.id, role }],
    });
    if (lines[0]?.outcome === "invited") return person.work_email ?? "";
  }
  throw new Error("nobody could be invited");
}

test("a mentor reads the whole invitation, fills everything in and takes part within three minutes on a phone", async ({
  page,
  browser,
  baseURL,
}) => {
  const mentor = await come(browser, baseURL, await invite(page, "mentor", "level"));
  await mentor.setViewportSize({ width: 390, height: 844 });
  const thumb = new Thumb();
  await thumb.press(mentor.getByRole("link", { name: "You are invited" }));
  await expect(mentor.getByRole("heading", { level: 1, name: "You are invited" })).toBeVisible();
  await expect(mentor.getByText("The mentor grows in · you")).toBeVisible();
  await thumb.read(mentor.getByRole("main"));
  await thumb.write(mentor.getByLabel("Your superpower, in a line"), "I know why people scroll past us");
  const topics = mentor.getByRole("group", { name: "Topics to talk about" }).getByRole("button");
  for (const index of [0, 1, 2]) await thumb.press(topics.nth(index));
  await thumb.press(mentor.getByRole("button", { name: "Yes, I take part" }));
  await expect(mentor.getByText("Your yes is in")).toBeVisible();
  test.info().annotations.push({ type: "seconds", description: String(thumb.seconds) });
  expect(thumb.fields).toBeLessThanOrEqual(2);
  expect(thumb.presses).toBeLessThanOrEqual(8);
  expect(thumb.seconds).toBeLessThanOrEqual(180);

  // What was told stands in the list of the one who answers.
  const program = await open(page);
  const { items } = await read<Items<{ superpower: string | null; state: string }>>(
    page,
    `/v1/programs/${program}/enrollments?state=applied&limit=100`,
  );
  expect(items.map(({ superpower }) => superpower)).toContain("I know why people scroll past us");
});

test("an executive reads what is asked and takes part within a minute on a phone", async ({
  page,
  browser,
  baseURL,
}) => {
  const mentee = await come(browser, baseURL, await invite(page, "mentee", "-level"));
  await mentee.setViewportSize({ width: 390, height: 844 });
  const thumb = new Thumb();
  await thumb.press(mentee.getByRole("link", { name: "You are invited" }));
  const yes = mentee.getByRole("button", { name: "Yes, I take part" });
  await expect(yes).toBeVisible();
  const [what, asked] = await mentee.getByRole("main").locator("section").all();
  await thumb.read(what as Locator);
  await thumb.read(asked as Locator);
  await thumb.press(mentee.getByRole("group", { name: "Topics to talk about" }).getByRole("button").first());
  await thumb.press(yes);
  await expect(mentee.getByText("Your yes is in")).toBeVisible();
  test.info().annotations.push({ type: "seconds", description: String(thumb.seconds) });
  expect(thumb.presses).toBeLessThanOrEqual(4);
  expect(thumb.seconds).toBeLessThanOrEqual(60);
});

test("a mentor joins by keyboard alone", async ({ page, browser, baseURL }) => {
  const mentor = await come(browser, baseURL, await invite(page, "mentor", "level"));
  const keys = new Keyboard(mentor);
  await keys.press(mentor.getByRole("link", { name: "You are invited" }));
  await keys.write(mentor.getByLabel("Your superpower, in a line"), "I find the broken step");
  await keys.press(
    mentor.getByRole("group", { name: "Topics to talk about" }).getByRole("button").first(),
    " ",
  );
  await keys.press(mentor.getByRole("button", { name: "Yes, I take part" }));
  await expect(mentor.getByText("Your yes is in")).toBeVisible();
});

test("an invited executive says no thanks in one press", async ({ page, browser, baseURL }) => {
  const mentee = await come(browser, baseURL, await invite(page, "mentee", "-level"));
  await mentee.getByRole("link", { name: "You are invited" }).click();
  await expect(mentee.getByRole("group", { name: "What would you like to understand?" })).toBeVisible();
  await mentee.getByRole("button", { name: "No thanks" }).click();
  await expect(mentee.getByText("No reason is needed, and nothing of it")).toBeVisible();
});

test("a link leads to the same page, a dead one says so", async ({ page, browser, baseURL }) => {
  const program = await open(page);
  const { code } = await send<{ code: string }>(page, `/v1/programs/${program}/invitation-links`, {
    role: "mentee",
  });
  const { items } = await read<Items<Person>>(page, "/v1/people?limit=100&sort=level");
  const somebody = items.findLast(({ status, work_email }) => status === "active" && work_email);
  const mentee = await come(browser, baseURL, somebody?.work_email ?? "");
  await mentee.goto(`/join/${code}`);
  await settled(mentee);
  await mentee.getByLabel("One thing is enough").fill("How a first week feels");
  await mentee.getByRole("button", { name: "Yes, I take part" }).click();
  await expect(mentee.getByText("Your yes is in")).toBeVisible();

  await mentee.goto("/join/a-code-that-nobody-has-made");
  await expect(mentee.getByRole("alert")).toContainText("We couldn't find that.");
});

test("in a program where people choose, a mentor wishes for up to five by keyboard, in an order of their own", async ({
  page,
  browser,
  baseURL,
}) => {
  const { id } = await send<{ id: string }>(page, "/v1/programs", {
    name: "People choose",
    template: "ai-fluency",
  });
  await change(page, `/v1/programs/${id}`, { settings: { self_chosen: true } });
  await send(page, `/v1/programs/${id}/transitions`, { to: "enrolling" });
  const fits = ({ status, line, work_email }: Person) =>
    status === "active" && line === "known" && work_email;
  const people = async (sort: string) =>
    (await read<Items<Person>>(page, `/v1/people?limit=100&sort=${sort}`)).items.filter(fits);
  const enroll = async (person: Person | undefined, role: string) =>
    await send<{ id: string }>(page, `/v1/programs/${id}/enrollments`, { person_id: person?.id, role });
  const mentor = (await people("level"))[0];
  const part = await enroll(mentor, "mentor");
  const seniors = (await people("-level")).slice(0, 3);
  for (const senior of seniors) await enroll(senior, "mentee");

  const theirs = await come(browser, baseURL, mentor?.work_email ?? "");
  await theirs.goto(`/parts/${part.id}`);
  await settled(theirs);
  const keys = new Keyboard(theirs);
  const wish = theirs.getByRole("button", { name: /^Wish for /u });
  await expect(wish).toHaveCount(3);
  const nameOf = async (index: number) =>
    ((await wish.nth(index).getAttribute("aria-label")) ?? "").replace("Wish for ", "");
  const [first, second] = [await nameOf(0), await nameOf(1)];
  await keys.press(theirs.getByRole("button", { name: `Wish for ${first}` }));
  await expect(wish).toHaveCount(2);
  await keys.press(theirs.getByRole("button", { name: `Wish for ${second}` }));
  await expect(wish).toHaveCount(1);
  await keys.press(theirs.getByRole("button", { name: `${second}: one place up` }));
  const wishes = theirs
    .getByRole("list")
    .filter({ has: theirs.getByRole("button", { name: /^Take back/u }) });
  await expect(wishes.getByRole("listitem").first()).toContainText(second);
  await keys.press(theirs.getByRole("button", { name: `Take back the wish for ${first}` }));
  await expect(wishes.getByRole("listitem")).toHaveCount(1);
  await theirs.reload();
  await expect(wishes.getByRole("listitem")).toHaveText([new RegExp(second, "u")]);

  // Nobody else reads a wish, the manager no more than the one wished for.
  const answer = await page.request.get(`/v1/enrollments/${part.id}/wishes`);
  expect(answer.status()).toBeGreaterThanOrEqual(403);
});

test("whoever was enrolled by others reads the terms and agrees, from the first page", async ({
  page,
  browser,
  baseURL,
}) => {
  const { items } = await read<Items<Person>>(page, "/v1/people?limit=100&sort=level");
  const person = items.find(({ status, work_email }) => status === "active" && work_email);
  const program = await send<Program>(page, "/v1/programs", {
    name: "With terms",
    template: "sounding-board",
  });
  const written = await page.request.put(`/v1/programs/${program.id}/terms`, {
    data: { text: { fi: "Ole kiltti", sv: "Var snäll", en: "Be kind" } },
    headers: { Origin: new URL(page.url()).origin, "Sec-Fetch-Site": "same-origin" },
  });
  expect(written.ok()).toBe(true);
  await send(page, `/v1/programs/${program.id}/transitions`, { to: "enrolling" });
  await send(page, `/v1/programs/${program.id}/enrollments`, { person_id: person?.id, role: "mentor" });
  const mentor = await come(browser, baseURL, person?.work_email ?? "");
  await mentor.getByRole("link", { name: "Read the terms and agree" }).click();
  await expect(mentor.getByText("Be kind")).toBeVisible();
  const yes = mentor.getByRole("button", { name: "Yes, I take part" });
  await yes.click();
  await expect(yes).toBeVisible();
  await mentor.getByLabel("I have read these terms and agree to them").check();
  await yes.click();
  await expect(mentor.getByText("You take part", { exact: true })).toBeVisible();
});
