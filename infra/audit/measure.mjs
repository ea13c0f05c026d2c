// Opens the pages of the running product (VUORO_URL) as each persona and writes one JSON line for each measurement:
// {"page", "form", "scores": {…: 0 to 100}, "times": {"FCP", "LCP", "TBT" in ms, "CLS"}, "faults": […]}
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const base = process.env.VUORO_URL;
const runs = Number(process.argv[2] ?? 3);
const PAIRS = 500;
const TIMES = {
  FCP: "first-contentful-paint",
  LCP: "largest-contentful-paint",
  TBT: "total-blocking-time",
  CLS: "cumulative-layout-shift",
};
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const browser = await puppeteer.launch({
  executablePath: process.env.VUORO_CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
});
const page = await browser.newPage();

async function signIn(persona) {
  await page.goto(`${base}/sign-in`);
  await browser.deleteCookie(...(await browser.cookies()));
  if (!persona) return;
  const status = await page.evaluate(async (who) => {
    const body = JSON.stringify({ persona: who });
    const headers = { "Content-Type": "application/json" };
    return (await fetch("/v1/demo/logins", { method: "POST", headers, body })).status;
  }, persona);
  if (status !== 201) throw new Error(`sign in as ${persona}: ${status}`);
}

const read = (path) => page.evaluate(async (from) => (await fetch(from)).json(), path);

async function measure(name, path) {
  for (const form of ["mobile", "desktop"])
    for (let run = 0; run < runs; run += 1) {
      const flags = {
        port: Number(new URL(browser.wsEndpoint()).port),
        logLevel: "error",
        onlyCategories: ["performance", "accessibility", "best-practices"],
      };
      const config = form === "desktop" ? desktopConfig : undefined;
      let { lhr } = await lighthouse(base + path, flags, config);
      // On a loaded machine the browser now and then loses a recording.
      for (let again = 0; lhr.runtimeError && again < 2; again += 1)
        ({ lhr } = await lighthouse(base + path, flags, config));
      if (lhr.runtimeError) throw new Error(`${name}: ${lhr.runtimeError.message}`);
      const { performance, accessibility, "best-practices": practices } = lhr.categories;
      const faults = [accessibility, practices].flatMap(({ auditRefs }) =>
        auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score === 0).map(({ id }) => id),
      );
      tell({
        page: name,
        form,
        scores: {
          performance: performance.score * 100,
          accessibility: accessibility.score * 100,
          "best practices": practices.score * 100,
        },
        times: Object.fromEntries(Object.entries(TIMES).map(([key, id]) => [key, lhr.audits[id].numericValue])),
        faults,
      });
    }
}

/** The slowest answer to a touch, in ms, with so many pairs in the list and a quarter of the processor. */
async function interact(program) {
  await page.evaluateOnNewDocument((count) => {
    const real = globalThis.fetch;
    globalThis.fetch = async (request, ...rest) => {
      const answer = await real(request, ...rest);
      // The page itself asks with an address, its scripts with a request.
      if (!/\/v1\/pairs\?/u.test(request.url ?? request)) return answer;
      const found = await answer.json();
      const items = Array.from({ length: found.items.length && count }, (_, index) => ({
        ...found.items[index % found.items.length],
        id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      }));
      return new Response(JSON.stringify({ ...found, items }), answer);
    };
    globalThis.slowest = 0;
    new PerformanceObserver((list) => {
      for (const { duration, interactionId } of list.getEntries())
        if (interactionId) globalThis.slowest = Math.max(globalThis.slowest, duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
  }, PAIRS);
  await page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
  await page.goto(`${base}/programs/${program}/pairs`);
  await page.waitForFunction((count) => document.querySelectorAll("main a[href*='/pairs/']").length >= count, {}, PAIRS);
  await page.emulateCPUThrottling(4);
  const answers = [];
  for (const selector of ["button[aria-pressed=false]", "button[aria-pressed=false]", "header button[aria-haspopup]"]) {
    await page.locator(selector).click();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 500))));
    answers.push(await page.evaluate(() => globalThis.slowest));
  }
  tell({ page: `manager, ${PAIRS} pairs`, form: "mobile", scores: {}, times: { interaction: Math.max(...answers) }, faults: [] });
}

await signIn(null);
await measure("sign-in", "/sign-in");
for (const persona of ["mentor", "mentee"]) {
  await signIn(persona);
  await measure(persona, "/");
}
await signIn("manager");
const { items } = await read("/v1/programs?limit=100");
const lively = items.toSorted((a, b) => b.counts.pairs_active - a.counts.pairs_active)[0].id;
await measure("manager", "/");
await measure("manager, pairs", `/programs/${lively}/pairs`);
await interact(lively);
await browser.close();
