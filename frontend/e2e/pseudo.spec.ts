import type { Messages } from "@lingui/core";
import { expect, type Page, test } from "@playwright/test";
import { PROMPTS } from "#/features/insights/composer";
import { signInAs, speak } from "./personas";
import { routesOf, VISITORS } from "./routes";

/** A language that nobody speaks: every letter of the English words is accented, every vowel doubled. */
const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ACCENTED = "áƀćđéƒǵĥíĵķĺɱńóþɋŕśťúṽŵẋýźÁƁĆĐÉƑǴĤÍĴĶĹṀŃÓÞɊŔŚŤÚṼŴẊÝŹ";

function accented(text: string): string {
  return text.replaceAll(/<[^>]*>|[a-zA-Z]/gu, (found) => {
    if (found.length > 1) return found;
    const letter = ACCENTED[PLAIN.indexOf(found)] ?? found;
    return /[aeiou]/iu.test(found) ? letter + letter.toLowerCase() : letter;
  });
}

/** A compiled message: texts between placeholders, which are lists of a name, a kind and its own messages by case. */
type Part = string | (string | Record<string, Part | Part[]>)[];

function foreign(parts: Part | Part[]): Part | Part[] {
  if (typeof parts === "string") return accented(parts);
  return (parts as Part[]).map((part) =>
    typeof part === "string"
      ? accented(part)
      : (part.map((each) =>
          typeof each === "string"
            ? each
            : Object.fromEntries(
                Object.entries(each).map(([key, value]) => [
                  key,
                  key === "offset" ? value : foreign(value as Part[]),
                ]),
              ),
        ) as Part),
  ) as Part[];
}

async function speakNoLanguage(page: Page) {
  await page.route(/\/assets\/en-[^/]+\.js$/u, async (route) => {
    const body = await (await route.fetch({ maxRetries: 3 })).text();
    const { messages } = (await import(`data:text/javascript,${encodeURIComponent(body)}`)) as {
      messages: Messages;
    };
    const strange = Object.entries(messages).map(([id, parts]) => [id, foreign(parts as Part[])]);
    await route.fulfill({
      contentType: "text/javascript",
      body: `export const messages = ${JSON.stringify(Object.fromEntries(strange))};`,
    });
  });
}

/** Every text that the API has sent so far: names and words of people, which nobody translates. */
async function listen(page: Page): Promise<{ said: Set<string>; waiting: () => number }> {
  let waiting = 0;
  const said = new Set(["Vuoro", "Suomi", "Svenska", "English", "Ctrl K"]);
  // Examples of addresses are the same in every language.
  for (const example of ["https://login.company.com", "company.com, company.fi"]) said.add(example);
  for (const zone of Intl.supportedValuesOf("timeZone")) said.add(zone.replaceAll("_", " "));
  // A message is helped along in the language it is written in, not in the writer's.
  for (const words of Object.values(PROMPTS.en).flat()) said.add(words);
  const languages = new Intl.DisplayNames("en", { type: "language" });
  const collect = (value: unknown): void => {
    if (typeof value === "string") {
      said.add(value.replaceAll(/\s+/gu, " ").trim());
      if (/^[a-z]{2}$/u.test(value)) said.add(languages.of(value) ?? value);
    } else if (value && typeof value === "object") for (const each of Object.values(value)) collect(each);
  };
  await page.route("**/v1/**", async (route) => {
    if ((await route.request().headerValue("accept"))?.includes("event-stream")) return route.continue();
    waiting += 1;
    const answer = await route.fetch({ maxRetries: 3 });
    collect(await answer.json().catch(() => null));
    await route.fulfill({ response: answer });
    waiting -= 1;
  });
  return { said, waiting: () => waiting };
}

