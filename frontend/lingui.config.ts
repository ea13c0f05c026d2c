import { defineConfig } from "@lingui/conf";

// Three catalogs, so that nobody downloads the words of pages they never open.
const directory = ["src/features/people", "src/features/hris", "src/features/analytics/AdminToday.tsx"];
const manage = [
  "src/features/programs",
  "src/features/matching",
  "src/features/pairs/Pairs*.tsx",
  "src/features/analytics/{ManagerActions,ManagerToday,SessionsChart}.tsx",
];
const tests = ["**/*.test.*", "**/*.d.ts"];

export default defineConfig({
  sourceLocale: "en",
  locales: ["fi", "sv", "en"],
  compileNamespace: "es",
  orderBy: "message",
  catalogs: [
    { path: "src/locales/{locale}", include: ["src"], exclude: [...manage, ...directory, ...tests] },
    { path: "src/locales/directory/{locale}", include: directory, exclude: tests },
    // The picker of a person and the words for languages stand on both sides.
    {
      path: "src/locales/manage/{locale}",
      include: [...manage, "src/features/people/{PersonPicker.tsx,words.ts}"],
      exclude: tests,
    },
  ],
});
