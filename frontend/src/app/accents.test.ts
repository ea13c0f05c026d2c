import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { OrganizationOut } from "#/api/types";

const CSS = readFileSync("src/app/index.css", "utf8");
const ALL: OrganizationOut["accent"][] = [
  "spruce", "moss", "teal", "lake", "night", "plum", "brick", "graphite",
]; // biome-ignore format: one line

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** The value of a token in light and in dark. */
function token(name: string): string[] {
  return [...CSS.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6});`, "gu"))].map(([, colour = ""]) => colour);
}

function accent(name: string): string[] {
  if (name === "spruce") return token("spruce");
  const found = new RegExp(
    `data-accent="${name}"\\] \\{\\s*--brand: light-dark\\((#\\w{6}), (#\\w{6})\\)`,
    "u",
  ).exec(CSS);
  return found ? found.slice(1) : [];
}

test("the contrast of black and white is what the guidelines say", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#767676", "#ffffff")).toBeGreaterThanOrEqual(4.5);
  expect(contrast("#777777", "#ffffff")).toBeLessThan(4.5);
});

test.each(ALL)("%s can be read on light and on dark, and what stands on it too", (name) => {
  const colours = accent(name);
  expect(colours).toHaveLength(2);
  for (const [at, colour] of colours.entries()) {
    expect(contrast(colour, token("on-spruce")[at] ?? "")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour, token("canvas")[at] ?? "")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour, token("surface")[at] ?? "")).toBeGreaterThanOrEqual(4.5);
  }
});

test("the colours are as many as an organization may choose from", () => {
  expect([...CSS.matchAll(/\[data-accent="(\w+)"\]/gu)].map(([, name]) => name).toSorted()).toEqual(
    ALL.toSorted(),
  );
});
