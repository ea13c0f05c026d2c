import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { settled, signInAs, speak } from "../e2e/personas";
import { routesOf, VISITORS } from "../e2e/routes";

const FOLDER = path.join(import.meta.dirname, "..", "..", "docs", "screens");
const MOST_BYTES = 60_000;
const TALLEST = { 390: 1700, 1440: 1300 };
const QUALITY = 0.72;
/** These are as big in the dark as in the light; all others half as big, to see their colours by. */
const DARK = [
  "nobody-sign-in",
  "mentor-today",
  "mentor-sessions",
  "mentor-pairs-one",
  "mentee-today",
  "mentee-invitations-one",
  "manager-today",
  "manager-programs-one-matching",
  "manager-programs-one-pairs",
  "admin-people",
];

/** A route's name: its words, `one` for an identifier, the tab it opens. */
function nameOf(route: string): string {
  const { pathname, searchParams } = new URL(route, "http://vuoro");
  const words = pathname
    .split("/")
    .filter(Boolean)
    .map((part) => (/[0-9A-Z]/u.test(part) ? "one" : part));
  const opens = [...searchParams.values()].filter((value) => /^[a-z_]{1,20}$/u.test(value));
  return [...words, ...opens].join("-") || "today";
}

/** The picture as WebP; what makes it too big is left out at its foot, so that words stay sharp. */
async function squeezed(studio: Page, png: Buffer, scale: number): Promise<Buffer> {
  const source = `data:image/png;base64,${png.toString("base64")}`;
  for (let share = 1; ; share *= 0.85) {
    const address = await studio.evaluate(
      async ([picture, part, quality, zoom]) => {
        const image = new Image();
        image.src = picture;
        await image.decode();
        const [width, height] = [image.naturalWidth * zoom, image.naturalHeight * zoom];
        const size = { width, height: Math.round(height * part) };
        const canvas = Object.assign(document.createElement("canvas"), size);
        const brush = canvas.getContext("2d");
        if (brush) brush.imageSmoothingQuality = "high";
        brush?.drawImage(image, 0, 0, width, height);
        return canvas.toDataURL("image/webp", quality);
      },
      [source, share, QUALITY, scale] as const,
    );
    const picture = Buffer.from(address.split(",")[1] ?? "", "base64");
    if (picture.length <= MOST_BYTES) return picture;
  }
}

async function take(
  page: Page,
  studio: Page,
  name: string,
  width: 390 | 1440,
  colorScheme: "light" | "dark",
) {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height: 900 });
  // Rows out of view would be left blank.
  await page.addStyleTag({ content: "*, ::before, ::after { content-visibility: visible !important }" });
  await page.evaluate(() => document.fonts.ready);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(Math.max(height, 700), TALLEST[width]) });
  const png = await page.screenshot();
  const scale = colorScheme === "light" || DARK.includes(name) ? 1 : 0.5;
  await writeFile(
    path.join(FOLDER, `${name}-${width}-${colorScheme}.webp`),
    await squeezed(studio, png, scale),
  );
}

const wanted = process.env.VUORO_SCREENS;

for (const visitor of VISITORS.filter((each) => !wanted || wanted.includes(each))) {
  test(`pictures of what ${visitor} sees`, async ({ page, context }) => {
    test.setTimeout(600_000);
    await mkdir(FOLDER, { recursive: true });
    const studio = await context.newPage();
    await speak(page, "en");
    if (visitor !== "nobody") await signInAs(page, visitor);
    const taken = new Set<string>();
    for (const route of await routesOf(page, visitor)) {
      const name = `${visitor}-${nameOf(route)}`;
      if (taken.has(name) || route.includes("no-such")) continue;
      taken.add(name);
      await page.setViewportSize({ width: 390, height: 900 });
      await page.goto(route);
      await settled(page);
      for (const theme of ["light", "dark"] as const)
        for (const width of [390, 1440] as const) await take(page, studio, name, width, theme);
    }
    expect(taken.size).toBeGreaterThan(0);
  });
}
