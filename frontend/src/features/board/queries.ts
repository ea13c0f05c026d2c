import { $api } from "#/api/client";

export const eventsQuery = (programId: string) =>
  $api.queryOptions("get", "/v1/programs/{program_id}/events", {
    params: { path: { program_id: programId }, query: { limit: 100 } },
  });
