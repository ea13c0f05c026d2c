import { useQuery } from "@tanstack/react-query";
import { $api, byCursor } from "#/api/client";
import type { MentoringSession } from "#/api/types";
import { useMe } from "#/features/identity/me";

export const promptsQuery = () =>
  $api.queryOptions("get", "/v1/idea-seeds/prompts", {}, { staleTime: 60 * 60_000 });

/** My seeds page by page, newest first; `count` on each page is how many are still to be brought. */
export const useSeeds = () =>
  $api.useInfiniteQuery("get", "/v1/idea-seeds", { params: { query: { limit: 50 } } }, byCursor);

/** Talks from today on; the moment stays the same all day, so that it is one query. */
const comingQuery = () => {
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  return $api.queryOptions("get", "/v1/sessions", {
    params: { query: { from: today.toISOString(), limit: 50 } },
  });
};

/** The next talk that is still to come, on either side or on one. */
export function nextTalk(
  sessions: MentoringSession[],
  part: "mentor" | "mentee",
  now = Date.now(),
): MentoringSession | null {
  const coming = sessions.filter(
    ({ my_part, state, ends_at }) =>
      my_part === part &&
      (state === "scheduled" || state === "proposed") &&
      ends_at !== null &&
      Date.parse(ends_at) > now,
  );
  return coming.toSorted((a, b) => (a.starts_at ?? "").localeCompare(b.starts_at ?? ""))[0] ?? null;
}

/** What I am here, and my next talks: as mentor, and as mentee. */
export function useTalks() {
  const roles = useMe().programs.flatMap((program) => program.roles);
  const query = useQuery(comingQuery());
  const items = query.data?.items ?? [];
  return {
    query,
    mentors: roles.includes("mentor"),
    asMentor: nextTalk(items, "mentor"),
    asMentee: nextTalk(items, "mentee"),
  };
}
