import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { i18n } from "@lingui/core";
import { afterEach, expect, test } from "vitest";
import { CODES } from "./codes";
import { ProblemError, problemWords, wordsFor } from "./problems";

const BACKEND = path.resolve(import.meta.dirname, "../../../backend/vuoro");
/** Names of columns and the like that look the same, and codes of score components, which have words elsewhere. */
const OTHER = new Set(["other_department", "same_department", "other_site", "same_site"]);

function sentCodes(): string[] {
  const files = readdirSync(BACKEND, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".py"),
  );
  const found = files.flatMap((file) =>
    [
      ...readFileSync(path.join(BACKEND, file), "utf8").matchAll(/\bcode(?:: ClassVar\[str\])? = "(\w+)"/gu),
    ].map(([, code]) => code ?? ""),
  );
  return [...new Set(found)].filter((code) => !OTHER.has(code)).sort();
}

afterEach(() => i18n.load("en", {}));

test("every problem that the API can send has words", () => {
  const codes = sentCodes();
  expect(codes.length).toBeGreaterThan(40);
  expect(codes.filter((code) => !(code in CODES))).toEqual([]);
});

test("a code finds its words in the catalog by its id, an unknown one a kind fallback", () => {
  for (const [code, { id }] of Object.entries(CODES)) expect(id).toBe(`problem.${code}`);
  i18n.loadAndActivate({ locale: "en", messages: { "problem.too_early": "Too early." } });
  expect(wordsFor("too_early").id).toBe("problem.too_early");
  expect(wordsFor("never_heard").id).not.toBe("problem.never_heard");
});

test("a program that isn't ready says what is missing first", () => {
  i18n.loadAndActivate({ locale: "en", messages: { "problem.dates_missing": "", "problem.not_ready": "" } });
  const notReady = (missing?: string[]) =>
    problemWords(new ProblemError({ status: 409, code: "not_ready", detail: "", params: { missing } })).id;
  expect(notReady(["dates", "cohort"])).toBe("problem.dates_missing");
  expect(notReady()).toBe("problem.not_ready");
});
