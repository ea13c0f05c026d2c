import type { Locale } from "#/lib/i18n";

/** Why a word makes the other one defend themselves instead of listening. */
export type Why = "absolute" | "label" | "mind" | "order" | "makes";

export interface Finding {
  at: number;
  words: string;
  why: Why;
  /** Words that fit in the same place; an empty one leaves it out. None where the sentence needs a new thought. */
  better: string[];
}

type Rule = [pattern: string, why: Why, ...better: string[]];

const RULES: Record<Locale, Rule[]> = {
  en: [
    ["always", "absolute", "often", "sometimes"],
    ["never", "absolute", "seldom", "rarely"],
    ["(constantly|all the time|every single time|every time)", "absolute", "often", "several times"],
    ["(everyone|everybody)", "absolute", "some of us", "many of us"],
    ["(nobody|no one)", "absolute", "few of us"],
    ["(totally|completely|utterly|obviously|clearly)", "absolute", ""],
    ["you (should|must|have to|need to|ought to)", "order", "you could"],
    ["you (don't|do not|didn't|did not) (care|listen|understand|respect|want to)\\w*", "mind"],
    ["you (think|believe|just want|only want|only care)", "mind"],
    ["(made|make|makes|making) (me|us)( feel)?", "makes"],
    [
      "(arrogant|lazy|rude|stupid|selfish|unprofessional|incompetent|toxic|clueless|ignorant|disrespectful|childish|bossy|a bully|a micromanager|out of touch)",
      "label",
    ],
  ],
  fi: [
    ["aina", "absolute", "usein", "monta kertaa"],
    ["(koskaan|ikinä|milloinkaan)", "absolute", "aina", "juuri"],
    ["(jatkuvasti|alituisesti|koko ajan|joka kerta|joka ikinen kerta)", "absolute", "usein", "monta kertaa"],
    ["kaikki", "absolute", "monet", "moni meistä"],
    ["kukaan ei", "absolute", "moni ei"],
    ["(täysin|totaalisesti|selvästikin|tietenkin)", "absolute", ""],
    ["sinun (pitäisi|pitää|täytyy|täytyisi|tulisi|on pakko)", "order", "voisit"],
    ["et (välitä|kuuntele|ymmärrä|arvosta|halua)", "mind"],
    ["(luulet|haluat vain|sinua ei kiinnosta)", "mind"],
    ["(sait|saat) (minut|meidät)", "makes"],
    [
      "(ylimieli|lais[kt]a|tyhmä|typerä|törkeä|töykeä|itsekä|itsekkä|epäammatti|epäpäte|välinpitämät|lapselli|määräilevä|kiusaaja|pihalla)\\p{L}*",
      "label",
    ],
  ],
  sv: [
    ["alltid", "absolute", "ofta", "flera gånger"],
    ["aldrig", "absolute", "sällan"],
    ["(ständigt|jämt|hela tiden|varje gång|varenda gång)", "absolute", "ofta", "flera gånger"],
    ["alla", "absolute", "flera av oss", "många"],
    ["ingen", "absolute", "få av oss"],
    ["(totalt|fullständigt|självklart|uppenbarligen)", "absolute", ""],
    ["du (borde|måste|bör|ska)", "order", "du kunde"],
    ["du (bryr dig inte|lyssnar inte|förstår inte|respekterar inte)", "mind"],
    ["du (tror|vill bara|tycker att du)", "mind"],
    ["(fick|får) (mig|oss) att", "makes"],
    [
      "(arrogant|lat|dum|oförskämd|självisk|egoistisk|oproffsig|inkompetent|nonchalant|okunnig|respektlös|barnslig|en mobbare|en översittare)\\p{L}*",
      "label",
    ],
  ],
};

/** "Not always" is no absolute. */
const BEFORE: Record<Locale, string> = {
  en: "(?<!\\bnot )",
  fi: "(?<!(^|\\s)(en|et|ei|emme|ette|eivät) )",
  sv: "(?<!\\binte )",
};

const PATTERNS = Object.fromEntries(
  Object.entries(RULES).map(([language, rules]) => [
    language,
    rules.map(([pattern, why, ...better]) => {
      const not = why === "absolute" && !pattern.includes("koskaan") ? BEFORE[language as Locale] : "";
      return {
        pattern: new RegExp(`${not}(?<![\\p{L}\\p{N}])(${pattern})(?![\\p{L}\\p{N}])`, "giu"),
        why,
        better,
      };
    }),
  ]),
) as Record<Locale, { pattern: RegExp; why: Why; better: string[] }[]>;

/** Absolutes, labels and guesses in a text, in their order; what overlaps is told once. */
export function findBlame(text: string, language: Locale): Finding[] {
  const plain = text.replaceAll("’", "'");
  return PATTERNS[language]
    .flatMap(({ pattern, why, better }) =>
      Array.from(plain.matchAll(pattern), ({ index, 0: words }) => ({ at: index, words, why, better })),
    )
    .sort((a, b) => a.at - b.at || b.words.length - a.words.length)
    .filter((each, index, all) => {
      const before = all[index - 1];
      return !before || each.at >= before.at + before.words.length;
    });
}

/** The text with better words in the place of those found; a capital stays one. */
export function soften(text: string, { at, words }: Finding, better: string): string {
  const capital = /^\p{Lu}/u.test(words);
  const word = capital ? better.slice(0, 1).toLocaleUpperCase() + better.slice(1) : better;
  const rest = text.slice(at + words.length);
  return text.slice(0, at) + word + (word ? rest : rest.replace(/^\s+/u, ""));
}
