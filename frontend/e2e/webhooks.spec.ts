import { expect, test } from "@playwright/test";
import { settled, signInAs, speak } from "./personas";

test("an admin names an address, keeps its secret, tries it and sees how each attempt went", async ({
  page,
}) => {
  await speak(page, "en");
  await signInAs(page, "admin");
  await page.goto("/keys");
  await settled(page);
  await page.getByRole("link", { name: "Webhooks" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Webhooks" })).toBeVisible();
  await page.getByRole("button", { name: "New address" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make the secret" }).click();
  await expect(dialog.getByRole("alert")).toHaveCount(2);
  await dialog.getByLabel("Address").fill("https://192.168.1.1/hook");
  await dialog.getByLabel("What for").fill("Chat of tests");
  await dialog.getByLabel("Somebody left the organization").check();
  await dialog.getByRole("button", { name: "Make the secret" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByLabel("Address").fill("https://localhost:9/hook");
  await dialog.getByRole("button", { name: "Make the secret" }).click();
  const secret = (await dialog.getByText(/^whsec_/u).textContent()) ?? "";
  expect(secret.length).toBeGreaterThan(40);
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name: "Chat of tests" }).first().click();
  await settled(page);
  await expect(page.getByText(secret)).toHaveCount(0);
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("Not called: the address leads into an inner network")).toBeVisible();
  await page.getByRole("button", { name: "New secret" }).click();
  await dialog.getByRole("button", { name: "New secret, keep the old one for a day" }).click();
  await expect(dialog.getByText(/^whsec_/u)).not.toHaveText(secret);
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page.getByText(/The old secret counts too/u)).toBeVisible();
  await page.getByRole("button", { name: "Turn it off" }).click();
  await expect(page.getByText("Turned off by an admin.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send a test" })).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("button", { name: "Remove" }).click();
  await dialog.getByRole("button", { name: "Remove the address" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Webhooks" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Chat of tests" })).toHaveCount(0);
});
