import { $api } from "#/api/client";

const one = (pairId: string) => ({ params: { path: { pair_id: pairId } } });

export const pairQuery = (pairId: string) => $api.queryOptions("get", "/v1/pairs/{pair_id}", one(pairId));
export const agreementQuery = (pairId: string) =>
  $api.queryOptions("get", "/v1/pairs/{pair_id}/agreement", one(pairId));
export const historyQuery = (pairId: string) =>
  $api.queryOptions("get", "/v1/pairs/{pair_id}/history", one(pairId));
export const goalsQuery = (pairId: string) =>
  $api.queryOptions("get", "/v1/pairs/{pair_id}/goals", {
    params: { path: { pair_id: pairId }, query: { limit: 100 } },
  });
