import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { MatchRunOut } from "#/api/types";
import { Trial, useTrial } from "./Trial";

const options = { goal: "total", fairness: 0, floor: false, trial: null };
const can = { cancel: { allowed: true, reason: null } };
const progress = { phase: "proving", round: 2, pairs: 58, bound: 4000, gap: 0.0042, fraction: 0.5 };
const base = { id: "base", program_id: "p", cohort_id: "c", options } as MatchRunOut;
const person = (name: string) => ({ id: name, display_name: name, title: null });
const comparison = {
  run_id: "tried",
  with_id: "base",
  objective: 3997.4,
  with_objective: 4000,
  difference: -2.6,
  pairs: 60,
  with_pairs: 60,
  lowest: 71,
  with_lowest: 61,
  same: 58,
  changed: 3,
  settings: { goal: "total", fairness: 0, floor: false, weights: { topics: 0.5, skills: 0.5 } },
  with_settings: { goal: "coverage", fairness: 0, floor: false, weights: { topics: 0.5, skills: 0.5 } },
  items: [
    {
      person: person("Antti"),
      role: "mentee",
      from: person("Leo"),
      to: null,
      from_score: 61,
      to_score: null,
    },
    {
      person: person("Riitta"),
      role: "mentee",
      from: null,
      to: person("Leo"),
      from_score: null,
      to_score: 80,
    },
  ],
  next_cursor: "more",
};
const last = {
  person: person("Sanna"),
  role: "mentee",
  from: person("Noa"),
  to: person("Emil"),
  from_score: 70,
  to_score: 79,
};

let state = "running";
let begun = 0;
const working = new Set<string>();
let slow: Promise<void> | undefined;
let problem: object | null = null;
let stopping: string[] = [];
const sent = vi.fn();

async function answer(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (request.method === "POST") {
    const cancels = /\/([^/]+)\/cancel$/u.exec(pathname)?.[1];
    sent(pathname, cancels ? undefined : await request.json());
    if (cancels) stopping.push(cancels);
    else {
      await slow;
      if (working.size > 0) return Response.json({ code: "match_run_busy" }, { status: 409 });
      begun += 1;
      working.add(`tried-${begun}`);
      return Response.json({ ...base, id: `tried-${begun}`, trial: true, state: "queued", progress, can });
    }
  }
  if (pathname.endsWith("/comparison"))
    return Response.json(
      searchParams.has("cursor") ? { ...comparison, items: [last], next_cursor: null } : comparison,
    );
  const id = pathname.split("/")[3] ?? "";
  const over = stopping.includes(id) && request.method === "GET"; // the worker sees it a little later
  if (over || state === "done") working.delete(id);
  return Response.json({
    ...base,
    id,
    trial: true,
    state: over ? "cancelled" : working.has(id) ? state : "done",
    progress,
    can,
    problem,
    gap: problem && 0.0042,
  });
}

function Tried() {
  const trial = useTrial(base);
  if (!trial.id)
    return (
      <>
        <button
          type="button"
          onClick={() =>
            trial.begin(base.options, { weights: null, pinned: [{ mentor_id: "Leo", mentee_id: "Riitta" }] })
          }
        >
          Try
        </button>
        {trial.busy && <p>Busy</p>}
        <button type="button" onClick={trial.drop}>
          Move
        </button>
      </>
    );
  return (
    <>
      <button type="button" onClick={trial.drop}>
        Move
      </button>
      <Trial id={trial.id} base={base} onDrop={trial.drop}>
        {() => null}
      </Trial>
    </>
  );
}

beforeAll(() => i18n.loadAndActivate({ locale: "en", messages: {} }));
beforeEach(() => {
  state = "running";
  begun = 0;
  working.clear();
  stopping = [];
  slow = undefined;
  problem = null;
  vi.stubGlobal("EventSource", undefined);
  vi.stubGlobal("fetch", answer);
  render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={new QueryClient()}>
        <Tried />
      </QueryClientProvider>
    </I18nProvider>,
  );
  fireEvent.click(screen.getByText("Try"));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  sent.mockClear();
});

test("a trial names the pair to try and the search to compare with, and tells how it goes", async () => {
  await screen.findByText("at most 0.42%");
  expect(sent).toHaveBeenCalledWith("/v1/programs/p/match-runs", {
    cohort_id: "c",
    goal: "total",
    fairness: 0,
    floor: false,
    trial: {
      weights: null,
      pinned: [{ mentor_id: "Leo", mentee_id: "Riitta" }],
      rejected: [],
      compare_with: "base",
    },
  });
  expect(screen.getByRole("button", { name: "Stop, and keep the best so far" })).toBeDefined();
});

test("a finished trial tells the difference in words, and is thrown away", async () => {
  await screen.findByText("Trying it");
  state = "done";
  await screen.findByText("2.6 points less in all", {}, { timeout: 3_000 });
  expect(screen.getByText("58 pairs stay the same.")).toBeDefined();
  const told = screen.getAllByRole("listitem").map((item) => item.textContent);
  expect(told[0]).toContain("Leo (61) →then nobody");
  expect(told[1]).toContain("nobody →then Leo (80)");
  expect(screen.getByText(/^As many pairs as possible/u).textContent).toBe(
    "As many pairs as possible →then The best sum",
  );
  fireEvent.click(screen.getByRole("button", { name: "Show more" }));
  await screen.findByText("Sanna");
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Throw away" }));
  expect(screen.getByText("Try")).toBeDefined();
});

test("a trial that was stopped early says how near its pairs are to the best", async () => {
  await screen.findByText("Trying it");
  state = "done";
  problem = { code: "stopped_early", detail: "", params: { gap: 0.0042 } };
  await screen.findByText("You stopped the search early", {}, { timeout: 3_000 });
  expect(screen.getByText(/at most 0\.42% from the best possible/u)).toBeDefined();
});

const paths = () => sent.mock.calls.map(([path]) => path);
const START = "/v1/programs/p/match-runs";

test("a trial that answers no more is stopped, and the next begins once it is over", async () => {
  await screen.findByText("Trying it");
  fireEvent.click(screen.getByText("Move"));
  fireEvent.click(screen.getByText("Try"));
  await screen.findByText("Trying it");
  expect(paths()).toEqual([START, "/v1/match-runs/tried-1/cancel", START]);
  expect([...working]).toEqual(["tried-2"]);
});

test("one that was dropped before it had begun is stopped as soon as it has", async () => {
  await screen.findByText("Trying it");
  fireEvent.click(screen.getByText("Move"));
  let go = () => {};
  slow = new Promise((resolve) => {
    go = resolve;
  });
  fireEvent.click(screen.getByText("Try"));
  await vi.waitFor(() => expect(paths().filter((path) => path === START)).toHaveLength(2));
  fireEvent.click(screen.getByText("Move"));
  expect(screen.queryByText("Busy")).toBeNull();
  fireEvent.click(screen.getByText("Try"));
  go();
  await screen.findByText("Trying it");
  expect([...working]).toEqual(["tried-3"]);
  expect(stopping).toEqual(["tried-1", "tried-2"]);
});

test("a finished trial that is thrown away has nothing to stop", async () => {
  await screen.findByText("Trying it");
  state = "done";
  await screen.findByText("2.6 points less in all", {}, { timeout: 3_000 });
  fireEvent.click(screen.getByText("Move"));
  state = "running";
  fireEvent.click(screen.getByText("Try"));
  await screen.findByText("Trying it");
  expect(paths()).toEqual([START, START]);
});
