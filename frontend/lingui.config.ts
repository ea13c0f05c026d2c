import { defineConfig } from "@lingui/conf";

// Two catalogs: participants never download the words of the management pages.
const manage = [
  "src/features/people",
  "src/features/hris",
  "src/features/programs",
  "src/features/matching",
  "src/features/pairs/Pairs*.tsx",
  "src/features/analytics/{ManagerActions,ManagerToday,AdminToday}.tsx",
  "src/features/analytics/SessionsChart.tsx",
];

export default defineConfig({
  sourceLocale: "en",
  locales: ["fi", "sv", "en"],
  compileNamespace: "es",
  orderBy: "message",
  catalogs: [
    { path: "src/locales/{locale}", include: ["src"], exclude: [...manage, "**/*.test.*", "**/*.d.ts"] },
    { path: "src/locales/manage/{locale}", include: manage, exclude: ["**/*.test.*"] },
  ],
});
