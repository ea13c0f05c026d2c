import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { MentoringSession } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export const SESSION_STATES: Record<MentoringSession["state"], [MessageDescriptor, Tone]> = {
  proposed: [msg`Time proposed`, "cloud"],
  scheduled: [msg`Booked`, "lake"],
  held: [msg`Held`, "spruce"],
  cancelled: [msg`Cancelled`, "plain"],
  missed: [msg`Did not happen`, "plain"],
  lapsed: [msg`Time went by`, "plain"],
};
