import { $api } from "#/api/client";

const one = (sessionId: string) => ({ params: { path: { session_id: sessionId } } });

export const sessionQuery = (sessionId: string) =>
  $api.queryOptions("get", "/v1/sessions/{session_id}", one(sessionId));
export const notesQuery = (sessionId: string) =>
  $api.queryOptions("get", "/v1/sessions/{session_id}/notes", one(sessionId));
export const pairSessionsQuery = (pairId: string) =>
  $api.queryOptions("get", "/v1/pairs/{pair_id}/sessions", {
    params: { path: { pair_id: pairId }, query: { limit: 100 } },
  });
export const mySessionsQuery = () =>
  $api.queryOptions("get", "/v1/sessions", { params: { query: { limit: 100 } } });
export const kitsQuery = () =>
  $api.queryOptions("get", "/v1/kits", {}, { staleTime: Number.POSITIVE_INFINITY });
