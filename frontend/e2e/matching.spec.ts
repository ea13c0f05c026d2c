import { expect, type Page, test } from "@playwright/test";
import { livelyProgram, read, settled, signInAs, speak } from "./personas";

interface Person {
  id: string;
  display_name: string;
  division: string | null;
  site: string | null;
  job_level: number | null;
  status: string;
  line: string;
}
interface Items<T> {
  items: T[];
}

test.beforeEach(async ({ page }) => {
  await speak(page, "en");
  await signInAs(page, "manager");
});

async function enroll(page: Page, person: Person, role: string): Promise<void> {
  await page.getByRole("button", { name: "Enroll a person" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Person" }).fill(person.display_name);
  await expect(dialog.getByRole("option").first()).toContainText(person.display_name);
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: role }).click();
  await dialog.getByRole("group", { name: "Topics to talk about" }).getByRole("button").first().click();
  await dialog.getByRole("button", { name: "Enroll", exact: true }).click();
  await expect(dialog).toBeHidden();
}

test("a program from a template to suggested pairs, in one sitting", async ({ page }) => {
  const juniors = (await read<Items<Person>>(page, "/v1/people?limit=100&sort=level")).items;
  const seniors = (await read<Items<Person>>(page, "/v1/people?limit=60&sort=-level")).items;
  const fits = (each: Person) => each.status === "active" && each.line === "known";
  const mentee = seniors.find(fits);
  const mentor = juniors.find((each) => fits(each) && each.division !== mentee?.division);
  if (!mentor || !mentee) throw new Error("nobody to enroll");

  await page.goto("/programs/new");
  await settled(page);
  await page.getByRole("button", { name: "Start the program" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Choose one to start from");
  await page.getByRole("radio", { name: /Taster/u }).check({ force: true });
  await page.getByLabel("Name").fill("Try it in a browser");
  await page.getByRole("button", { name: "Start the program" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Try it in a browser" })).toBeVisible();
  await expect(page.getByText("Bring in both sides")).toBeVisible();

  await page.getByRole("link", { name: "Taking part" }).click();
  await enroll(page, mentor, "Mentor (junior)");
  await enroll(page, mentee, "Mentee (executive)");
  await expect(page.getByRole("row").filter({ hasText: mentor.display_name })).toContainText("Taking part");

  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("link", { name: "Open matching" }).click();
  await page.getByRole("button", { name: "Look for pairs" }).click();
  await expect(page.getByText("Ready for your look")).toBeVisible({ timeout: 60_000 });

  const card = page.getByRole("region", { name: "The chosen pair" });
  await expect(card).toContainText(mentor.display_name);
  await expect(card).toContainText("Checked before we suggested");
  await card.getByRole("button", { name: "Without this pair" }).click();
  await expect(card.getByRole("status")).toContainText(`${mentor.display_name} would get nobody.`);
  await expect(card.getByRole("status")).toContainText(/The whole program would lose \d+(\.\d)? points?\./u);

  await page.getByText("How good it is, what if").click();
  await expect(page.getByText("that is proven, not guessed")).toBeVisible();
  await page.getByRole("slider", { name: "Want to talk about the same things" }).fill("90");
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  const trial = page.getByRole("region", { name: "What would change" });
  await expect(trial).toContainText("1 pair stays the same.", { timeout: 60_000 });
  await trial.getByRole("button", { name: "Throw away" }).click();
  await expect(trial).toBeHidden();
  await expect(page.getByText("Ready for your look")).toBeVisible();

  await card.getByRole("button", { name: "Keep this pair" }).click();
  await expect(card.getByRole("heading", { name: "Kept" })).toBeVisible();
  await card.getByRole("button", { name: "Let it go free" }).click();
  await card.getByRole("button", { name: "Set aside" }).click();
  await expect(card.getByRole("heading", { name: "Set aside" })).toBeVisible();

  await page.getByRole("button", { name: "Ask the mentors" }).click();
  await page.getByRole("button", { name: "Yes, ask the mentors" }).click();
  await expect(page.getByRole("alert")).toContainText("No suggested pair is left");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Search again" }).click();
  await expect(page.getByText("You set the pair aside").first()).toBeVisible({ timeout: 60_000 });
});

test("weights and rules are under details, and refuse nonsense", async ({ page }) => {
  const running = await livelyProgram(page);
  await page.goto(`/programs/${running?.id}`);
  await settled(page);
  await page.getByText("How pairs are weighed, the rules, the rhythm and the dates").click();
  const weights = page.getByRole("slider");
  await expect(weights).toHaveCount(8);
  for (const slider of await weights.all()) await slider.fill("0");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("At least one must count");
});

test("a manager sees how pairs do, and never their dates or topics", async ({ page }) => {
  const running = await livelyProgram(page);
  await page.goto(`/programs/${running?.id}/pairs`);
  await settled(page);
  const table = page.getByRole("table", { name: "Pairs of the program" });
  await expect(table.getByText("Booked", { exact: true }).first()).toBeVisible();
  await expect(table).not.toContainText(/\d{1,2}[.:]\d{2}/u);
  await page.getByRole("button", { name: "Need care" }).click();
  await expect(page).toHaveURL(/needs_care=true/u);
  await expect(table.getByText("Booked", { exact: true })).toHaveCount(0);
});
