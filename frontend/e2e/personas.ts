import { expect, type Page } from "@playwright/test";

export type Persona = "mentor" | "mentee" | "manager" | "admin";

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

/** The page has settled: its heading stands and nothing loads any more. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status", { name: /^(Loading|Ladataan|Laddar)$/u })).toHaveCount(0);
}
