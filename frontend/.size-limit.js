import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync("dist/.vite/manifest.json", "utf8"));

/** Every script that these modules bring along at once. */
function scripts(...modules) {
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const next of manifest[key].imports ?? []) visit(next);
  };
  for (const key of modules) visit(key);
  return [...seen].map((key) => `dist/${manifest[key].file}`);
}

// The first script starts the app, which has the frame and a participant's home with it.
const app = ["index.html", ...manifest["index.html"].dynamicImports];
const participant = scripts(...app);
const manager = scripts(
  ...app,
  "src/features/analytics/ManagerActions.tsx",
  "src/features/analytics/ManagerToday.tsx",
);
const lazy = Object.values(manifest)
  .filter(({ isDynamicEntry, file }) => isDynamicEntry && file.endsWith(".js"))
  .map(({ file, name }) => ({ name: `Lazy: ${name}`, path: `dist/${file}`, limit: "60 kB", gzip: true }));
const language = (locale) =>
  [
    "",
    "access/",
    "directory/",
    "manage/",
    "matching/",
    "member/",
    "prepare/",
    "program/",
    "room/",
    "care/",
    "systems/",
  ].map((part) => `src/locales/${part}${locale}.po`);

export default [
  { name: "First load of a participant", path: participant, limit: "135 kB", gzip: true },
  { name: "First load of a manager", path: manager, limit: "150 kB", gzip: true },
  { name: "Styles", path: "dist/assets/*.css", limit: "12 kB", gzip: true },
  { name: "Fonts", path: "dist/assets/*-latin-{wght,700}-normal-*.woff2", limit: "42 kB", brotli: false },
  ...["fi", "sv", "en"].flatMap((locale) =>
    language(locale).map((file) => ({
      name: file,
      path: `dist/${manifest[file].file}`,
      limit: "8 kB",
      gzip: true,
    })),
  ),
  ...lazy.filter(({ name }) => !name.match(/: (fi|sv|en)$/u)),
];
