import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { read, settled, signInAs, speak } from "./personas";

interface Messages {
  items: { id: string; state: string; text: string }[];
}

test.describe.configure({ mode: "serial" });
test.beforeEach(async ({ page }) => {
  await speak(page, "en");
  await signInAs(page, "mentor");
});

const SITUATION = /^When and where was it/u;
const BEHAVIOUR = /^What did you see or hear/u;
const IMPACT = /^What did it do to you or to others/u;
const message = (page: Page) => page.getByLabel("The message, yours to change");

/**
 * A proxy that a browser goes through, and every request as its bytes came: address, headers, body.
 *
 * The browser's own report of requests leaves out the bodies of some.
 */
async function wiretap(): Promise<{ address: string; sent: string[]; close: () => void }> {
  const sent: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url = "", headers } = incoming;
      const body = Buffer.concat(chunks);
      sent.push([method, decodeURIComponent(url), JSON.stringify(headers), body.toString()].join("\n"));
      const onward = request(url, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on("error", () => outgoing.destroy());
      onward.end(body);
    });
  });
  proxy.on("connect", ({ url }, socket) => {
    sent.push(`CONNECT\n${url}`);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, sent, close: () => proxy.close() };
}

/** Which of the requests carry any of these words, whatever their case. */
function carrying(sent: string[], words: string[]): string[] {
  return sent.filter((each) => words.some((word) => each.toLowerCase().includes(word.toLowerCase())));
}

test("nothing of a thought leaves the browser until it is given; then the executive reads and answers it", async ({
  page: signedIn,
  browser,
  baseURL,
}) => {
  const words = ["Zebrafinch", "Quillon", "flurryquiet", "handwritten"];
  const { address, sent, close } = await wiretap();
  const context = await browser.newContext({
    ...(baseURL && { baseURL }),
    proxy: { server: address },
    storageState: await signedIn.context().storageState(),
  });
  const page = await context.newPage();
  await speak(page, "en");
  await page.goto("/");
  await settled(page);
  await page.getByRole("link", { name: "Put a thought into words" }).click();
  await settled(page);
  await page.getByLabel(SITUATION).fill("In the Zebrafinch meeting");
  await page.getByLabel(BEHAVIOUR).fill("You always interrupt Quillon");
  await page.getByLabel(IMPACT).fill("the rest of us went flurryquiet");
  await page.getByRole("button", { name: "Write “often” instead of “always”" }).click();
  await expect(page.getByLabel(BEHAVIOUR)).toHaveValue("You often interrupt Quillon");
  await page.getByLabel(BEHAVIOUR).fill("You interrupted Quillon several times");
  await expect(message(page)).toHaveValue(
    "I may be seeing only part of this, so please tell me if I have it wrong. " +
      "In the Zebrafinch meeting, I noticed that you interrupted Quillon several times. " +
      "As I saw it, the effect was that the rest of us went flurryquiet. How did it look from where you were?",
  );
  for (const [language, start] of [
    ["Svenska", "Jag kanske bara såg en del"],
    ["Suomi", "Näin tästä ehkä vain osan"],
    ["English", "I may be seeing"],
  ] as const) {
    await page.getByRole("button", { name: language, exact: true }).click();
    await expect(message(page)).toHaveValue(new RegExp(`^${start}`, "u"));
  }
  await page.getByRole("button", { name: "Direct", exact: true }).click();
  await expect(message(page)).toHaveValue(/Quillon.*I would like this to go differently next time\.$/u);
  await page.getByRole("button", { name: "Say it another way" }).click();
  await expect(message(page)).toHaveValue(/Please do it differently next time\.$/u);
  await message(page).fill(`${await message(page).inputValue()} Handwritten.`);
  await page.reload();
  await settled(page);
  await expect(message(page), "the draft waits on this device").toHaveValue(/Quillon.*Handwritten\.$/u);
  await page.getByRole("link", { name: "Sessions" }).first().click();
  await settled(page);
  await page.goBack();
  await expect(message(page)).toHaveValue(/Handwritten\.$/u);

  expect(sent.length).toBeGreaterThan(5);
  expect(carrying(sent, words)).toEqual([]);

  await page.getByRole("button", { name: /^Give it to/u }).click();
  await expect(page.getByText("Given. You see the answer here.")).toBeVisible();
  const carried = carrying(sent, words);
  expect(carried, "one request carries it, and this test would have seen any other").toHaveLength(1);
  expect(carried[0]).toMatch(/^POST\n\S+\/v1\/candid-messages\n/u);
  expect(carried[0]).toContain("Quillon");
  await expect(message(page)).toHaveValue("");
  const left = await page.evaluate(() => JSON.stringify(localStorage));
  for (const word of words) expect(left, "nothing stays on the device").not.toContain(word);

  const other = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await speak(other, "en");
  await signInAs(other, "mentee");
  await other.goto("/learnt");
  await settled(other);
  const thought = other
    .locator("section")
    .filter({ has: other.locator("blockquote", { hasText: "Quillon" }) });
  await thought.first().getByRole("button", { name: "I will try" }).click();
  await expect(other.getByText("Thank you for listening. Your mentor sees it.")).toBeVisible();
  await expect(other.getByRole("listitem").filter({ hasText: "Quillon" }).first()).toContainText(
    "I will try",
  );
  await other.context().close();

  await page.reload();
  await settled(page);
  const given = page.getByRole("listitem").filter({ hasText: "Quillon" }).first();
  await expect(given).toContainText("Will try");
  await expect(given.getByRole("button", { name: "Take it back" })).toHaveCount(0);
  await context.close();
  close();
});

