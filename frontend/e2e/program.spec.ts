import { expect, type Locator, type Page, test } from "@playwright/test";
import { read, settled, signInAs, speak } from "./personas";

interface Items<T> {
  items: T[];
}
interface Person {
  id: string;
  display_name: string;
  status: string;
  work_email: string | null;
  line: string;
}

test.beforeEach(({ page }) => speak(page, "en"));

/** Somebody at the keyboard alone: each press of Enter or Space is a step, and so is each field written. */
class Keyboard {
  steps = 0;
  constructor(private readonly page: Page) {}

  /** Walks with Tab, as far as it takes, until the thing has the focus. */
  async reach(wanted: Locator): Promise<void> {
    await expect(wanted).toBeEnabled();
    for (let tries = 0; tries < 150; tries++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`no way with Tab to ${wanted}`);
  }

  async press(wanted: Locator, key = "Enter"): Promise<void> {
    await this.reach(wanted);
    await this.page.keyboard.press(key);
    this.steps++;
  }

  async write(wanted: Locator, text: string): Promise<void> {
    await this.reach(wanted);
    await this.page.keyboard.type(text);
    this.steps++;
  }

  /** Finds a person by name: writes it, Enter takes the first. */
  async choose(field: Locator, name: string): Promise<void> {
    await this.write(field, name);
    await expect(this.page.getByRole("option", { name }).first()).toBeVisible();
    await this.page.keyboard.press("Enter");
    this.steps++;
  }
}

test("a program goes from a template to its launch in one sitting, by keyboard alone", async ({ page }) => {
  test.setTimeout(180_000);
  await signInAs(page, "manager");
  const enrolled = await read<{ programs: { id: string; state: string }[] }>(page, "/v1/me");
  const other = enrolled.programs.find(({ state }) => state === "enrolling")?.id;
  const part = async (role: string) =>
    (
      await read<Items<{ person: Person }>>(page, `/v1/programs/${other}/enrollments?role=${role}&limit=50`)
    ).items.map(({ person }) => person.display_name);
  // People whom the demo's own program found fit to take part.
  const mentors = (await part("mentor")).slice(0, 3);
  const mentees = (await part("mentee")).slice(0, 3);

  const keys = new Keyboard(page);
  await page.goto("/");
  await settled(page);
  await keys.press(page.getByRole("link", { name: "Program", exact: true }).first());
  await settled(page);
  await keys.press(page.getByRole("link", { name: "New program" }));
  await keys.press(page.getByRole("radio", { name: /^AI fluency/u }), " ");
  await keys.press(page.getByRole("button", { name: "Start the program" }));

  // The launch check says what is missing, and each line leads to where it is done.
  const check = page.getByRole("region").or(page.locator("section")).filter({ hasText: "Before the launch" });
  await expect(check.getByText("2 things must be in place first.")).toBeVisible();
  await keys.press(page.getByRole("link", { name: "Bring in the first mentors" }));
  await keys.press(page.getByRole("button", { name: "From the directory" }));
  for (const [role, people] of [
    ["Mentor (junior)", mentors],
    ["Mentee (executive)", mentees],
  ] as const)
    for (const name of people) {
      await keys.press(page.getByRole("button", { name: "They said yes already: enroll" }));
      const dialog = page.getByRole("dialog", { name: "Enroll a person" });
      await keys.choose(dialog.getByRole("combobox", { name: "Person" }), name);
      await keys.press(dialog.getByRole("button", { name: role }));
      await keys.press(
        dialog.getByRole("group", { name: "Topics to talk about" }).getByRole("button").first(),
      );
      await keys.press(dialog.getByRole("button", { name: "Enroll", exact: true }));
      await expect(dialog).toBeHidden();
    }

  await keys.press(page.getByRole("link", { name: "Overview" }));
  await expect(check.getByText("Nothing stands in the way.")).toBeVisible();
  await keys.press(page.getByRole("link", { name: "Plan a kick-off" }));
  await keys.press(page.getByRole("button", { name: "Plan an event" }));
  const event = page.getByRole("dialog", { name: "Plan an event" });
  await keys.write(event.getByLabel("Day and time"), "01152027");
  // The year may have six digits: the field waits, so one goes on to the time oneself.
  await page.keyboard.press("Tab");
  await page.keyboard.type("0900AM");
  await keys.press(event.getByRole("button", { name: "Plan it" }));
  await expect(page.getByRole("heading", { name: "Kick-off" })).toBeVisible();

  await keys.press(page.getByRole("link", { name: "Overview" }));
  await expect(page.getByRole("link", { name: "Plan a kick-off" })).toHaveCount(0);
  await keys.press(page.getByRole("link", { name: "Open matching" }));
  await settled(page);
  await keys.press(page.getByRole("button", { name: "Look for pairs" }));
  await keys.press(page.getByRole("button", { name: /^Ask the mentors/u }));
  const ask = page.getByRole("dialog", { name: "Ask the mentors?" });
  await keys.press(ask.getByRole("button", { name: "Yes, ask the mentors" }));
  await expect(ask).toBeHidden();
  await keys.press(page.getByRole("link", { name: "Program", exact: true }).first());
  await expect(page.getByRole("heading", { name: "Keep the pairs well" })).toBeVisible();
  await expect(page.getByText("Under way", { exact: true }).first()).toBeVisible();
  test.info().annotations.push({ type: "steps", description: String(keys.steps) });
  // Five a person for six people, and less than thirty for all the rest.
  expect(keys.steps - 5 * (mentors.length + mentees.length)).toBeLessThan(30);
});
