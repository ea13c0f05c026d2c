import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import type { EnrollmentOut } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { Superpower } from "#/features/joining/Superpower";
import { Button } from "#/ui/Button";
import { Fold } from "#/ui/Fold";
import { toast } from "#/ui/toast";

/** The superpower finder again, after joining: what one sees in oneself changes with every talk. */
export function MySuperpower({ programId }: { programId: string }) {
  const { person } = useMe();
  const { data } = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/enrollments", {
      params: {
        path: { program_id: programId },
        query: { role: "mentor", q: person?.display_name, limit: 20 },
      },
    }),
  );
  const mine = data?.items.find((each) => each.person.id === person?.id);
  if (!mine?.can.edit?.allowed) return null;
  return (
    <Fold
      title={<Trans>Find your superpower</Trans>}
      lead={mine.superpower ?? <Trans>Ordinary to you, new to others</Trans>}
    >
      <SuperpowerForm key={mine.version} enrollment={mine} />
    </Fold>
  );
}

function SuperpowerForm({ enrollment }: { enrollment: EnrollmentOut }) {
  const { t } = useLingui();
  const [text, setText] = useState(enrollment.superpower ?? "");
  const save = $api.useMutation("patch", "/v1/enrollments/{enrollment_id}", {
    onSuccess: () => toast(t`Saved. Those who make pairs see it too.`),
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    save.mutate({
      params: { path: { enrollment_id: enrollment.id }, header: ifMatch(enrollment) },
      body: { superpower: text.trim() || null },
    });
  }
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3 px-5 pb-5">
      <Superpower value={text} onChange={setText} />
      <Button type="submit" busy={save.isPending} className="self-start">
        <Trans>Save</Trans>
      </Button>
    </form>
  );
}
