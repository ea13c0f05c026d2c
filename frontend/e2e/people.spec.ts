import { expect, test } from "@playwright/test";
import { read, send, settled, signInAs, speak } from "./personas";

interface People {
  items: { id: string; display_name: string; manager: { display_name: string } | null; division: string }[];
}

test.beforeEach(({ page }) => speak(page, "en"));

test("filters live in the address, and a reload keeps them", async ({ page }) => {
  await signInAs(page, "admin");
  const [first] = (await read<People>(page, "/v1/people?limit=1")).items;
  await page.goto("/people");
  await settled(page);
  await page.getByLabel("Find by name, mail or title").fill(first?.display_name ?? "");
  await expect(page).toHaveURL(/[?&]q=/u);
  await page.getByLabel("Division").selectOption(first?.division ?? "");
  await expect(page).toHaveURL(/division=/u);
  await page.reload();
  await expect(page.getByRole("link", { name: first?.display_name ?? "" })).toBeVisible();
  await expect(page.getByLabel("Division")).toHaveValue(first?.division ?? "");
});

test("nobody found is said, with a way back to everyone", async ({ page }) => {
  await signInAs(page, "admin");
  await page.goto("/people?q=nobody-is-called-so");
  await expect(page.getByText("Nobody fits these filters")).toBeVisible();
  await page.getByRole("button", { name: "Show everyone" }).click();
  await expect(page.getByRole("row")).not.toHaveCount(0);
});

test("more people come page by page", async ({ page }) => {
  await signInAs(page, "manager");
  await page.goto("/people");
  await expect(page.getByRole("row")).toHaveCount(51);
  await page.getByRole("button", { name: "Show more people" }).click();
  await expect(page.getByRole("row")).toHaveCount(101);
});

test("a person's page shows the whole line up to the top", async ({ page }) => {
  await signInAs(page, "admin");
  const { items } = await read<People>(page, "/v1/people?limit=20&sort=level");
  const led = items.find((each) => each.manager);
  await page.goto(`/people/${led?.id}`);
  await expect(page.getByRole("heading", { level: 1, name: led?.display_name ?? "" })).toBeVisible();
  const line = page.getByRole("list").filter({ has: page.locator("[aria-current=true]") });
  await expect(line.getByRole("link", { name: led?.manager?.display_name ?? "" })).toBeVisible();
  await page.getByRole("button", { name: "Change the manager" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose a person");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("an admin chooses who of a connection comes as a full member, pauses it and gives it another name", async ({
  page,
}) => {
  await signInAs(page, "admin");
  await page.goto("/connections");
  await page.getByRole("button", { name: "New connection" }).click();
  const dialog = page.getByRole("dialog");
  const name = `Okta ${Date.now()}`;
  await dialog.getByLabel("Where people come from").selectOption({ label: "Okta" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Make the connection" }).click();
  await expect(dialog.getByText("Keep the secret now")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name }).click();
  const members = page.getByRole("main");
  await expect(members).toContainText("Everybody whom the other system sends.");

  await members.getByRole("button", { name: "Choose who" }).click();
  await dialog.getByLabel("Full members are").selectOption({ label: "only some, by: Country" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Add at least one");
  const country = dialog.getByLabel("Country");
  await country.fill("FI");
  await country.press("Enter");
  await country.fill("fi");
  await dialog.getByRole("button", { name: "Add" }).click();
  await country.fill("XX");
  await country.press("Enter");
  await dialog.getByRole("button", { name: "Remove XX" }).click();
  await expect(dialog.getByRole("list", { name: "Chosen" }).getByRole("listitem")).toHaveText(["FI"]);
  await expect(dialog).toContainText("only the place in the organization chart is kept");
  await country.fill("Sweden");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const chosen = members.getByRole("list", { name: "Full members have one of these" });
  await page.reload();
  await expect(chosen.getByRole("listitem")).toHaveText(["FI", "Sweden"]);

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Let it go on" })).toBeVisible();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(dialog.getByLabel("Where people come from")).toHaveValue("okta");
  await dialog.getByLabel("Name").fill(`${name} of the group`);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${name} of the group` })).toBeVisible();
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  await expect(chosen.getByRole("listitem")).toHaveCount(2);
  await page.getByRole("button", { name: "Let it go on" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.getByRole("button", { name: "End", exact: true }).click();
  await dialog.getByRole("button", { name: "End the connection" }).click();
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});

test("what a connection keeps of somebody is named, and is not changed here", async ({ page }) => {
  await signInAs(page, "admin");
  const made = await send<{ id: string; name: string; secret: string }>(page, "/v1/scim-connections", {
    name: `Entra ID ${Date.now()}`,
    preset: "entra",
  });
  const { items } = await read<People>(page, "/v1/people?limit=2&sort=-level");
  const boss = items[1];
  const came = await send<{ id: string }>(page, "/v1/people", {
    external_id: made.name,
    display_name: "Kerttu of the connection",
    job_level: 5,
    manager_id: items[0]?.id,
  });
  await page.goto(`/people/${came.id}`);
  await expect(page.getByRole("button", { name: "Change the manager" })).toBeVisible();
  await expect(page.getByText("By hand", { exact: true })).toBeVisible();
  const extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  const told = await page.request.patch(`/scim/v2/Users/${came.id}`, {
    headers: { authorization: `Bearer ${made.secret}`, "content-type": "application/scim+json" },
    data: {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [
        { op: "Replace", path: "title", value: "Analyst" },
        { op: "Replace", path: `${extension}:manager`, value: boss?.id },
      ],
    },
  });
  expect(told.ok(), await told.text()).toBe(true);
  await page.reload();
  await settled(page);
  const kept = page.getByRole("list", { name: "Kept by the connection" });
  await expect(kept.getByRole("listitem")).toHaveText(["Title", "Manager"]);
  await expect(page.getByText(`${made.name} keeps the manager: it is changed there.`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Change the manager" })).toHaveCount(0);
  await page.getByRole("main").getByRole("link", { name: made.name }).click();
  await expect(page.getByRole("heading", { level: 1, name: made.name })).toBeVisible();

  await signInAs(page, "manager");
  await page.goto(`/people/${came.id}`);
  await settled(page);
  await expect(kept).toHaveCount(0);
});

test("the directory is closed to a mentor", async ({ page }) => {
  await signInAs(page, "mentor");
  await page.goto("/people");
  await expect(page.getByText("This page isn't open to your role")).toBeVisible();
  await page.goto("/imports");
  await expect(page.getByText("This page isn't open to your role")).toBeVisible();
});
