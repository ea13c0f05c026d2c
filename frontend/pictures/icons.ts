import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "@playwright/test";
import config from "../playwright.config.ts";

/** Draws the icons of phones and desktops from public/icon.svg. */
const PUBLIC = path.join(import.meta.dirname, "..", "public");
const ICONS = [
  { file: "icon-192.png", px: 192, whole: false, share: 1 },
  { file: "icon-512.png", px: 512, whole: false, share: 1 },
  // A system cuts its own shape out of these two: colour to the edges, the motif within the inner 80 %.
  { file: "icon-maskable-512.png", px: 512, whole: true, share: 0.8 },
  { file: "apple-touch-icon.png", px: 180, whole: true, share: 0.92 },
];

const svg = await readFile(path.join(PUBLIC, "icon.svg"), "utf8");
const browser = await chromium.launch(config.use?.launchOptions);
const page = await browser.newPage();
for (const { file, px, whole, share } of ICONS) {
  await page.setViewportSize({ width: px, height: px });
  await page.setContent(
    `<style>html{background:${whole ? "#14573f" : "transparent"}}body{margin:0}
    svg{display:block;margin:${(px * (1 - share)) / 2}px;width:${px * share}px}</style>${svg}`,
  );
  await writeFile(path.join(PUBLIC, file), await page.screenshot({ omitBackground: !whole }));
}
await browser.close();
