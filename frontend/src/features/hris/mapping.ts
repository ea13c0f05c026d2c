import type { ImportOut } from "#/api/types";
import type { ImportField } from "./words";

type Column = ImportOut["columns"][number];
/** The reader's own choices by header; null: leave the column out. */
export type Chosen = Record<string, ImportField | null>;

/** What a column fills with the reader's choices over what was found: a field has one column. */
export function fieldOf(column: Column, chosen: Chosen): ImportField | null {
  if (column.header in chosen) return chosen[column.header] ?? null;
  const taken = column.field !== null && Object.values(chosen).includes(column.field);
  return taken ? null : column.field;
}

/** The choices with one more; a choice that is as it was found is none. */
export function choose(columns: Column[], chosen: Chosen, header: string, field: ImportField | null): Chosen {
  const others = Object.entries(chosen).filter(
    ([name, value]) => name !== header && (field === null || value !== field),
  );
  const next: Chosen = Object.fromEntries(others);
  const found = columns.find((column) => column.header === header);
  return found && fieldOf(found, next) === field ? next : { ...next, [header]: field };
}
