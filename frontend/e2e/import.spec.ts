import { expect, type Page, test } from "@playwright/test";
import { settled, signInAs, speak } from "./personas";

test.beforeEach(async ({ page }) => {
  await speak(page, "en");
  await signInAs(page, "admin");
});

async function bring(page: Page, name: string, text: string): Promise<void> {
  await page.goto("/imports");
  await settled(page);
  const mimeType = "text/csv";
  await page
    .getByLabel("Choose a file")
    .setInputFiles({ name, mimeType, buffer: Buffer.from(text, "latin1") });
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

test("a Finnish file is recognized, what is private left out, each fault named by row and column", async ({
  page,
}) => {
  await bring(
    page,
    "joukko.csv",
    [
      "Henkilönumero;Etunimi;Sukunimi;Sähköposti;Sukupuoli;Aloituspäivä;Porukka",
      "e2e-1;Päivi;Järvi;paivi.jarvi@nordlys.example;nainen;31.1.2024;Alfa",
      "e2e-2;Matti;Mäki;ei-ole-posti;mies;1.2.2024;Alfa",
      "e2e-3;Ööna;Puu;oona.puu@nordlys.example;nainen;45.2.2024;Beeta",
    ].join("\r\n"),
  );
  await expect(page.getByText("Checked, waiting for you")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("Semicolons between the columns")).toBeVisible();
  await expect(page.getByText(/Windows letters/u)).toBeVisible();
  await expect(page.getByText(": gender")).toBeVisible();
  const rows = page.getByRole("table", { name: "Rows of the file" });
  const mail = rows.getByRole("row").filter({ hasText: "Row 3" });
  await expect(mail).toContainText("Sähköposti: This isn't a mail address.");
  await expect(rows.getByRole("row").filter({ hasText: "Row 4" })).toContainText("Aloituspäivä");

  await page.getByLabel("What Porukka is here").selectOption("team");
  await page.getByRole("button", { name: "Check again" }).click();
  await expect(page.getByRole("button", { name: "Check again" })).toBeHidden({ timeout: 20_000 });
  await expect(page.getByLabel("What Porukka is here")).toHaveValue("team", { timeout: 20_000 });

  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByText("This file was discarded")).toBeVisible();
});

test("a new person comes in after a yes, and the same file again changes nothing", async ({ page }) => {
  const file = [
    "Employee ID,First name,Last name,Email,Manager ID",
    "e2e-new,Newcomer,Testperson,newcomer.testperson@nordlys.example,nobody-at-all",
  ].join("\n");
  await bring(page, "newcomer.csv", file);
  await page.getByRole("button", { name: "Bring them in" }).click({ timeout: 20_000 });
  await expect(page.getByRole("dialog")).toContainText("1 new people, 0 changed");
  await page.getByRole("button", { name: "Yes, bring them in" }).click();
  await expect(page.getByText("Everybody is in")).toBeVisible({ timeout: 30_000 });

  await page.goto("/people?has_unknown_line=true");
  await page.getByRole("link", { name: "Newcomer Testperson" }).click();
  await expect(page.getByText("The reporting line isn't known")).toBeVisible();

  await bring(page, "newcomer.csv", file);
  await expect(page.getByRole("button", { name: "Bring them in" })).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Bring them in" }).click();
  await expect(page.getByRole("dialog")).toContainText("Nothing would change");
});

test("a file of long ago says that only its figures are kept", async ({ page }) => {
  await page.goto("/imports");
  await page.getByRole("link", { name: "nordlys-workday.csv" }).click();
  await expect(page.getByText("The rows are no longer kept")).toBeVisible();
  await expect(page.getByRole("table", { name: "Rows of the file" })).toBeHidden();
});

test("a file that is no table says so, in words", async ({ page }) => {
  await bring(page, "report.csv", "%PDF-1.7 not a table");
  await expect(page.getByText("Couldn't be read")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("This isn't a text file.")).toBeVisible();
});

test("who takes part is chosen by the values of a column, with the keyboard alone; of the others no name is kept", async ({
  page,
}) => {
  await bring(
    page,
    "pilot.csv",
    [
      "Employee ID,First name,Last name,Email,Manager ID,Department",
      "e2e-in,Insider,Testperson,insider.testperson@nordlys.example,e2e-out,Pilot unit",
      "e2e-out,Outsider,Testperson,outsider.testperson@nordlys.example,nobody-at-all,Rest of us",
    ].join("\n"),
  );
  const question = page.getByLabel("They take part");
  await expect(question).toHaveValue("", { timeout: 20_000 });
  await question.focus();
  await page.keyboard.type("only some, by the column Dep");
  await expect(question).toHaveValue("department");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("checkbox", { name: "Pilot unit (1)" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Choose at least one, or nobody takes part.")).toBeVisible();
  await page.getByRole("checkbox", { name: "Pilot unit (1)" }).focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("1 row takes part.")).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");

  const rows = page.getByRole("table", { name: "Rows of the file" });
  await page.getByText("In the chart only 1").click({ timeout: 20_000 });
  await expect(rows.getByRole("row").filter({ hasText: "e2e-out" })).toContainText("In the chart only");
  await expect(rows).not.toContainText("Outsider");
  await page.getByRole("button", { name: "Bring them in" }).click();
  await expect(page.getByRole("dialog")).toContainText(
    "1 have a place in the organization chart, and nothing more",
  );
  await page.getByRole("button", { name: "Yes, bring them in" }).click();
  await expect(page.getByText("Everybody is in")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Only those whose Department is one of these: Pilot unit")).toBeVisible();
  const address = page.url();

  await page.goto("/people?q=Testperson");
  await expect(page.getByRole("link", { name: "Insider Testperson" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Outsider Testperson" })).toBeHidden();

  await page.goto(address);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Yes, undo it" }).click();
  await expect(page.getByText("As before: 0. Removed: 2.")).toBeVisible({ timeout: 20_000 });
});
