import { expect, test } from "vitest";
import { LOCALES, type Locale } from "#/lib/i18n";
import { findBlame, soften } from "./blame";
import { compose, type Parts, RUNGS, VARIANTS } from "./composer";

const TOLD: Record<Locale, Parts> = {
  en: {
    situation: "in Monday's meeting",
    behaviour: "you interrupted Sanna three times",
    impact: "the rest of us stopped offering ideas",
  },
  fi: {
    situation: "maanantain palaverissa",
    behaviour: "keskeytit Sannan kolme kertaa",
    impact: "me muut lakkasimme ehdottamasta",
  },
  sv: {
    situation: "på måndagens möte",
    behaviour: "du avbröt Sanna tre gånger",
    impact: "vi andra slutade komma med idéer",
  },
};

const every = LOCALES.flatMap((language) =>
  RUNGS.flatMap((rung) =>
    Array.from({ length: VARIANTS }, (_, variant) => [language, rung, variant] as const),
  ),
);

test("a plain thought reads as somebody would say it, in each language", () => {
  expect(LOCALES.map((language) => compose(TOLD[language], "plain", language))).toEqual([
    "Maanantain palaverissa huomasin, että keskeytit Sannan kolme kertaa. Siitä seurasi, että me muut lakkasimme ehdottamasta. Mitä ajattelet tästä?",
    "På måndagens möte märkte jag att du avbröt Sanna tre gånger. Det gjorde att vi andra slutade komma med idéer. Vad tänker du om det?",
    "In Monday's meeting, I noticed that you interrupted Sanna three times. The effect was that the rest of us stopped offering ideas. What do you think?",
  ]);
});

test("a gentle thought opens with care, a direct one says what should change", () => {
  expect(compose(TOLD.en, "gentle", "en")).toBe(
    "I may be seeing only part of this, so please tell me if I have it wrong. In Monday's meeting, I noticed that you interrupted Sanna three times. As I saw it, the effect was that the rest of us stopped offering ideas. How did it look from where you were?",
  );
  expect(compose(TOLD.fi, "direct", "fi")).toBe(
    "Sanon tämän suoraan, koska uskon, että haluat tietää. Maanantain palaverissa näin, että keskeytit Sannan kolme kertaa. Siitä seurasi, että me muut lakkasimme ehdottamasta. Toivon, että ensi kerralla toimitaan toisin.",
  );
  expect(compose(TOLD.sv, "gentle", "sv", 1)).toContain(
    "På måndagens möte fick jag intrycket att du avbröt Sanna tre gånger. Min känsla är att vi andra",
  );
});

test.each(every)(
  "%s, %s, way %i: no word is lost, each sentence is whole, nothing is doubled",
  (language, rung, variant) => {
    for (const loud of [false, true]) {
      const parts = TOLD[language];
      const written = loud
        ? {
            situation: `  ${parts.situation.toUpperCase().slice(0, 1)}${parts.situation.slice(1)}. `,
            behaviour: `${parts.behaviour.toUpperCase().slice(0, 1)}${parts.behaviour.slice(1)}!`,
            impact: `${parts.impact}…`,
          }
        : parts;
      const message = compose(written, rung, language, variant);
      for (const part of Object.values(parts)) expect(message.toLowerCase()).toContain(part.toLowerCase());
      expect(message).toMatch(/^\p{Lu}.*[.?]$/u);
      expect(message).not.toMatch(/\s\s|[.,?!]{2}|\s[.,?!]/u);
      for (const each of message.split(/(?<=[.?]) /u)) expect(each).toMatch(/^\p{Lu}/u);
      expect(message).not.toMatch(/\b(that that|att att)\b|että,? että/iu);
      expect(message).not.toMatch(/(that|att|että) (You|Du|Keskeytit)/u);
      expect(message.length).toBeLessThan(1500);
    }
  },
);

test("the rungs and the ways differ from each other", () => {
  for (const language of LOCALES) {
    const all = every
      .filter(([each]) => each === language)
      .map(([, ...way]) => compose(TOLD[language], way[0], language, way[1]));
    expect(new Set(all).size).toBe(RUNGS.length * VARIANTS);
  }
});

test("a moment that is no time or place stands by itself", () => {
  expect(compose({ ...TOLD.en, situation: "Monday's meeting" }, "plain", "en")).toMatch(
    /^It is about this moment: Monday's meeting\. I noticed that you/u,
  );
  expect(compose({ ...TOLD.fi, situation: "viime viikon palaveri" }, "plain", "fi")).toMatch(
    /^Tarkoitan tätä hetkeä: viime viikon palaveri\. Huomasin, että keskeytit/u,
  );
  expect(compose({ ...TOLD.fi, situation: "meillä oli kokous maanantaina" }, "plain", "fi")).toMatch(
    /^Tarkoitan tätä hetkeä: meillä oli kokous maanantaina\. Huomasin/u,
  );
  expect(compose({ ...TOLD.sv, situation: "måndagens möte" }, "plain", "sv")).toMatch(
    /^Jag tänker på det här tillfället: måndagens möte\. Jag märkte att du/u,
  );
});

