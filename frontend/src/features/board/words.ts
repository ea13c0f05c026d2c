import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { AnnouncementOut, ProgramEventOut } from "#/api/types";
import type { Locale } from "#/lib/i18n";
import type { Tone } from "#/ui/Tag";

export type Audience = AnnouncementOut["audience"];

export const AUDIENCES: Record<Audience, MessageDescriptor> = {
  all: msg`Everybody`,
  mentors: msg`Mentors`,
  mentees: msg`Mentees`,
};

export const ANNOUNCEMENT_STATES: Record<AnnouncementOut["state"], { label: MessageDescriptor; tone: Tone }> =
  {
    draft: { label: msg`Draft`, tone: "plain" },
    scheduled: { label: msg`Waits for its time`, tone: "lake" },
    published: { label: msg`Published`, tone: "spruce" },
    withdrawn: { label: msg`Withdrawn`, tone: "plain" },
  };

export type Kind = ProgramEventOut["kind"];

export const KINDS: Record<Kind, MessageDescriptor> = {
  kickoff: msg`Kick-off`,
  circle_of_mentors: msg`Circle of mentors`,
  closing: msg`Closing event`,
  other: msg`Something else`,
};

/** What an event is called unless somebody names it, in each reader's language. */
export const TITLES: Record<Kind, Record<Locale, string> | null> = {
  kickoff: { fi: "Aloitustilaisuus", sv: "Upptaktsträff", en: "Kick-off" },
  circle_of_mentors: { fi: "Mentorien piiri", sv: "Mentorscirkel", en: "Circle of mentors" },
  closing: { fi: "Päätöstilaisuus", sv: "Avslutning", en: "Closing event" },
  other: null,
};
