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
  changes: [
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
let problem: object | null = null;
const sent = vi.fn();

async function answer(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (request.method === "POST") sent(pathname, await request.json());
  if (pathname.endsWith("/comparison"))
    return Response.json(
      searchParams.has("cursor") ? { ...comparison, changes: [last], next_cursor: null } : comparison,
    );
  return Response.json({
    ...base,
    id: "tried",
    trial: true,
    state,
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
      <button
        type="button"
        onClick={() =>
          trial.begin(base.options, { weights: null, pinned: [{ mentor_id: "Leo", mentee_id: "Riitta" }] })
        }
      >
        Try
      </button>
    );
  return (
    <Trial id={trial.id} base={base} onDrop={trial.drop}>
      {() => null}
    </Trial>
  );
}

beforeAll(() => i18n.loadAndActivate({ locale: "en", messages: {} }));
beforeEach(() => {
  state = "running";
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
  expect(screen.getByRole("button").textContent).toBe("Stop, and keep the best so far");
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
