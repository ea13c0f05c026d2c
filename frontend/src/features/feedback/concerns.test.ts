import { expect, test } from "vitest";
import type { ConcernContact, ConcernOut } from "#/api/types";
import { chosenFor, inTurn } from "./concerns";

const contact = (id: string, in_my_line: boolean) => ({ person: { id }, in_my_line }) as ConcernContact;
const concern = (id: string, state: ConcernOut["state"], created_at: string) =>
  ({ id, state, created_at }) as ConcernOut;

test("nobody in the author's own line is chosen for them", () => {
  expect(chosenFor([contact("boss", true), contact("helena", false)])?.person.id).toBe("helena");
  expect(chosenFor([contact("boss", true)])).toBeUndefined();
});

test("what has waited longest stands first, what is closed last", () => {
  const listed = [
    concern("closed early", "closed", "2026-11-01"),
    concern("new", "open", "2026-11-20"),
    concern("closed late", "closed", "2026-11-10"),
    concern("read", "acknowledged", "2026-11-02"),
    concern("waits", "open", "2026-11-18"),
  ];
  expect(inTurn(listed).map(({ id }) => id)).toEqual(["waits", "new", "read", "closed late", "closed early"]);
});
