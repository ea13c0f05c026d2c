import { $api } from "#/api/client";

/** Whom a demo offers to be; elsewhere nobody. */
export const personasQuery = () => $api.queryOptions("get", "/v1/demo/personas", {}, { retry: false });