test("a kept thought is its writer's alone, is gone on with, given, and taken back before an answer", async ({
  page,
  browser,
  baseURL,
}) => {
  await page.goto("/composer");
  await settled(page);
  await page.getByLabel(BEHAVIOUR).fill("the Velvetgate forms are filled in twice");
  await page.getByRole("button", { name: "Keep for later" }).click();
  await expect(page.getByText("Kept, encrypted under your own key. Nobody was told.")).toBeVisible();
  await expect(message(page)).toHaveValue("");

  const other = await (await browser.newContext({ ...(baseURL && { baseURL }) })).newPage();
  await signInAs(other, "mentee");
  const reads = async () =>
    (await read<Messages>(other, "/v1/candid-messages?mine=false&limit=100")).items.filter(({ text }) =>
      text.includes("Velvetgate"),
    );
  expect(await reads()).toEqual([]);

  const row = page.getByRole("listitem").filter({ hasText: "Velvetgate" });
  await row.getByRole("button", { name: "Go on with it" }).click();
  await expect(page.getByLabel(BEHAVIOUR)).toHaveValue("the Velvetgate forms are filled in twice");
  await page.getByRole("button", { name: "Plain", exact: true }).click();
  await page.getByRole("button", { name: /^Give it to/u }).click();
  await expect(row.getByText("No answer yet")).toBeVisible();
  expect(await reads()).toHaveLength(1);

  await row.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("Taken back. It is a draft of yours again.")).toBeVisible();
  expect(await reads()).toEqual([]);
  await row.getByRole("button", { name: "Throw it away" }).click();
  await expect(row).toHaveCount(0);
  await other.context().close();
});

test("what is written is erased by one press, and by signing out", async ({ page }) => {
  const kept = () => page.evaluate(() => JSON.stringify(localStorage).includes("Marzipan"));
  await page.goto("/composer");
  await settled(page);
  await page.getByLabel(IMPACT).fill("I lost my Marzipan");
  await expect.poll(kept).toBe(true);
  await page.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(page.getByLabel(IMPACT)).toHaveValue("");
  expect(await kept()).toBe(false);
  await page.getByLabel(IMPACT).fill("I lost my Marzipan");
  await expect.poll(kept).toBe(true);
  await page.goto("/me");
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/u);
  expect(await kept()).toBe(false);
});

/** By Tab alone, as somebody without a pointer goes there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let step = 0; step < 80; step++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`not reached by Tab: ${target}`);
}

test("on a phone a thought is composed and given by keyboard alone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto("/composer");
  await settled(page);
  await tabTo(page, page.getByLabel(SITUATION));
  await page.keyboard.type("yesterday");
  await tabTo(page, page.getByLabel(BEHAVIOUR));
  await page.keyboard.type("you never asked about Tulipwood");
  await tabTo(page, page.getByRole("button", { name: "Write “rarely” instead of “never”" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByLabel(IMPACT));
  await page.keyboard.type("I kept quiet");
  await tabTo(page, page.getByRole("button", { name: "Plain", exact: true }));
  await page.keyboard.press("Space");
  await expect(message(page)).toHaveValue(
    "Yesterday, I noticed that you rarely asked about Tulipwood. The effect was that I kept quiet. What do you think?",
  );
  await tabTo(page, page.getByRole("button", { name: /^Give it to/u }));
  await page.keyboard.press("Enter");
  const given = page.getByRole("listitem").filter({ hasText: "Tulipwood" });
  await expect(given).toContainText("No answer yet");
  await tabTo(page, given.getByRole("button", { name: "Take it back" }));
  await page.keyboard.press("Enter");
  await expect(given.getByRole("button", { name: "Go on with it" })).toBeVisible();
});
