import type { SurveyOut } from "#/api/types";
import { LOCALES, type Locale } from "#/lib/i18n";
import type { Question, QuestionType } from "./words";

export type Words = SurveyOut["title"];

/** A text changed in one language; languages that only repeated it, or were empty, follow. */
export function rewrite(words: Words, locale: Locale, text: string): Words {
  const old = words[locale];
  return Object.fromEntries(
    LOCALES.map((each) => [
      each,
      each === locale || words[each] === old || !words[each] ? text : words[each],
    ]),
  ) as Words;
}

export const NOTHING: Words = { fi: "", sv: "", en: "" };

export const hasOptions = (type: QuestionType) => type === "single" || type === "multiple";

/** A name that none of these has: "q1", "q2", … */
export function freeKey(taken: string[], letter: string): string {
  let number = taken.length + 1;
  while (taken.includes(`${letter}${number}`)) number++;
  return `${letter}${number}`;
}

export function emptyQuestion(questions: Question[]): Question {
  return {
    key: freeKey(
      questions.map(({ key }) => key),
      "q",
    ),
    type: "scale",
    text: NOTHING,
    options: [],
    min: null,
    max: null,
  };
}

/** The question as another type; options come and go with it. */
export function asType(question: Question, type: QuestionType): Question {
  const options = hasOptions(type)
    ? question.options.length >= 2
      ? question.options
      : [
          { key: "o1", text: NOTHING },
          { key: "o2", text: NOTHING },
        ]
    : [];
  return { ...question, type, options, min: null, max: null };
}

/** What is not written yet, by the name of its field. */
export function lacking(title: Words, questions: Question[], locale: Locale): string[] {
  return [
    ...(title[locale].trim() ? [] : ["title"]),
    ...questions.flatMap((question) => [
      ...(question.text[locale].trim() ? [] : [question.key]),
      ...question.options.flatMap(({ key, text }) => (text[locale].trim() ? [] : [`${question.key}.${key}`])),
    ]),
  ];
}
