import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ImportOut } from "#/api/types";
import type { Tone } from "#/ui/Tag";

export type ImportField = NonNullable<ImportOut["columns"][number]["field"]>;
type State = ImportOut["state"];

export const STATES: Record<State, { label: MessageDescriptor; tone: Tone }> = {
  parsing: { label: msg`Being read`, tone: "lake" },
  checked: { label: msg`Checked, waiting for you`, tone: "cloud" },
  applying: { label: msg`Being brought in`, tone: "lake" },
  applied: { label: msg`Brought in`, tone: "spruce" },
  failed: { label: msg`Couldn't be read`, tone: "lingon" },
  discarded: { label: msg`Discarded`, tone: "plain" },
  undoing: { label: msg`Being taken back`, tone: "lake" },
  undone: { label: msg`Taken back`, tone: "plain" },
};

/** Whether the worker is at it: the page then asks again by itself. */
export function isAtWork(state: State): boolean {
  return state === "parsing" || state === "applying" || state === "undoing";
}

export const FIELDS: Record<ImportField, MessageDescriptor> = {
  external_id: msg`Number in HR`,
  given_name: msg`First name`,
  family_name: msg`Last name`,
  display_name: msg`Whole name`,
  work_email: msg`Work mail`,
  manager_external_id: msg`Manager's number in HR`,
  manager_email: msg`Manager's mail`,
  dotted_manager_external_ids: msg`Dotted-line managers`,
  title: msg`Title`,
  job_level: msg`Job level`,
  division: msg`Division`,
  department: msg`Department`,
  team: msg`Team`,
  cost_center: msg`Cost center`,
  site: msg`Site`,
  country: msg`Country`,
  time_zone: msg`Time zone`,
  languages: msg`Languages`,
  preferred_language: msg`Preferred language`,
  status: msg`At work, on leave or left`,
  hire_on: msg`First day`,
  end_on: msg`Last day`,
};

const OTHER_FIELDS: Record<string, MessageDescriptor> = {
  manager: msg`Manager`,
  manager_id: msg`Manager`,
  dotted_managers: msg`Dotted-line managers`,
  line: msg`Reporting line`,
};

export function fieldWords(field: string): MessageDescriptor | undefined {
  return FIELDS[field as ImportField] ?? OTHER_FIELDS[field];
}

/** Why a column fills no field. */
export const REASONS: Record<string, MessageDescriptor> = {
  refused: msg`Never stored`,
  ignored: msg`Left out by you`,
  field_taken: msg`Another column fills the same field`,
  repeated: msg`Stands twice in the file; the first one counts`,
  unknown: msg`We don't know this column`,
};

/** What is private in a column that is never stored. */
export const PRIVATE: Record<string, MessageDescriptor> = {
  birth: msg`age or date of birth`,
  gender: msg`gender`,
  origin: msg`origin or nationality`,
  identity_number: msg`a personal identity number`,
  pay: msg`pay`,
  religion: msg`religion`,
  health: msg`health`,
  union: msg`union membership`,
  private_life: msg`private life`,
};

export const ENCODINGS: Record<string, MessageDescriptor> = {
  "utf-8": msg`UTF-8, today's usual way`,
  "utf-8-sig": msg`UTF-8, as Excel and Workday save it`,
  "utf-16-le": msg`Unicode text, as older Excel saves it`,
  "utf-16-be": msg`Unicode text, as a Mac may save it`,
  xlsx: msg`Excel workbook, its first sheet`,
  "windows-1252": msg`Windows letters, as Excel in Western Europe saves them`,
};

const DELIMITERS: Record<string, MessageDescriptor> = {
  ",": msg`Commas between the columns`,
  ";": msg`Semicolons between the columns`,
  "\t": msg`Tabs between the columns`,
  "|": msg`Upright bars between the columns`,
};

export function delimiterWords(delimiter: string | null): MessageDescriptor {
  return (delimiter && DELIMITERS[delimiter]) || msg`One person after another, as JSON`;
}

const DATES: Record<string, MessageDescriptor> = {
  "yyyy-mm-dd": msg`Year, month, day: 2026-01-31`,
  yyyymmdd: msg`Year, month, day: 20260131`,
  "d.m.yyyy": msg`Day, month, year: 31.1.2026`,
  "dd/mm/yyyy": msg`Day, month, year: 31/01/2026`,
  "mm/dd/yyyy": msg`Month, day, year: 01/31/2026`,
  "d mmm yyyy": msg`Day, month by name, year: 31 Jan 2026`,
  "mmm d, yyyy": msg`Month by name, day, year: Jan 31, 2026`,
};

/** One way of writing dates, as the check names it. */
export function dateWords(format: string): MessageDescriptor | undefined {
  return DATES[format];
}

