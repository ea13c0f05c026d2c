import { $api } from "#/api/client";
import { isAtWork } from "./words";

const SOON_MS = 1_000;

/** One import; asked again every second while the worker is at it. */
export const importQuery = (importId: string) =>
  $api.queryOptions(
    "get",
    "/v1/imports/{import_id}",
    { params: { path: { import_id: importId } } },
    { refetchInterval: ({ state }) => (state.data && isAtWork(state.data.state) ? SOON_MS : false) },
  );
