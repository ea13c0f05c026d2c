import { $api } from "#/api/client";

export const fitChecksQuery = (pairId: string) =>
  $api.queryOptions("get", "/v1/pairs/{pair_id}/fit-checks", { params: { path: { pair_id: pairId } } });
export const pulseQuery = (sessionId: string) =>
  $api.queryOptions("get", "/v1/sessions/{session_id}/feedback", {
    params: { path: { session_id: sessionId } },
  });