/** Every text on the screen and every name that is read out, one a line. */
const textsOf = (page: Page) =>
  page.evaluate(() => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!node.parentElement?.closest("script, style, [translate=no]")) texts.push(node.textContent ?? "");
    for (const element of document.querySelectorAll(
      "[aria-label], [placeholder], [title], [alt], [aria-valuetext]",
    ))
      for (const name of ["aria-label", "placeholder", "title", "alt", "aria-valuetext"])
        texts.push(element.getAttribute(name) ?? "");
    texts.push(document.title);
    return texts.map((text) => text.replaceAll(/\s+/gu, " ").trim());
  });

const DATES =
  /\b(mon|tues?|wed|wednes|thu|thurs|fri|sat|satur|sun)(day)?\b|\b(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b|\b([ap]m|in|ago|at|and|to|today|tomorrow|yesterday|now|next|last|this|min|hr|(minute|hour|day|week|month|year)s?)\b/giu;

function untranslated(text: string, said: Set<string>, all: string): boolean {
  // A message: what is not accented in it are the values it was given.
  const values = /[áéíóúÁÉÍÓÚ]{2}|[ŕśťńđ]/u.test(text);
  for (const phrase of values ? (text.match(/[A-Za-z]{2,}/gu) ?? []) : text.split(/ [·→] |, | \(\d/u)) {
    const rest = phrase.replaceAll(DATES, "");
    if (!/[A-Za-z]{2}/u.test(rest) || /^[A-Z]{2}$/u.test(rest)) continue;
    if (!said.has(phrase) && !all.includes(phrase)) return true;
  }
  return false;
}

/** Texts that leave the screen, or are cut by the box they stand in. */
const cut = (page: Page) =>
  page.evaluate(() => {
    // What is out of sight is laid out too: until then it has the height that was guessed.
    for (const element of document.querySelectorAll<HTMLElement>("main *"))
      if (getComputedStyle(element).contentVisibility === "auto") element.style.contentVisibility = "visible";
    const faults: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth)
      faults.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!node.textContent?.trim() || !parent?.checkVisibility({ visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (!box.width || parent.closest("option, svg")) continue;
      const around: Element[] = [];
      for (let element: Element | null = parent; element; element = element.parentElement)
        around.push(element);
      // What only a screen reader reads is clipped away.
      if (around.some((element) => getComputedStyle(element).clipPath !== "none")) continue;
      let scrolls = false;
      for (const element of around) {
        const { overflowX, textOverflow, position, webkitLineClamp } = getComputedStyle(element);
        scrolls = overflowX === "auto" || overflowX === "scroll";
        if (scrolls || textOverflow === "ellipsis" || webkitLineClamp !== "none") break;
        const frame = element.getBoundingClientRect();
        const clips = overflowX === "hidden" || overflowX === "clip";
        const over =
          box.right > frame.right + 1 || box.bottom > frame.bottom + 1 || box.left < frame.left - 1;
        if (clips && frame.width > 1 && over) faults.push(`cut: ${node.textContent.trim()}`);
        if (position === "fixed") break;
      }
      if (!scrolls && (box.right > innerWidth + 1 || box.left < -1))
        faults.push(`off the screen: ${node.textContent.trim()}`);
    }
    return faults;
  });

// Names that are still on their way may take their time.
const mostly = expect.configure({ soft: true });

for (const visitor of VISITORS)
  test(`no word is left untranslated, and long words fit on a phone: ${visitor}`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.setViewportSize({ width: 390, height: 844 });
    await speak(page, "en");
    if (visitor !== "nobody") await signInAs(page, visitor);
    const routes = await routesOf(page, visitor);
    await speakNoLanguage(page);
    const { said, waiting } = await listen(page);
    for (const route of routes) {
      await page.goto(route);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByRole("status", { name: accented("Loading") })).toHaveCount(0);
      await expect.poll(waiting).toBe(0);
      expect((await textsOf(page)).join(), "the strange language is spoken").toMatch(/[áéíóú]{2}/u);
      await mostly
        .poll(async () => {
          const all = [...said].join("\n");
          return (await textsOf(page)).filter((text) => untranslated(text, said, all));
        }, `${route}: untranslated`)
        .toEqual([]);
      expect.soft(await cut(page), `${route}: too long`).toEqual([]);
    }
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });
