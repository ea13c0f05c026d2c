import { defineConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";

// Catalogs by part, so that nobody downloads the words of pages they never open.
// Coming in, and who may: the sign-in, the devices, the roles.
const access = ["src/features/access", "src/features/sessions/CalendarFeed.tsx"];
const directory = [
  "src/features/people",
  "src/features/hris/{Columns,FileDrop,ImportPage,ImportsPage,KeepMapping,Mappings,Rows}.tsx",
  "src/features/hris/words.ts",
  "src/features/analytics/AdminToday.tsx",
  "src/features/privacy/{AuditPage,ErasePerson,Erasures,PrivacyPage,Retention}.tsx",
];
const manage = [
  "src/app/pages/ProgramPage.tsx",
  "src/features/programs",
  "src/features/pairs/Pairs*.tsx",
  "src/features/analytics/{ManagerActions,ManagerToday,SessionsChart}.tsx",
];
// What is done with a program once it stands: parts of its page that not everybody opens.
const program = [
  "src/features/board/{Announcements.tsx,Events.tsx,PurposeDialog.tsx,Texts.tsx,words.ts}",
  "src/features/inviting",
  "src/features/pairs/OverrideDialog.tsx",
  "src/features/programs/{CloneDialog,ContactDialog,Reach,SettingsHistory,Terms}.tsx",
  "src/features/programs/settingNames.ts",
  "src/features/surveys",
];
const matching = ["src/features/matching"];
// The pages of those who take part, beyond their home.
const member = [
  "src/app/pages/PairPage.tsx",
  "src/features/board/Board.tsx",
  "src/features/insights",
  "src/features/joining",
  "src/features/feedback",
  "src/features/pairs/{Agreement,Boundaries,Closing,FirstContact,Goals,History,LeaveDialog,Offer}.tsx",
  "src/features/sessions/{Agenda,Arc,Notes,PrimerPage,Promises,SessionActions,Spark,TimeDialog}.tsx",
];
// What somebody does before a talk.
const prepare = ["src/features/prepare", "src/features/joining/Superpower.tsx"];
// The session room, the candour composer and what comes of the talks.
const room = [
  "src/app/pages/{LearntPage,RoomPage}.tsx",
  "src/features/insights/{CandidGot,Composer*,useComposer}.{ts,tsx}",
  "src/features/feedback/GrowthPage.tsx",
  "src/features/sessions/{Board,KeptPromises,Kit,MyTakeaways,NewPromise,Takeaway,Thanks,Timer}.tsx",
];
// How people look after themselves: a concern, one's own part, who books for one, what acts for one.
const care = [
  "src/app/pages/MePage.tsx",
  "src/features/analytics/OtherToday.tsx",
  "src/features/feedback/{RaiseConcernPage.tsx,ConcernsPage.tsx,concerns.ts}",
  "src/features/joining/{ChallengesPage.tsx,MyParts.tsx,PartPage.tsx,Sharing.tsx,Wishes.tsx,parts.ts}",
  "src/features/sessions/{Delegate,DelegatedPage}.tsx",
  "src/features/machines",
  "src/features/privacy/{EraseMe,Kept,MyDataPage,Readers,SeenByHr}.tsx",
];
// Which other systems hear of what happens here, and what they keep of somebody.
const keepers = "src/features/people/{Keepers.tsx,fieldNames.ts}";
const systems = [
  keepers,
  "src/features/webhooks",
  "src/features/hris/{Connection*,Groups,Undo,WhoTakesPart}.tsx",
  "src/features/hris/connectionWords.ts",
];
// What is copied stands on pages of several parts.
const copying = "src/ui/CopyButton.tsx";
const reasons = "src/features/pairs/{Reasons.tsx,evidence.ts}";
const tests = ["**/*.test.*", "**/*.d.ts"];

export default defineConfig({
  sourceLocale: "en",
  locales: ["fi", "sv", "en"],
  compileNamespace: "es",
  orderBy: "message",
  // Without line numbers, which change with every line of code above.
  format: formatter({ lineNumbers: false }),
  catalogs: [
    {
      path: "src/locales/{locale}",
      include: ["src"],
      exclude: [
        ...access,
        ...manage,
        ...program,
        ...matching,
        ...directory,
        ...member,
        ...prepare,
        ...room,
        ...care,
        ...systems,
        copying,
        reasons,
        ...tests,
      ],
    },
    {
      path: "src/locales/access/{locale}",
      include: [...access, copying, "src/features/people/PersonPicker.tsx"],
      exclude: tests,
    },
    { path: "src/locales/directory/{locale}", include: directory, exclude: [keepers, ...tests] },
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
      exclude: [...program, ...tests],
    },
    {
      path: "src/locales/program/{locale}",
      include: [...program, copying],
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
      exclude: [...room, ...care, ...tests],
    },
    {
      path: "src/locales/prepare/{locale}",
      include: [...prepare, "src/features/sessions/Spark.tsx"],
      exclude: tests,
    },
    {
      path: "src/locales/care/{locale}",
      include: [...care, copying, "src/features/feedback/ConcernLink.tsx"],
      exclude: tests,
    },
    { path: "src/locales/systems/{locale}", include: [...systems, copying], exclude: tests },
    { path: "src/locales/room/{locale}", include: room, exclude: tests },
  ],
});
