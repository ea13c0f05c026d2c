import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useRun } from "./live";

class Source extends EventTarget {
  static last: Source | undefined;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    super();
    Source.last = this;
  }
  tell(state: string, pairs: number) {
    this.dispatchEvent(new MessageEvent("progress", { data: JSON.stringify(run(state, pairs)) }));
  }
  close() {
    this.closed = true;
  }
}

const run = (state: string, pairs: number) => ({ id: "r1", state, pairs, version: 1 });

function Shown() {
  const { data } = useRun("r1");
  return <p>{data ? `${data.state} ${data.pairs}` : "nothing"}</p>;
}

function show() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Shown />
    </QueryClientProvider>,
  );
}

const answers = vi.fn(() => run("running", 0));

beforeEach(() => {
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("fetch", async () => Response.json(answers()));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  answers.mockClear();
  Source.last = undefined;
});

test("events move the progress, and the last one ends the listening", async () => {
  show();
  await screen.findByText("running 0");
  expect(Source.last?.url).toBe("/v1/match-runs/r1/events");
  act(() => Source.last?.onopen?.());
  act(() => Source.last?.tell("running", 7));
  await screen.findByText("running 7");
  answers.mockReturnValue(run("done", 9));
  act(() => Source.last?.tell("done", 9));
  await screen.findByText("done 9");
  expect(Source.last?.closed).toBe(true);
  answers.mockReturnValue(run("running", 0));
});

test("without events it is asked for again and again", async () => {
  vi.stubGlobal("EventSource", undefined);
  show();
  await screen.findByText("running 0");
  answers.mockReturnValue(run("running", 3));
  await screen.findByText("running 3", {}, { timeout: 3_000 });
  answers.mockReturnValue(run("running", 0));
});
