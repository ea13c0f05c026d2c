import { $api } from "#/api/client";
import type { KitOut } from "#/api/types";

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
export const thoughtsQuery = (sessionId: string) =>
  $api.queryOptions("get", "/v1/sessions/{session_id}/thoughts", one(sessionId));
export const takeawaysQuery = (sessionId: string) =>
  $api.queryOptions("get", "/v1/sessions/{session_id}/takeaways", one(sessionId));
export const agendaQuery = (sessionId: string) =>
  $api.queryOptions("get", "/v1/sessions/{session_id}/agenda", one(sessionId));
export const arcQuery = (pairId: string) =>
  $api.queryOptions("get", "/v1/pairs/{pair_id}/arc", { params: { path: { pair_id: pairId } } });
export const freeTimesQuery = (pairId: string, sessionId?: string) =>
  $api.queryOptions("get", "/v1/pairs/{pair_id}/free-times", {
    params: { path: { pair_id: pairId }, query: { limit: 40, session_id: sessionId } },
  });
export const promisesQuery = (pairId: string) =>
  $api.queryOptions("get", "/v1/pairs/{pair_id}/action-items", {
    params: { path: { pair_id: pairId }, query: { limit: 50 } },
  });
const forever = { staleTime: Number.POSITIVE_INFINITY };
export const kitsQuery = (kind?: KitOut["kind"]) =>
  $api.queryOptions("get", "/v1/kits", { params: { query: { kind } } }, forever);
export const kitQuery = (key: string | null) =>
  $api.queryOptions(
    "get",
    "/v1/kits/{kit_key}",
    { params: { path: { kit_key: key ?? "" } } },
    { ...forever, enabled: key !== null },
  );
