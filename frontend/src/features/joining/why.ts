import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What each side grows in, side by side: the reason to take part. */
export const GROWTH: Record<"mentor" | "mentee", MessageDescriptor[]> = {
  mentor: [
    msg`listening and conversation, in an unusual setting`,
    msg`teaching and arguing for a view`,
    msg`seeing what they know themselves`,
    msg`social skills`,
    msg`grasping how things hang together, from a new side`,
    msg`solving problems`,
  ],
  mentee: [
    msg`the skill or knowledge itself`,
    msg`social skills`,
    msg`listening`,
    msg`seeing themselves with new eyes`,
    msg`insights that help the team and the organization grow`,
    msg`a relation of trust, someone to turn to later too`,
  ],
};
