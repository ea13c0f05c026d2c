import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { MentoringSession } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export const SESSION_STATES: Record<MentoringSession["state"], [MessageDescriptor, Tone]> = {
  proposed: [msg`Time proposed`, "cloud"],
  scheduled: [msg`Booked`, "lake"],
  held: [msg`Held`, "spruce"],
  cancelled: [msg`Cancelled`, "plain"],
  missed: [msg`Did not take place`, "plain"],
  lapsed: [msg`Time went by`, "plain"],
};

/** What a talk is called: by its number, or by what it is when it stands outside the row. */
export function useTalkName(): (session: Pick<MentoringSession, "number" | "kit">) => string {
  const { t } = useLingui();
  return ({ number, kit }) => {
    if (number !== null) return t`Talk ${number}`;
    return kit === "shadow" ? t`Shadow: along in a meeting` : t`An extra talk`;
  };
}
