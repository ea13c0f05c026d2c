import { $api } from "#/api/client";

export const pulseQuery = (sessionId: string) =>
  $api.queryOptions("get", "/v1/sessions/{session_id}/feedback", {
    params: { path: { session_id: sessionId } },
  });
