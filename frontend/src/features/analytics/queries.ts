import { $api } from "#/api/client";

export const todayQuery = () => $api.queryOptions("get", "/v1/me/today");
export const dashboardQuery = (programId: string) =>
  $api.queryOptions("get", "/v1/programs/{program_id}/dashboard", {
    params: { path: { program_id: programId } },
  });
