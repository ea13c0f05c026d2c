import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { $api } from "#/api/client";
import type { MatchReason } from "#/api/types";
import { useFormat } from "#/lib/format";
import { pick } from "#/lib/i18n";

type Fact = MatchReason["evidence"][number];

const forever = { staleTime: Number.POSITIVE_INFINITY };

/** What a component of the score rests on, fact by fact, in words. */
export function useEvidence(): (fact: Fact) => string {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const skills = useQuery(
    $api.queryOptions("get", "/v1/skills", { params: { query: { limit: 100 } } }, forever),
  );
  const topics = useQuery(
    $api.queryOptions("get", "/v1/topics", { params: { query: { limit: 100 } } }, forever),
  );
  const named = (list: typeof skills.data, slug: unknown) => {
    const found = list?.items.find((each) => each.slug === slug);
    return found ? pick(found.name, i18n.locale) : String(slug).replaceAll("-", " ");
  };
  const languages = new Intl.DisplayNames([i18n.locale], { type: "language" });
  return ({ code, params }) => {
    const mentor = String(params.mentor ?? "");
    const mentee = String(params.mentee ?? "");
    switch (code) {
      case "skill":
        return named(skills.data, params.slug);
      case "topic":
        return named(topics.data, params.slug);
      case "language":
        return languages.of(String(params.code)) ?? "";
      case "hours_apart": {
        const hours = Number(params.minutes) / 60;
        const told = format.number(hours);
        return hours === 0 ? t`The same time of day` : t`${told} h apart`;
      }
      case "levels_apart": {
        const levels = Number(params.levels);
        return t`${plural(levels, { one: "# level apart", other: "# levels apart" })}`;
      }
      case "other_division":
      case "other_department":
      case "other_site":
        return `${mentor} · ${mentee}`;
      case "same_department":
      case "same_site":
        return mentor;
      case "both_named":
        return t`Both wished for this`;
      case "mentor_named":
        return t`The mentor wished for this`;
      case "mentee_named":
        return t`The mentee wished for this`;
      default:
        return "";
    }
  };
}
