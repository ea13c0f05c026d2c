import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { $api } from "#/api/client";
import type { EnrollmentOut } from "#/api/types";
import { useMe } from "#/features/identity/me";
import type { Tone } from "#/ui/Tag";

export type PartState = EnrollmentOut["state"];

export const PART_STATES: Record<PartState, { label: MessageDescriptor; tone: Tone }> = {
  invited: { label: msg`Invited`, tone: "cloud" },
  applied: { label: msg`Your yes is in`, tone: "lake" },
  waitlisted: { label: msg`On the waiting list`, tone: "lake" },
  approved: { label: msg`Taking part`, tone: "spruce" },
  paired: { label: msg`Has a pair`, tone: "spruce" },
  paused: { label: msg`On a break`, tone: "plain" },
  declined: { label: msg`Not this time`, tone: "plain" },
  alumni: { label: msg`Has taken part`, tone: "plain" },
  withdrawn: { label: msg`No longer taking part`, tone: "plain" },
};

export const partQuery = (enrollmentId: string) =>
  $api.queryOptions("get", "/v1/enrollments/{enrollment_id}", {
    params: { path: { enrollment_id: enrollmentId } },
  });

/** My parts of a program. Who manages it sees everybody's, so mine are picked out by name and then by person. */
export function useMyParts(programId: string): EnrollmentOut[] {
  const { person } = useMe();
  const { data } = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/enrollments", {
      params: { path: { program_id: programId }, query: { q: person?.display_name, limit: 20 } },
    }),
  );
  return data?.items.filter((part) => part.person.id === person?.id) ?? [];
}
