import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { lingui } from "@lingui/vite-plugin";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const COMPRESSIBLE = /\.(js|css|html|svg|json|webmanifest)$/;

/** The files that every page brings. */
const SHARED = /\/(base|kit|index|rolldown-runtime)-/u;

/** Icons of the frame and the homes: one by one they weigh twice as much. */
const FIRST_ICONS =
  "arrow-right|calendar-check|calendar-clock|calendar-days|calendar-plus|chevrons-up-down|circle-check|circle-exclamation-point|face-slightly-smiling|file-up|graduation-cap|heart|heart-pulse|house|languages|life-buoy|lightbulb|list-checks|log-out|mail-question-mark|map-pin|moon|notebook-pen|pen-line|plus|search|shuffle|sliders-horizontal|sun|sun-moon|users|users-round|video|x";

/** Nearly all of these two runs at the start: a browser that knows the hint compiles them beside, as they come in. */
function compileBeside(): Plugin {
  return {
    name: "compile-beside",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const part of Object.values(bundle))
          if (part.type === "chunk" && /^(base|kit)$/u.test(part.name))
            part.code = `//# allFunctionsCalledOnLoad\n${part.code}`;
      },
    },
  };
}

/** Writes .gz and .br beside every text file, so that the API sends them without work. */
function precompress(): Plugin {
  let outDir = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      outDir = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = await readdir(outDir, { recursive: true });
      await Promise.all(
        files
          .filter((file) => COMPRESSIBLE.test(file))
          .map(async (file) => {
            const target = path.join(outDir, file);
            const body = await readFile(target);
            if (body.length < 512) return;
            const br = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
            await writeFile(`${target}.gz`, await promisify(gzip)(body, { level: 9 }));
            await writeFile(`${target}.br`, await promisify(brotliCompress)(body, br));
          }),
      );
    },
  };
}

/** Fetches the letters of the first words along with the scripts, so that no text moves when they come. */
function preloadFonts(): Plugin {
  return {
    name: "preload-fonts",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((file) => /-latin-(wght|700)-normal-[^/]+\.woff2$/u.test(file))
          .map((file) => ({
            tag: "link",
            attrs: { rel: "preload", as: "font", type: "font/woff2", href: `/${file}`, crossorigin: "" },
            injectTo: "head" as const,
          })),
    },
  };
}

/** The sign of the house is painted before the styles come; the scripts wait for them, the app and the words travel beside. */
function paintFirst(): Plugin {
  return {
    name: "paint-first",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const [styles] = /<link rel="stylesheet"[^>]*>/u.exec(html) ?? [];
        if (!styles) throw new Error("index.html has no stylesheet to move");
        const chunks = Object.values(bundle ?? {}).filter((part) => part.type === "chunk");
        const of = (module: string) => chunks.find(({ facadeModuleId: id }) => id?.endsWith(module));
        const app = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith("/src/app/main.tsx")));
        if (!app) throw new Error("index.html needs the app that its first script starts");
        const named = (module: string) => {
          const found = of(module);
          if (!found) throw new Error(`index.html needs ${module}`);
          return found;
        };
        const early = {
          "/sign-in": ["access", "access/entry.ts"],
          "/pairs": ["manage", "pairs/PairsPage.tsx"],
        } as const;
        const code = Object.entries(early).map(([path, [, module]]) => {
          const entry = named(`/src/features/${module}`);
          return [
            path,
            [entry.fileName, ...entry.imports.filter((file) => !SHARED.test(file))].map((file) => `/${file}`),
          ];
        });
        const words = ["fi", "sv", "en"].map((locale) => [
          locale,
          Object.fromEntries(
            Object.entries({ "": [""], ...early }).map(([path, [part]]) => [
              path,
              `/${named(`/src/locales/${part && `${part}/`}${locale}.po`).fileName}`,
            ]),
          ),
        ]);
        return html
          .replace("const words = {}", `const words = ${JSON.stringify(Object.fromEntries(words))}`)
          .replace("const code = {}", `const code = ${JSON.stringify(Object.fromEntries(code))}`)
          .replace(styles, `<link rel="modulepreload" crossorigin href="/${app.fileName}">`)
          .replace("</body>", `  ${styles}\n  </body>`)
          .replaceAll(/<(script type="module"|link rel="modulepreload")/gu, '<$1 fetchpriority="low"');
      },
    },
  };
}

/** Lays Redoc beside the page of the API reference, without the picture that it would fetch from elsewhere. */
function reference(): Plugin {
  return {
    name: "reference",
    apply: "build",
    async generateBundle() {
      const file = path.resolve(import.meta.dirname, "node_modules/redoc/bundles/redoc.standalone.js");
      const whole = await readFile(file, "utf8");
      const source = whole.replaceAll(/https:\/\/cdn\.redoc(?:ly)?\.(?:ly|com)\/[\w./-]+/gu, "data:,");
      if (source === whole) throw new Error("Redoc's picture has moved");
      this.emitFile({ type: "asset", fileName: "reference/redoc.js", source });
    },
  };
}

export default defineConfig({
  plugins: [
    react(),
    lingui({ macroTransform: true }),
    tailwindcss(),
    paintFirst(),
    preloadFonts(),
    compileBeside(),
    reference(),
    precompress(),
  ],
  resolve: { alias: { "#": path.resolve(import.meta.dirname, "src") } },
  build: {
    target: "es2023",
    manifest: true,
    modulePreload: {
      polyfill: false,
      // What the page itself brings need not be named again by every lazy part.
      resolveDependencies: (_file, found, { hostType }) =>
        hostType === "html" ? found : found.filter((each) => !SHARED.test(each)),
    },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      // Many small shared chunks compress badly: what every page needs travels as one.
      output: {
        // The entry lists every lazy part by its file: names would be a part of each first load.
        chunkFileNames: ({ name, isDynamicEntry }) =>
          isDynamicEntry && !/^(fi|sv|en)$/u.test(name) ? "assets/[hash].js" : "assets/[name]-[hash].js",
        codeSplitting: {
          groups: [
            {
              name: "base",
              test: /vite\/preload-helper|node_modules\/(react|react-dom|scheduler|@tanstack|@lingui|openapi-[a-z-]+|use-sync-external-store)\//,
            },
            {
              name: "kit",
              test: new RegExp(
                `src/(lib/(?!draft|qr|offline)|api/(?!codes)|app/(?!pages|Palette|first|index)|ui/(Avatar|Button|Card|Later|Mark|Menu|Meter|Page|Tag|states|toast)\\.|features/identity|features/analytics/(TodayPage|ParticipantToday|actions)|features/sessions/(NextTalk|when|useAgenda|TimeDialogs)\\.)|icons/(${FIRST_ICONS})\\.`,
                "u",
              ),
            },
            // What a participant's home draws after them, and what the manager's draws too.
            {
              name: "home",
              test: /src\/features\/(analytics\/Beside|board\/(Board|queries))\./,
              includeDependenciesRecursively: false,
            },
            {
              name: "pair-line",
              test: /src\/features\/pairs\/(PairLine|words)\./,
              includeDependenciesRecursively: false,
            },
            {
              // All others: many small files cost a phone more than one.
              name: "icons",
              test: /lucide-react\/dist\/esm\/icons\//,
              minShareCount: 2,
            },
            {
              name: "parts",
              test: /src\/(lib\/draft|ui\/(Dialog|Field|Filters|Fold|Notice|ShowMore))\./,
              minShareCount: 2,
              includeDependenciesRecursively: false,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: { "/v1": process.env.VUORO_API ?? "http://127.0.0.1:8000" },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
