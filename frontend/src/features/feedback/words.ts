import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { PulseStatus } from "#/api/types";

type Item = keyof NonNullable<PulseStatus["mine"]>["scores"];

/** The five statements of a pulse, in the order they are asked. */
export const ITEMS: [Item, MessageDescriptor][] = [
  ["said_what_i_thought", msg`I could say what I really thought`],
  ["my_topics_too", msg`We talked about my topics as much as theirs`],
  ["listened_to", msg`I was listened to without being corrected`],
  ["learned", msg`I learned something I can use`],
  ["would_do_again", msg`I would do this again`],
];
