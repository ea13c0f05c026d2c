import { execFileSync } from "node:child_process";
import path from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { read, settled, signInAs, speak } from "./personas";

const FILE = path.resolve(import.meta.dirname, "../../backend/vuoro/simulator/data/nordlys-workday.csv");
/** A shell command that a mail is appended to, and that prints a sign-in address. */
const LINK_COMMAND = process.env.VUORO_LOGIN_LINK_CMD;

interface Items<T> {
  items: T[];
}
interface Program {
  id: string;
  state: string;
  counts: { enrolled_mentors: number };
}
interface Side {
  id: string;
  display_name: string;
}
interface Pair {
  id: string;
  mentor: Side;
  mentee: Side;
}

/** Somebody of the company at a browser of their own, signed in by a link as in a mail. */
async function come(browser: Browser, baseURL: string | undefined, mail: string): Promise<Page> {
  const printed = execFileSync("/bin/sh", ["-c", `${LINK_COMMAND} "$1"`, "sh", mail], { encoding: "utf8" });
  const token = /#token=\S+/u.exec(printed)?.[0];
  expect(token, printed).toBeDefined();
  const context = await browser.newContext({ ...(baseURL && { baseURL }) });
  const page = await context.newPage();
  await speak(page, "en");
  await page.goto(`/sign-in${token}`);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL("/");
  await settled(page);
  return page;
}

async function sign(page: Page): Promise<void> {
  await page.getByLabel("I have read this and keep to it").check();
  await page.getByRole("button", { name: "Sign", exact: true }).click();
}

/** Local day and time, as date and time fields want them. */
function fieldsOf(at: Date): [day: string, time: string] {
  const two = (part: number) => String(part).padStart(2, "0");
  return [
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    `${two(at.getHours())}:${two(at.getMinutes())}`,
  ];
}

test("from the HR file to a held talk and its pulse", async ({ page, browser, baseURL }) => {
  test.skip(!LINK_COMMAND, "VUORO_LOGIN_LINK_CMD is not set");
  test.setTimeout(240_000);
  await speak(page, "en");

  await signInAs(page, "admin");
  await page.goto("/imports");
  await settled(page);
  await page.getByLabel("Choose a file").setInputFiles(FILE);
  await expect(page.getByRole("region", { name: "The file in numbers" })).toContainText(
    /New\s*0\s*Changed\s*0/u,
    { timeout: 60_000 },
  );
  await page.getByRole("button", { name: "Bring them in" }).click();
  await page.getByRole("button", { name: "Yes, bring them in" }).click();
  await expect(page.getByText("Everybody is in")).toBeVisible({ timeout: 60_000 });

  await signInAs(page, "manager");
  const { items: programs } = await read<Items<Program>>(page, "/v1/programs?limit=100");
  const ready = programs.find(
    ({ state, counts }) => ["enrolling", "matching"].includes(state) && counts.enrolled_mentors > 100,
  );
  await page.goto(`/programs/${ready?.id}`);
  await page.getByRole("link", { name: "Open matching" }).click();
  await page.getByRole("button", { name: /^(Look for pairs|Search again)$/u }).click();
  await expect(page).toHaveURL(/run=/u);
  await expect(page.getByText("Ready for your look")).toBeVisible({ timeout: 120_000 });
  await page.getByRole("button", { name: "Ask the mentors" }).click();
  await page.getByRole("button", { name: "Yes, ask the mentors" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Matching" })).toBeVisible();
  await expect(page.getByText("The mentors are asked", { exact: true })).toBeVisible({ timeout: 60_000 });

  const { items: pairs } = await read<Items<Pair>>(
    page,
    `/v1/pairs?program_id=${ready?.id}&state=asked_mentor&limit=1`,
  );
  const pair = pairs[0];
  if (!pair) throw new Error("no pair was made");
  const mailOf = async ({ id }: Side) =>
    (await read<{ work_email: string }>(page, `/v1/people/${id}`)).work_email;

  const mentor = await come(browser, baseURL, await mailOf(pair.mentor));
  await mentor.goto(`/pairs/${pair.id}`);
  await mentor.getByRole("button", { name: "Yes, gladly" }).click();
  await expect(mentor.getByText("Mentee is asked")).toBeVisible();

  const mentee = await come(browser, baseURL, await mailOf(pair.mentee));
  await mentee.goto(`/pairs/${pair.id}`);
  await mentee.getByRole("button", { name: "Yes, gladly" }).click();
  await sign(mentee);
  await expect(mentee.getByText(/You have signed/u)).toBeVisible();

  await mentor.reload();
  await sign(mentor);
  const plan = mentor.getByRole("button", { name: "Plan a talk" }).first();
  await plan.click();
  const [day, time] = fieldsOf(new Date(Date.now() + 10 * 60_000));
  await mentor.getByLabel("Day", { exact: true }).fill(day);
  await mentor.getByLabel("Time", { exact: true }).fill(time);
  await mentor.getByRole("button", { name: "Book it" }).click();
  await mentor.getByRole("button", { name: "We met" }).click({ timeout: 20_000 });

  await expect(mentor.getByRole("heading", { name: "How was talk 1?" })).toBeVisible();
  for (const question of await mentor
    .getByRole("group")
    .filter({ has: mentor.getByRole("radio") })
    .all())
    await question.getByRole("radio").nth(3).press("Space");
  await mentor.getByRole("button", { name: "Seal it" }).click();
  await expect(mentor.getByText("Yours is in. It stays sealed.")).toBeVisible();

  // The manager learns that one was held, and nothing else of it.
  await page.goto(`/pairs/${pair.id}`);
  await expect(page.getByText(/1 of \d+ talks held/u).first()).toBeVisible();
});
