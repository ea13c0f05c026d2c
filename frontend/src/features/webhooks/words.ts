import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { WebhookDeliveryOut, WebhookEndpointOut } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export type EventType = WebhookEndpointOut["event_types"][number];

/** What can be told, in people's words, by what it is about. */
export const GROUPS: {
  key: string;
  label: MessageDescriptor;
  hint?: MessageDescriptor;
  types: EventType[];
}[] = [
  {
    key: "people",
    label: msg`People`,
    types: [
      "person.created",
      "person.changed",
      "person.left",
      "person.erased",
      "import.applied",
      "import.undone",
    ],
  },
  {
    key: "programs",
    label: msg`Programs`,
    types: [
      "program.created",
      "program.changed",
      "program.moved",
      "cohort.opened",
      "cohort.closed",
      "match_run.finished",
      "match_run.published",
      "survey.published",
      "feedback.published",
    ],
  },
  {
    key: "pairs",
    label: msg`Pairs`,
    hint: msg`Only pairs whose mentor allows it.`,
    types: [
      "pair.shared",
      "pair.unshared",
      "pair.paused",
      "pair.resumed",
      "pair.suspended",
      "pair.returned",
      "pair.closing",
      "pair.completed",
      "pair.ended",
      "pair.stays_in_touch",
    ],
  },
];

export const EVENTS: Record<EventType, MessageDescriptor> = {
  "person.created": msg`Somebody was added to the directory`,
  "person.changed": msg`Somebody's data changed`,
  "person.left": msg`Somebody left the organization`,
  "person.erased": msg`Somebody's data was erased`,
  "import.applied": msg`A file was taken into the directory`,
  "import.undone": msg`A file was taken back from the directory`,
  "program.created": msg`A program was made`,
  "program.changed": msg`A program's settings changed`,
  "program.moved": msg`A program moved to its next stage`,
  "cohort.opened": msg`A cohort takes people in`,
  "cohort.closed": msg`A cohort closed`,
  "match_run.finished": msg`A search for pairs ended`,
  "match_run.published": msg`Pairs were proposed`,
  "pair.shared": msg`A mentor allowed that their pair is shared`,
  "pair.unshared": msg`A mentor took that back`,
  "pair.paused": msg`A pair takes a break`,
  "pair.resumed": msg`A pair goes on after a break`,
  "pair.suspended": msg`A pair is on hold`,
  "pair.returned": msg`A pair goes on after being on hold`,
  "pair.closing": msg`A pair comes to its end`,
  "pair.completed": msg`A pair is completed`,
  "pair.ended": msg`A pair ended early`,
  "pair.stays_in_touch": msg`A pair stays in touch`,
  "survey.published": msg`A survey opened`,
  "feedback.published": msg`New figures about feedback came out`,
  "webhook.test": msg`A test`,
};

export const OFF: Record<NonNullable<WebhookEndpointOut["off_because"]>, MessageDescriptor> = {
  by_hand: msg`Turned off by an admin.`,
  gone: msg`Turned off: the other system says that nobody listens there any more.`,
  failing: msg`Turned off: nothing arrived for three days.`,
};

export const STATES: Record<WebhookDeliveryOut["state"], { label: MessageDescriptor; tone: Tone }> = {
  waiting: { label: msg`Waiting`, tone: "cloud" },
  delivered: { label: msg`Arrived`, tone: "spruce" },
  failed: { label: msg`Failed`, tone: "lingon" },
  withheld: { label: msg`Not sent`, tone: "plain" },
};

type Attempt = WebhookDeliveryOut["attempts"][number];

/** Why one attempt did not arrive. */
export const ERRORS: Record<NonNullable<Attempt["error"]>, MessageDescriptor> = {
  refused: msg`Not called: the address leads into an inner network`,
  no_answer: msg`No answer`,
  redirect: msg`Sent elsewhere, which isn't followed`,
  status: msg`The other system said no`,
  gone: msg`Nobody listens there any more`,
};
