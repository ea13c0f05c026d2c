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

test("a file that is no table says so, in words", async ({ page }) => {
  await bring(page, "report.csv", "%PDF-1.7 not a table");
  await expect(page.getByText("Couldn't be read")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("This isn't a text file.")).toBeVisible();
});
