import { expect, test } from "vitest";
import { readMails } from "./mails";

test("mails are found however they were pasted, each once", () => {
  const text =
    "Aino Lahti <Aino.Lahti@nordlys.example>, emil@nordlys.example;\n\n emil@nordlys.example\tnoa@x.example";
  expect(readMails(text)).toEqual({
    mails: ["aino.lahti@nordlys.example", "emil@nordlys.example", "noa@x.example"],
    strange: [],
  });
});

test("a line without a mail is told", () => {
  expect(readMails("aino@nordlys.example\nEmil Berg\n@nowhere")).toEqual({
    mails: ["aino@nordlys.example"],
    strange: ["Emil Berg", "@nowhere"],
  });
});