test("a clause before has its comma where the language wants one", () => {
  expect(compose({ ...TOLD.fi, situation: "Kun tapasimme maanantaina" }, "plain", "fi")).toMatch(
    /^Kun tapasimme maanantaina, huomasin, että keskeytit/u,
  );
  expect(compose({ ...TOLD.sv, situation: "När vi sågs i måndags" }, "plain", "sv")).toMatch(
    /^När vi sågs i måndags märkte jag att du/u,
  );
});

test("who writes whole sentences keeps them, and no joint is doubled", () => {
  expect(
    compose(
      { situation: "Yesterday", behaviour: "I saw that you left early.", impact: "It made me unsure." },
      "plain",
      "en",
    ),
  ).toBe("Yesterday, I saw that you left early. It made me unsure. What do you think?");
  expect(compose({ ...TOLD.en, behaviour: "that you left" }, "plain", "en")).toContain(
    "I noticed that you left.",
  );
  expect(compose({ ...TOLD.fi, behaviour: "että lähdit" }, "plain", "fi")).toContain(
    "huomasin, että lähdit.",
  );
  expect(compose({ ...TOLD.fi, behaviour: "Huomasin, että lähdit" }, "plain", "fi")).toContain(
    "Maanantain palaverissa huomasin, että lähdit.",
  );
  expect(compose({ ...TOLD.sv, behaviour: "att du gick" }, "plain", "sv")).toContain(
    "märkte jag att du gick.",
  );
  expect(compose({ ...TOLD.sv, behaviour: "Jag såg att du gick" }, "plain", "sv")).toMatch(
    /tillfället: på måndagens möte\. Jag såg att du gick\./u,
  );
});

test("names and the English I keep their capital; a quotation keeps its end", () => {
  expect(compose({ ...TOLD.en, behaviour: "Henrik left" }, "plain", "en")).toContain(
    "noticed that Henrik left.",
  );
  expect(compose({ ...TOLD.en, impact: "I felt small" }, "plain", "en")).toContain("was that I felt small.");
  expect(compose({ ...TOLD.fi, behaviour: "Birgit lähti" }, "plain", "fi")).toContain("että Birgit lähti.");
  expect(compose({ ...TOLD.en, behaviour: 'you said "not now!"' }, "plain", "en")).toContain(
    'you said "not now!" The',
  );
});

test("what is not written is left out, and nothing makes no message", () => {
  const none = { situation: "", behaviour: " ", impact: "" };
  for (const language of LOCALES) {
    expect(compose(none, "gentle", language)).toBe("");
    expect(
      compose({ ...none, behaviour: TOLD[language].behaviour }, "plain", language).split(/[.?] ?/u),
    ).toHaveLength(3);
  }
});

test.each([
  ["en", "You always interrupt", "always", "absolute"],
  ["en", "you never listen", "never", "absolute"],
  ["en", "you don’t care", "you don't care", "mind"],
  ["en", "that was arrogant", "arrogant", "label"],
  ["fi", "Keskeytät aina", "aina", "absolute"],
  ["fi", "et koskaan kysy", "koskaan", "absolute"],
  ["fi", "olit ylimielinen", "ylimielinen", "label"],
  ["fi", "sinun pitäisi kysyä", "sinun pitäisi", "order"],
  ["sv", "du avbryter alltid", "alltid", "absolute"],
  ["sv", "du frågar aldrig", "aldrig", "absolute"],
  ["sv", "du är nonchalant", "nonchalant", "label"],
] as const)("%s: blame in “%s” is seen", (language, text, words, why) => {
  expect(findBlame(text, language).map((each) => [each.words, each.why])).toEqual([[words, why]]);
});

test("what only looks like blame is left alone", () => {
  for (const [text, language] of [
    ["In the hallway, it was not always easy", "en"],
    ["et aina kysy, ainakaan maanantaina", "fi"],
    ["det är inte alltid lätt, i allas intresse", "sv"],
    [TOLD.en.behaviour, "en"],
    [TOLD.fi.behaviour, "fi"],
    [TOLD.sv.behaviour, "sv"],
  ] as const)
    expect(findBlame(text, language), text).toEqual([]);
});

test("better words stand in the same place, and the softened text is calm", () => {
  for (const [text, language, better] of [
    ["You never ask", "en", "You seldom ask"],
    ["Et koskaan kysy", "fi", "Et aina kysy"],
    ["Aina keskeytät", "fi", "Usein keskeytät"],
    ["Du frågar aldrig", "sv", "Du frågar sällan"],
    ["It is obviously late", "en", "It is late"],
    ["Sinun pitäisi kysyä", "fi", "Voisit kysyä"],
  ] as const) {
    const [found] = findBlame(text, language);
    if (!found) throw new Error(text);
    expect(soften(text, found, found.better[0] ?? "")).toBe(better);
    expect(findBlame(better, language)).toEqual([]);
  }
});
