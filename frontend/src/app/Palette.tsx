import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Feather, Sprout, UserRound, Users } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { $api } from "#/api/client";
import { rolesOf, takesPart, useCurrentProgram, useMe } from "#/features/identity/me";
import { type Found, SearchDialog } from "#/ui/SearchDialog";
import { destinations } from "./navigation";

/** Ctrl+K: pages for all, own pairs for those who take part, people for administrators. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const me = useMe();
  const [program] = useCurrentProgram();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim().toLocaleLowerCase());
  const sees = rolesOf(me, program);
  const people = useQuery({
    ...$api.queryOptions("get", "/v1/people", { params: { query: { q: wanted, limit: 8 } } }),
    enabled: wanted.length > 1 && sees.has("organization_admin"),
  });
  const pairs = useQuery(
    $api.queryOptions("get", "/v1/pairs", {
      params: {
        query:
          sees.has("programme_manager") && program
            ? { program_id: program.id, limit: 100 }
            : { mine: true, limit: 100 },
      },
    }),
  );
  const go = (to: string) => () => {
    onClose();
    navigate({ to });
  };
  const member = [
    { id: "/composer", label: t`Put a thought into words`, icon: Feather, onSelect: go("/composer") },
    { id: "/growth", label: t`How I grow`, icon: Sprout, onSelect: go("/growth") },
  ];
  const found: Found[] = [
    ...destinations(me, program).map((each) => ({
      id: each.to,
      label: i18n._(each.label),
      icon: each.icon,
      onSelect: go(each.to),
    })),
    ...(takesPart(me) ? member : []),
    ...(pairs.data?.items ?? []).map((pair) => ({
      id: pair.id,
      label: `${pair.mentor.display_name} → ${pair.mentee.display_name}`,
      icon: Users,
      onSelect: go(`/pairs/${pair.id}`),
    })),
  ].filter((each) => each.label.toLocaleLowerCase().includes(wanted));
  for (const person of people.data?.items ?? [])
    found.push({
      id: person.id,
      label: person.display_name,
      ...(person.title && { hint: person.title }),
      icon: UserRound,
      onSelect: go(`/people/${person.id}`),
    });
  return (
    <SearchDialog
      title={t`Find a page or a person`}
      text={text}
      onText={setText}
      found={found.slice(0, 12)}
      nothing={t`Nothing by that name`}
      onClose={onClose}
    />
  );
}
