import { expect, type Page, test } from "@playwright/test";
import { come, LINK_COMMAND, read, send, settled, signInAs, speak } from "./personas";

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
  const { items } = await read<Items<Program>>(page, "/v1/programs?limit=100");
  return items.find(({ state }) => state === "enrolling")?.id ?? "";
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

test("an invited mentor reads why, tells a superpower and takes part", async ({ page, browser, baseURL }) => {
  const mentor = await come(browser, baseURL, await invite(page, "mentor", "level"));
  await mentor.getByRole("link", { name: "You are invited" }).click();
  await expect(mentor.getByRole("heading", { level: 1, name: "You are invited" })).toBeVisible();
  await expect(mentor.getByText("The mentor grows in · you")).toBeVisible();
  await mentor.getByLabel("Your superpower, in a line").fill("I know why people scroll past us");
  await mentor.getByRole("group", { name: "Topics to talk about" }).getByRole("button").first().click();
  await mentor.getByRole("button", { name: "Yes, I take part" }).click();
  await expect(mentor.getByText("Your yes is in")).toBeVisible();

  // What was told stands in the list of the one who answers.
  const program = await open(page);
  const { items } = await read<Items<{ superpower: string | null; state: string }>>(
    page,
    `/v1/programs/${program}/enrollments?state=applied&limit=100`,
  );
  expect(items.map(({ superpower }) => superpower)).toContain("I know why people scroll past us");
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
