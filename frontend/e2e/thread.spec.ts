import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { Keyboard } from "./hands";
import { come, LINK_COMMAND, read, settled, signInAs, speak } from "./personas";

const FILE = path.resolve(import.meta.dirname, "../../backend/vuoro/simulator/data/nordlys-workday.csv");

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

/** Goes through the warm-up page by page, from wherever it is asked for. */
async function warmUp(page: Page): Promise<void> {
  const keys = new Keyboard(page);
  await keys.press(page.getByRole("link", { name: "Finish the warm-up" }));
  await expect(page.getByText("Just for you to think about.")).toBeVisible();
  const ready = page.getByRole("button", { name: "I am ready" });
  const on = page.getByRole("button", { name: "Go on" });
  await expect(on.or(ready)).toBeVisible();
  while (await on.isVisible()) await keys.press(on);
  await keys.press(ready);
  await expect(page.getByText("You are ready.")).toBeVisible();
}

async function sign(page: Page, promise = false): Promise<void> {
  const keys = new Keyboard(page);
  const signature = page.getByRole("button", { name: "Sign", exact: true });
  await keys.press(page.getByLabel("I have read this and keep to it"), " ");
  if (promise) {
    await keys.press(signature);
    await expect(page.getByRole("alert")).toContainText("Your mentor needs this promise");
    await keys.press(page.getByLabel("I see to it that my mentor has this time as working time"), " ");
  }
  await keys.press(signature);
}

/** Local day and time, as date and time fields want them. */
function fieldsOf(at: Date): [day: string, time: string] {
  const two = (part: number) => String(part).padStart(2, "0");
  return [
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    `${two(at.getHours())}:${two(at.getMinutes())}`,
  ];
}

test("from the HR file to a held talk and its pulse, each of the two by keyboard alone", async ({
  page,
  browser,
  baseURL,
}) => {
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
  const mentorsKeys = new Keyboard(mentor);
  await mentorsKeys.press(mentor.getByRole("button", { name: "Yes, gladly" }));
  await expect(mentor.getByText("Mentee is asked")).toBeVisible();

  const mentee = await come(browser, baseURL, await mailOf(pair.mentee));
  await mentee.goto(`/pairs/${pair.id}`);
  await new Keyboard(mentee).press(mentee.getByRole("button", { name: "Yes, gladly" }));
  await sign(mentee, true);
  await expect(mentee.getByText(/You have signed/u)).toBeVisible();

  await mentor.reload();
  await sign(mentor);
  await mentorsKeys.press(mentor.getByRole("button", { name: "Plan a talk" }).first());
  const [day, time] = fieldsOf(new Date(Date.now() + 10 * 60_000));
  await mentor.getByLabel("Day", { exact: true }).fill(day);
  await mentor.getByLabel("Time", { exact: true }).fill(time);
  await mentorsKeys.press(mentor.getByRole("button", { name: "Book it" }));
  await expect(mentor.getByRole("button", { name: "We met" })).toHaveAttribute("aria-disabled", "true", {
    timeout: 20_000,
  });
  await warmUp(mentor);
  await mentee.reload();
  await warmUp(mentee);
  await mentor.goto(`/pairs/${pair.id}`);
  await mentorsKeys.press(mentor.getByRole("button", { name: "We met" }));

  await expect(mentor.getByRole("heading", { name: "How was talk 1?" })).toBeVisible();
  // Beside it stands the fit check, whose questions look alike.
  const pulse = mentor.locator("form", { has: mentor.getByRole("button", { name: "Seal it" }) });
  for (const question of await pulse
    .getByRole("group")
    .filter({ has: mentor.getByRole("radio") })
    .all())
    await mentorsKeys.press(question.getByRole("radio").first(), "ArrowRight");
  await mentorsKeys.press(pulse.getByRole("button", { name: "Seal it" }));
  await expect(mentor.getByText("Yours is in. It stays sealed.")).toBeVisible();

  // The fit check wants all of it, and offers a way out to the one who wishes for it.
  const fit = mentor.locator("form", { has: mentor.getByRole("button", { name: "Seal my answers" }) });
  await mentorsKeys.press(fit.getByRole("button", { name: "Seal my answers" }));
  await expect(fit.getByRole("alert").first()).toHaveText("Choose a number from 1 to 5.");
  for (const question of await fit
    .getByRole("group")
    .filter({ has: mentor.getByRole("radio") })
    .all())
    await mentorsKeys.press(question.getByRole("radio").first(), "ArrowLeft");
  await expect(fit.getByLabel("Perhaps another pair would suit me better")).toBeChecked();
  await mentorsKeys.press(fit.getByRole("button", { name: "Seal my answers" }));
  await expect(mentor.getByText("Thank you. It is sealed.")).toBeVisible();
  await mentorsKeys.press(mentor.getByRole("button", { name: "Start a kind rematch" }));
  await expect(mentor.getByRole("dialog")).toBeVisible();
  await mentor.keyboard.press("Escape");

  // The manager learns that one was held, and nothing else of it.
  await page.goto(`/pairs/${pair.id}`);
  await expect(page.getByText(/1 of \d+ talks held/u).first()).toBeVisible();
});
