import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { $api, client } from "#/api/client";
import { ProblemError } from "#/api/problems";
import type { MatchRunOut } from "#/api/types";
import { isSearching } from "./words";

const POLL_MS = 1_500;
const STOP_POLL_MS = 300;

const runQuery = (runId: string) =>
  $api.queryOptions("get", "/v1/match-runs/{run_id}", { params: { path: { run_id: runId } } });

/** One run as it goes on: told by the server's events, or asked for where events do not get through. */
export function useRun(runId: string) {
  const queryClient = useQueryClient();
  const [live, setLive] = useState(false);
  const run = useQuery({
    ...runQuery(runId),
    refetchInterval: ({ state }) => (!live && state.data && isSearching(state.data.state) ? POLL_MS : false),
  });
  const searching = run.data !== undefined && isSearching(run.data.state);
  useEffect(() => {
    if (!searching || typeof EventSource === "undefined") return;
    const { queryKey } = runQuery(runId);
    const source = new EventSource(`/v1/match-runs/${runId}/events`);
    source.onopen = () => setLive(true);
    source.onerror = () => setLive(false);
    source.addEventListener("progress", (event) => {
      const told: MatchRunOut = JSON.parse(event.data);
      queryClient.setQueryData(queryKey, told);
      if (isSearching(told.state)) return;
      source.close();
      void queryClient.invalidateQueries();
    });
    return () => {
      source.close();
      setLive(false);
    };
  }, [searching, runId, queryClient]);
  return run;
}

/** Stops a run if it is at work, and waits until it is over: the next search is refused before that. */
export async function stopRun(runId: string): Promise<void> {
  const params = { params: { path: { run_id: runId } } };
  let { data: run } = await client.GET("/v1/match-runs/{run_id}", params);
  if (run && isSearching(run.state)) {
    try {
      ({ data: run } = await client.POST("/v1/match-runs/{run_id}/cancel", params));
    } catch (error) {
      if (!(error instanceof ProblemError && error.status === 409)) throw error; // it ended meanwhile
    }
  }
  while (run && isSearching(run.state)) {
    await new Promise((wake) => setTimeout(wake, STOP_POLL_MS));
    ({ data: run } = await client.GET("/v1/match-runs/{run_id}", params));
  }
}

/** Starts a search and opens it. */
export function useStart() {
  const navigate = useNavigate();
  return $api.useMutation("post", "/v1/programs/{program_id}/match-runs", {
    onSuccess: (made) => void navigate({ to: ".", search: { run: made.id }, replace: true }),
  });
}
