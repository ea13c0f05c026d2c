import { execFileSync } from "node:child_process";
import { type Browser, expect, type Page } from "@playwright/test";

/** A shell command that a mail is appended to, and that prints a sign-in address. */
export const LINK_COMMAND = process.env.VUORO_LOGIN_LINK_CMD;

export type Persona = "mentor" | "mentee" | "manager" | "admin" | "safeguarding";

/** Signs in as somebody of the demo company, without the page for it. */
export async function signInAs(page: Page, persona: Persona): Promise<void> {
  const origin = new URL((await page.request.get("/")).url()).origin;
  const answer = await page.request.post("/v1/demo/logins", {
    data: { persona },
    headers: { Origin: origin, "Sec-Fetch-Site": "same-origin" },
  });
  expect(answer.status(), `sign in as ${persona}`).toBe(201);
}

/** The language is the browser's own choice, before the first page. */
export async function speak(page: Page, locale: string): Promise<void> {
  await page.addInitScript((chosen) => localStorage.setItem("vuoro-locale", chosen), locale);
}

/** What the API says, as the page's own user. */
export async function read<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(path);
  expect(answer.ok(), path).toBe(true);
  return answer.json();
}

interface Numbered {
  id: string;
  state: string;
  counts: { pairs_active: number; enrolled_mentors: number };
}

async function most(page: Page, of: (program: Numbered) => number): Promise<Numbered | undefined> {
  const { items } = await read<{ items: Numbered[] }>(page, "/v1/programs?limit=100");
  return items.toSorted((a, b) => of(b) - of(a))[0];
}

/** The program with the most pairs under way. */
export const livelyProgram = (page: Page) => most(page, ({ counts }) => counts.pairs_active);

/** The program with the most mentors of those that take people in: other tests make small ones. */
export const openProgram = (page: Page) =>
  most(page, ({ state, counts }) => (state === "enrolling" ? counts.enrolled_mentors : -1));

/** The page has settled: its heading stands and nothing loads any more. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status", { name: /^(Loading|Ladataan|Laddar)$/u })).toHaveCount(0);
}

interface Upload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Does something through the API, as the page's own user. */
export async function send<T>(page: Page, path: string, data: unknown, file?: Upload): Promise<T> {
  const { origin } = new URL((await page.request.get("/")).url());
  const answer = await page.request.post(path, {
    ...(file ? { multipart: { file } } : { data }),
    headers: { Origin: origin, "Sec-Fetch-Site": "same-origin" },
  });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  return answer.json();
}

/** Changes something through the API, as the page's own user. */
export async function change(page: Page, path: string, data: unknown): Promise<void> {
  const now = await page.request.get(path);
  const { origin } = new URL(now.url());
  const answer = await page.request.patch(path, {
    data,
    headers: { Origin: origin, "Sec-Fetch-Site": "same-origin", "If-Match": now.headers().etag ?? "" },
  });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
}

/** Somebody of the company at a browser of their own, signed in by a link as in a mail. */
export async function come(browser: Browser, baseURL: string | undefined, mail: string): Promise<Page> {
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
