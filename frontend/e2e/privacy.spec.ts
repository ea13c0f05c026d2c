import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { read, settled, signInAs, speak } from "./personas";

test.beforeEach(({ page }) => speak(page, "en"));

test("a mentor sees what HR sees and who looked, takes everything along, and undoes an erasure", async ({
  page,
}) => {
  await signInAs(page, "manager");
  const { programs } = await read<{ programs: { id: string; state: string }[] }>(page, "/v1/me");
  const running = programs.find(({ state }) => state === "running")?.id;
  await signInAs(page, "mentor");
  const { person } = await read<{ person: { id: string; display_name: string } }>(page, "/v1/me");
  await signInAs(page, "manager");
  await read(page, `/v1/people/${person.id}`);
  expect(running).toBeTruthy();

  await signInAs(page, "mentor");
  await page.goto("/me");
  await page.getByRole("link", { name: "My data" }).click();
  await settled(page);
  const hr = page
    .getByRole("region", { name: "What HR sees" })
    .or(page.locator("section", { hasText: "What HR sees" }));
  await expect(hr.first().getByText(person.display_name).first()).toBeVisible();
  await page.getByRole("button", { name: "Show the whole answer" }).click();
  await expect(page.getByRole("region", { name: "The whole answer" })).toContainText('"directory"');
  await expect(page.getByText("your entry in the directory").first()).toBeVisible();

  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download my data" }).click();
  const file = await (await saving).path();
  expect(readFileSync(file).subarray(0, 2).toString()).toBe("PK");

  await page.getByRole("button", { name: "Erase me" }).click();
  const dialog = page.getByRole("dialog", { name: "Erase everything of yours?" });
  await dialog.getByRole("button", { name: "Yes, erase me in seven days" }).click();
  await expect(page.getByText(/^You are erased on/u)).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Erase me" })).toBeVisible();
  await expect(page.getByText(/^You are erased on/u)).toHaveCount(0);
});

test("an admin exports a person in three clicks, sets days within the limits and finds a deed", async ({
  page,
}) => {
  await signInAs(page, "admin");
  await page.goto("/privacy");
  await settled(page);
  await page.getByRole("combobox", { name: "Person" }).fill("emma");
  await page.getByRole("option").first().click();
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  expect((await saving).suggestedFilename()).toBe("person.zip");

  const mails = page.getByRole("spinbutton", { name: "The log of mails" });
  await mails.fill("5000");
  await expect(page.getByRole("alert").filter({ hasText: "30 to 365 days" })).toBeVisible();
  await mails.fill("120");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Kept for as long as you said.")).toBeVisible();

  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByRole("combobox", { name: "About" }).selectOption({ label: "Retention" });
  await expect(page.getByRole("cell", { name: "Changed how long data is kept" }).first()).toBeVisible();
  await expect(page.getByRole("cell", { name: /the role of/u })).toHaveCount(0);
});
