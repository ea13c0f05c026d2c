import { expect, test } from "vitest";
import { choose, fieldOf } from "./mapping";

const column = (header: string, field: "title" | "team" | null) => ({
  header,
  field,
  reason: field ? "known_header" : "unknown",
  category: null,
  samples: [],
});
const columns = [column("Title", "title"), column("Job", null), column("Crew", "team")];
const [title, job, crew] = columns as [(typeof columns)[0], (typeof columns)[0], (typeof columns)[0]];

test("a field that is given to another column is taken from the first", () => {
  const chosen = choose(columns, {}, "Job", "title");
  expect(chosen).toEqual({ Job: "title" });
  expect(fieldOf(title, chosen)).toBeNull();
  expect(fieldOf(job, chosen)).toBe("title");
  expect(fieldOf(crew, chosen)).toBe("team");
});

test("taking a choice back leaves none", () => {
  expect(choose(columns, { Job: "title" }, "Job", null)).toEqual({});
  expect(choose(columns, { Crew: null }, "Crew", "team")).toEqual({});
});

test("the last of two choices of one field wins", () => {
  expect(choose(columns, { Job: "title" }, "Crew", "title")).toEqual({ Crew: "title" });
});

test("a column can be left out", () => {
  expect(choose(columns, {}, "Title", null)).toEqual({ Title: null });
});
