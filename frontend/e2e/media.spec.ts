import { expect, type Page, test } from "@playwright/test";
import { settled, signInAs, speak } from "./personas";
import { routesOf } from "./routes";

const running = (page: Page) =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState }) => playState === "running")
      .map((each) => (each as CSSAnimation).animationName ?? (each as CSSTransition).transitionProperty),
  );

test("who wishes for little motion sees none, not even while a page loads", async ({ page }) => {
  await speak(page, "en");
  await signInAs(page, "mentor");
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/v1/me/today**", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/");
  await expect(page.getByRole("status", { name: "Loading" }).first()).toBeVisible();
  expect(await running(page), "the check sees what moves").toContain("breathe");
  await page.emulateMedia({ reducedMotion: "reduce" });
  expect(await running(page)).toEqual([]);
  release();
  await settled(page);
  await page.getByRole("button", { name: /^Theme/u }).click();
  await expect(page.getByRole("menuitem", { name: "Dark" })).toBeVisible();
  expect(await running(page)).toEqual([]);
});

/** Controls whose shape nobody would see: no border, outline or underline, and no words or picture of their own. */
const shapeless = (page: Page) =>
  page.evaluate(() => {
    const clear = (colour: string) => /^rgba\(.*, 0\)$|transparent/u.test(colour);
    const drawn = (element: Element) => {
      const style = getComputedStyle(element);
      const edge = (which: "borderTop" | "borderBottom" | "outline") =>
        style[`${which}Style`] !== "none" &&
        Number.parseFloat(style[`${which}Width`]) > 0 &&
        !clear(style[`${which}Color`]);
      return edge("borderTop") || edge("borderBottom") || edge("outline");
    };
    const seen = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) && getComputedStyle(element).clipPath === "none";
    const faults: string[] = [];
    const told = (what: string, element: Element) =>
      faults.push(
        `${what}: ${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim()} ${element.tagName}`,
      );
    // A field and a button that is filled with colour must have an edge; the colour is gone.
    for (const element of document.querySelectorAll(
      "input:not(.sr-only), select, textarea, .bg-spruce, .bg-sun",
    ))
      if (seen(element) && element.matches("input, select, textarea, button, a") && !drawn(element))
        if (!element.matches("[type=checkbox], [type=radio], [type=range]")) told("no edge", element);
    // What is chosen among others must differ by more than colour.
    for (const element of document.querySelectorAll(
      "nav [aria-current=page], [aria-pressed=true], [aria-selected=true]",
    ))
      if (seen(element) && ![element, ...element.children].some(drawn))
        told("chosen, and not shown", element);
    // A bar that is filled must stand out from its groove.
    for (const element of document.querySelectorAll("[role=meter] > *, [role=img] > .bg-spruce-fill")) {
      const groove = element.parentElement as Element;
      const fill = getComputedStyle(element).backgroundColor;
      if (seen(element) && element.clientWidth && fill === getComputedStyle(groove).backgroundColor)
        told("no fill", groove);
    }
    return faults;
  });

for (const persona of ["mentor", "manager"] as const)
  test(`with the colours of the system alone, ${persona} still sees each control and what is chosen`, async ({
    page,
  }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    await speak(page, "en");
    await page.goto("/sign-in");
    await settled(page);
    expect(await page.evaluate(() => matchMedia("(forced-colors: active)").matches)).toBe(true);
    expect.soft(await shapeless(page), "/sign-in").toEqual([]);
    await signInAs(page, persona);
    for (const route of await routesOf(page, persona)) {
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(route);
        await settled(page);
        expect.soft(await shapeless(page), `${route} ${width} px`).toEqual([]);
      }
      await page.keyboard.press("Tab");
      const outline = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement ?? document.body);
        return `${style.outlineStyle} ${style.outlineWidth}`;
      });
      expect.soft(outline, `${route}: where the keyboard is`).toBe("solid 2px");
    }
  });
