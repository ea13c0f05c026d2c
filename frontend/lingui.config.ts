import { defineConfig } from "@lingui/conf";

// Six catalogs, so that nobody downloads the words of pages they never open.
const directory = ["src/features/people", "src/features/hris", "src/features/analytics/AdminToday.tsx"];
const manage = [
  "src/features/programs",
  "src/features/pairs/Pairs*.tsx",
  "src/features/analytics/{ManagerActions,ManagerToday,SessionsChart}.tsx",
];
const matching = ["src/features/matching"];
// The pages of those who take part, beyond their home.
const member = [
  "src/app/pages",
  "src/features/insights",
  "src/features/joining",
  "src/features/feedback",
  "src/features/pairs/{Agreement,Closing,FirstContact,Goals,History,LeaveDialog,Offer}.tsx",
  "src/features/sessions/{Agenda,Arc,Notes,PrimerPage,Promises,SessionActions,Spark,TimeDialog}.tsx",
];
// How people look after themselves: a concern, one's own part, who books for one.
const care = [
  "src/app/pages/MePage.tsx",
  "src/features/analytics/OtherToday.tsx",
  "src/features/feedback/{RaiseConcernPage.tsx,ConcernsPage.tsx,concerns.ts}",
  "src/features/joining/{ChallengesPage.tsx,MyParts.tsx,PartPage.tsx,Sharing.tsx,Wishes.tsx,parts.ts}",
  "src/features/sessions/{Delegate,DelegatedPage}.tsx",
];
const reasons = "src/features/pairs/{Reasons.tsx,evidence.ts}";
const tests = ["**/*.test.*", "**/*.d.ts"];

export default defineConfig({
  sourceLocale: "en",
  locales: ["fi", "sv", "en"],
  compileNamespace: "es",
  orderBy: "message",
  catalogs: [
    {
      path: "src/locales/{locale}",
      include: ["src"],
      exclude: [...manage, ...matching, ...directory, ...member, ...care, reasons, ...tests],
    },
    { path: "src/locales/directory/{locale}", include: directory, exclude: tests },
    { path: "src/locales/matching/{locale}", include: matching, exclude: tests },
    // The picker of a person and the words for languages stand on both sides.
    {
      path: "src/locales/manage/{locale}",
      include: [
        ...manage,
        reasons,
        "src/features/people/{PersonPicker.tsx,words.ts}",
        "src/features/feedback/words.ts",
      ],
      exclude: tests,
    },
    {
      path: "src/locales/member/{locale}",
      include: [
        ...member,
        reasons,
        "src/features/people/words.ts",
        "src/features/programs/{ProfileFields.tsx,queries.ts}",
      ],
      exclude: [...care, ...tests],
    },
    {
      path: "src/locales/care/{locale}",
      include: [...care, "src/features/feedback/ConcernLink.tsx"],
      exclude: tests,
    },
  ],
});
