import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ScimCheck, ScimConnectionOut } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export type Preset = ScimConnectionOut["preset"];

export const PRESETS: Record<Preset, MessageDescriptor> = {
  entra: msg`Microsoft Entra ID`,
  okta: msg`Okta`,
  generic: msg`Another system that speaks SCIM 2.0`,
};

export type ScopeField = NonNullable<ScimConnectionOut["scope"]>["field"];

/** By what full members are chosen. */
export const SCOPE_FIELDS: Record<ScopeField, MessageDescriptor> = {
  country: msg`Country`,
  site: msg`Site`,
  division: msg`Division`,
  department: msg`Department`,
  team: msg`Team`,
  costCenter: msg`Cost center`,
  title: msg`Title`,
};

/** Where the address and the secret go, step by step. */
export const STEPS: Record<Preset, MessageDescriptor[]> = {
  entra: [
    msg`In the Entra admin center open Enterprise applications, your Vuoro application, Provisioning.`,
    msg`Choose Automatic. Put the address into Tenant URL and the secret into Secret Token.`,
    msg`Press Test Connection, then Save, and map the first day, the level and the team.`,
  ],
  okta: [
    msg`In the Okta admin console open your Vuoro application, Provisioning, Integration.`,
    msg`Put the address into SCIM connector base URL, choose HTTP Header, and put the secret there.`,
    msg`Unique identifier: userName. Switch on creating, updating and deactivating users.`,
  ],
  generic: [
    msg`Put the address where the system asks for a SCIM 2.0 address, and the secret as bearer token.`,
    msg`Let it send people first, then groups.`,
  ],
};

export const CHECK_TONES: Record<ScimCheck["state"], Tone> = {
  ok: "spruce",
  warning: "cloud",
  error: "lingon",
};

/** Why a request failed, and what helps. */
export const LOG_CODES: Record<string, MessageDescriptor> = {
  user_name_conflict: msg`Two people have the same user name, address or employee number. Correct it in the source.`,
  uniqueness: msg`The name is taken by somebody else.`,
  manager_cycle: msg`Somebody would report to themselves, directly or further up. Correct the manager in the source.`,
  not_found: msg`The source asked for somebody whom Vuoro does not have. It usually mends itself with the next run.`,
  invalid_value: msg`A value cannot be used.`,
  invalid_filter: msg`The source asked in a way that cannot be understood.`,
  invalid_path: msg`The source named a field that does not exist.`,
  invalid_syntax: msg`The request was not readable.`,
  precondition_failed: msg`Somebody else changed the person at the same moment.`,
  forbidden: msg`The connection was paused.`,
  paused: msg`The connection was paused.`,
  service_away: msg`Vuoro did not answer just then.`,
  unknown_member: msg`A group has members who have not been sent as people. Assign them to the application too.`,
  roles_clash: msg`A safeguarding contact never manages a program too, so the role was not given.`,
  time_zone_unknown: msg`The time zone is not one of the known names, such as Europe/Helsinki.`,
  country_unknown: msg`The country is not known. Send the two letters, such as FI.`,
  language_unknown: msg`The language is not known.`,
  job_level_invalid: msg`The level is not a whole number from 0 to 99.`,
  date_invalid: msg`The day is not written as 2026-01-31.`,
  status_unknown: msg`The word for the employment status is not known.`,
};
