import { useLingui } from "@lingui/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { $api } from "#/api/client";
import { useCurrentProgram } from "#/features/identity/me";
import { pick } from "#/lib/i18n";

const forever = { staleTime: Number.POSITIVE_INFINITY };
const all = { params: { query: { limit: 100 } } };

export const programQuery = (programId: string) =>
  $api.queryOptions("get", "/v1/programs/{program_id}", { params: { path: { program_id: programId } } });

export interface Choice {
  slug: string;
  name: string;
}

/** The skills and topics to choose from, named in the reader's language. */
export function useTags(): { skills: Choice[]; topics: Choice[]; nameOf: (slug: string) => string } {
  const { i18n } = useLingui();
  const skills = useQuery($api.queryOptions("get", "/v1/skills", all, forever));
  const topics = useQuery($api.queryOptions("get", "/v1/topics", all, forever));
  const named = (list: typeof skills.data): Choice[] =>
    (list?.items ?? [])
      .map(({ slug, name }) => ({ slug, name: pick(name, i18n.locale) }))
      .sort((a, b) => a.name.localeCompare(b.name, i18n.locale));
  const lists = { skills: named(skills.data), topics: named(topics.data) };
  const names = new Map([...lists.skills, ...lists.topics].map(({ slug, name }) => [slug, name]));
  return { ...lists, nameOf: (slug) => names.get(slug) ?? slug.replaceAll("-", " ") };
}

/** The program of the page becomes the one in the switcher: a link may lead to another than was chosen. */
export function useFollowedProgram(programId: string): void {
  const [, choose] = useCurrentProgram();
  useEffect(() => choose(programId), [programId, choose]);
}
