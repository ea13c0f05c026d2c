import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { $api } from "#/api/client";
import type { ConcernContact, ConcernOut } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export const concernsQuery = () =>
  $api.queryOptions("get", "/v1/concerns", { params: { query: { limit: 100 } } });
export const contactsQuery = (programId: string | null) =>
  $api.queryOptions("get", "/v1/concerns/contacts", {
    params: { query: { program_id: programId ?? undefined } },
  });

export type About = ConcernOut["about"];
type State = ConcernOut["state"];

export const ABOUT: Record<About, MessageDescriptor> = {
  pair: msg`My pair`,
  programme: msg`The program`,
  other: msg`Something else`,
};

/** A concern's way as its author reads it. */
export const SENT: Record<State, [MessageDescriptor, Tone]> = {
  open: [msg`Sent`, "lake"],
  acknowledged: [msg`Read`, "cloud"],
  closed: [msg`Answered`, "spruce"],
};

/** The same way as its contact reads it. */
export const RECEIVED: Record<State, [MessageDescriptor, Tone]> = {
  open: [msg`New`, "cloud"],
  acknowledged: [msg`Read, open`, "lake"],
  closed: [msg`Closed`, "plain"],
};

/** Who gets a concern when its author leaves the choice to Vuoro: the first outside their own line of managers. */
export function chosenFor(contacts: ConcernContact[]): ConcernContact | undefined {
  return contacts.find((contact) => !contact.in_my_line);
}

/** What waits for the contact stands first, the oldest on top; then what is closed, the newest on top. */
export function inTurn(concerns: ConcernOut[]): ConcernOut[] {
  const order: Record<State, number> = { open: 0, acknowledged: 1, closed: 2 };
  return concerns.toSorted(
    (a, b) =>
      order[a.state] - order[b.state] ||
      (a.state === "closed" ? -1 : 1) * a.created_at.localeCompare(b.created_at),
  );
}