/** Codes of what is wrong with a file, a column or a row, or worth a look. */
const PROBLEMS: Record<string, MessageDescriptor> = {
  file_is_excel: msg`This is an old Excel workbook or one with a password. Save it as .xlsx or CSV.`,
  workbook_damaged: msg`This Excel workbook can't be read. Save it anew, or as CSV (UTF-8).`,
  file_is_binary: msg`This isn't a text file. Export the people as CSV and bring that file.`,
  file_is_markup: msg`This is a web page or XML. Save it as CSV (UTF-8) and bring that file.`,
  file_too_large: msg`The file is too large.`,
  file_empty: msg`The file is empty.`,
  no_rows: msg`There are no people below the column names.`,
  header_missing: msg`We found no row with column names. The first row should name the columns.`,
  too_many_columns: msg`The file has more columns than we can read.`,
  too_many_rows: msg`The file has more rows than we can read.`,
  cell_never_ends: msg`A quotation mark is opened and never closed.`,
  quotes_do_not_match: msg`The quotation marks in a row don't match.`,
  nul_byte: msg`The file is damaged. Export it once more.`,
  encoding_invalid: msg`Some letters can't be read. Save the file as CSV (UTF-8).`,
  encoding_unknown: msg`We can't tell which letters the file uses. Save it as CSV (UTF-8).`,
  encoding_mixed: msg`The file mixes two kinds of letters. Save it as CSV (UTF-8).`,
  line_too_long: msg`A line never ends: a quotation mark or a line break is missing.`,
  json_invalid: msg`The JSON has a fault in it.`,
  json_without_people: msg`The JSON must hold a list called "people".`,
  row_too_short: msg`The row has fewer cells than there are columns.`,
  row_too_long: msg`The row has more cells than there are columns.`,
  cell_too_long: msg`The text is too long for one cell.`,
  person_not_object: msg`This isn't a person with fields.`,
  value_not_text: msg`This value isn't a text or a number.`,
  column_refused: msg`This column holds what we never store. It was left out.`,
  header_repeated: msg`This column name stands twice. The first one counts.`,
  column_unknown: msg`The file has no such column.`,
  field_unknown: msg`We have no such field.`,
  column_forbidden: msg`This column holds what we never store.`,
  field_mapped_twice: msg`Two columns fill the same field. Choose one of them.`,
  identity_column_missing: msg`We need a column with each person's number in HR or work mail.`,
  name_column_missing: msg`We need a column with names.`,
  manager_column_missing: msg`No column tells who leads whom. Without it nobody can be paired.`,
  team_from_manager: msg`No column tells the team, so everybody with the same manager counts as a team.`,
  date_invalid: msg`This isn't a date such as 2026-01-31 or 31.1.2026.`,
  date_out_of_range: msg`This date can't be right.`,
  date_ambiguous: msg`The dates can be read in two ways.`,
  date_mixed: msg`One column has both ways of writing dates in it.`,
  character_invalid: msg`There are characters here that aren't text.`,
  value_too_long: msg`This is too long.`,
  id_mangled: msg`A spreadsheet turned this number into a rounded one. Export it as text.`,
  identity_number: msg`This is a personal identity number. We never store those.`,
  mail_invalid: msg`This isn't a mail address.`,
  job_level_invalid: msg`The job level should be a whole number.`,
  job_level_not_numbers: msg`The job levels aren't numbers, so they are worked out from the reporting lines.`,
  language_unknown: msg`We don't know this language.`,
  language_level_invalid: msg`A language goes from level 0 to level 4.`,
  country_unknown: msg`We don't know this country. Two letters such as FI are surest.`,
  time_zone_unknown: msg`This isn't a time zone such as Europe/Helsinki.`,
  status_unknown: msg`We don't know this way to say at work, on leave or left.`,
  too_many_items: msg`There are too many items in one cell.`,
  name_missing: msg`There is no name.`,
  external_id_missing: msg`The number in HR is missing.`,
  work_email_missing: msg`The work mail is missing.`,
  duplicate_external_id: msg`Several rows are about the same person.`,
  duplicate_work_email: msg`Several rows have the same mail.`,
  work_email_taken: msg`Somebody else in the directory has this mail.`,
  manager_is_self: msg`The person is named as their own manager.`,
  manager_loop: msg`The managers go round in a circle here.`,
  managers_contradictory: msg`Two columns name two different managers.`,
  manager_conflict: msg`Number and mail name two different managers. The number counts.`,
  manager_unresolved: msg`Their manager isn't in the file or the directory. They can't be paired until then.`,
  dotted_manager_unresolved: msg`A dotted-line manager isn't in the file or the directory.`,
  several_tops: msg`More than one person has no manager.`,
  directory_loop: msg`The managers in the directory go round in a circle.`,
  site_time_zone_unknown: msg`We can't tell the time zone of some sites.`,
  end_before_hire: msg`The last day is before the first.`,
  status_contradicts_end: msg`The last day and the status don't agree.`,
  admins_kept: msg`Admins who are missing from the file stay, so that nobody is locked out.`,
  admins_outside: msg`Admins who are outside of those who take part stay, so that nobody is locked out.`,
  scope_column_missing: msg`The column that tells who takes part isn't in this file. Say once more below who does.`,
  deactivation_skipped: msg`Nobody was marked as left, because some rows have errors.`,
  mass_deactivation: msg`Many people would leave at once.`,
};

export function importProblemWords(code: string): MessageDescriptor | undefined {
  return PROBLEMS[code];
}
