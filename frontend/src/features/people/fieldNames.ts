import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What is known of somebody, in the order that people look for it; the parts of a name are one. */
const FIELD_NAMES: [name: MessageDescriptor, ...fields: string[]][] = [
  [msg`Name`, "display_name", "given_name", "family_name"],
  [msg`Mail`, "work_email"],
  [msg`Title`, "title"],
  [msg`At work, on leave or left`, "status"],
  [msg`Manager`, "manager_id"],
  [msg`Dotted-line managers`, "dotted_manager_ids"],
  [msg`Division`, "division"],
  [msg`Department`, "department"],
  [msg`Team`, "team"],
  [msg`Cost center`, "cost_center"],
  [msg`Site`, "site"],
  [msg`Country`, "country"],
  [msg`Time zone`, "time_zone"],
  [msg`Job level`, "job_level"],
  [msg`Languages`, "languages"],
  [msg`Preferred language`, "preferred_language"],
  [msg`Here since`, "hire_on"],
  [msg`Last day`, "end_on"],
  [msg`Number in HR`, "external_id"],
];

export function namesOf(fields: string[]): MessageDescriptor[] {
  return FIELD_NAMES.filter(([, ...its]) => its.some((field) => fields.includes(field))).map(
    ([name]) => name,
  );
}
