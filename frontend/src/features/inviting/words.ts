import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { InvitationLine, InvitationLinkOut, InvitationOut } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export type Role = InvitationOut["role"];

/** What happened to an invitation. A no is nobody's business but the program's count. */
export const INVITATION_STATES: Record<InvitationOut["state"], { label: MessageDescriptor; tone: Tone }> = {
  pending: { label: msg`Waits for an answer`, tone: "cloud" },
  accepted: { label: msg`Said yes`, tone: "spruce" },
  declined: { label: msg`Not this time`, tone: "plain" },
  expired: { label: msg`Ran out`, tone: "plain" },
  revoked: { label: msg`Taken back`, tone: "plain" },
};

export const LINK_STATES: Record<InvitationLinkOut["state"], { label: MessageDescriptor; tone: Tone }> = {
  open: { label: msg`Works`, tone: "spruce" },
  used_up: { label: msg`Used up`, tone: "plain" },
  expired: { label: msg`Too old`, tone: "plain" },
  revoked: { label: msg`Closed`, tone: "plain" },
};

const RULES: Record<NonNullable<InvitationLine["rule"]>, MessageDescriptor> = {
  on_leave: msg`On leave just now`,
  tenure_too_short: msg`Too new here to be a mentor of this program`,
  asked_recently: msg`Asked less than three days ago`,
};

/** Why a line of the list asked nobody. */
export function whyNot(line: InvitationLine): MessageDescriptor {
  if (line.rule) return RULES[line.rule];
  return line.outcome === "unknown" ? msg`Not in the directory` : msg`Invited or taking part already`;
}

const CELLS: Record<string, MessageDescriptor> = {
  unknown_person: msg`Nobody in the directory fits this`,
  person_mismatch: msg`This mail is not that of the person with this id`,
  missing: msg`Say who it is, by id or by mail`,
  twice: msg`This person stands in the list twice`,
  unknown_topic: msg`There is no such topic here`,
  unknown_skill: msg`There is no such skill here`,
  tenure_too_short: msg`Too new here to be a mentor of this program`,
  ask_instead: msg`Takes part no more: invite them, then they decide`,
};

/** What is wrong with a cell of a list. */
export function cellWords(code: string): MessageDescriptor {
  return CELLS[code] ?? msg`This can't be read`;
}
