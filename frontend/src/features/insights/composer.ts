import type { Locale } from "#/lib/i18n";
import { capitalize } from "#/lib/text";

/** How a thought is put, from the softest to the straightest. */
export const RUNGS = ["gentle", "plain", "direct"] as const;
export type Rung = (typeof RUNGS)[number];

/** What a person writes, each as it goes on after its prompt: "It was …", "I noticed that …", "It meant that …". */
export interface Parts {
  situation: string;
  behaviour: string;
  impact: string;
}

/** How each part begins, so that one's own words go on from there, and an example of them. */
export const PROMPTS: Record<Locale, Record<keyof Parts, [starts: string, example: string]>> = {
  en: {
    situation: ["It was …", "in Monday's meeting"],
    behaviour: ["I noticed that …", "you interrupted Sanna three times"],
    impact: ["It meant that …", "the rest of us stopped offering ideas"],
  },
  fi: {
    situation: ["Se oli …", "maanantain palaverissa"],
    behaviour: ["Huomasin, että …", "keskeytit Sannan kolme kertaa"],
    impact: ["Siitä seurasi, että …", "me muut lakkasimme ehdottamasta"],
  },
  sv: {
    situation: ["Det var …", "på måndagens möte"],
    behaviour: ["Jag märkte att …", "du avbröt Sanna tre gånger"],
    impact: ["Det gjorde att …", "vi andra slutade komma med idéer"],
  },
};

/** The sentences around one's own words; each part stands where its prompt put it, so that the grammar holds. */
interface Frame {
  open: string;
  /** "I noticed", and the same after a first word of time or place: "märkte jag". */
  noticed: [alone: string, after: string];
  effect: string;
  close: string;
}

const SAME = (text: string): [string, string] => [text, text];

const FRAMES: Record<Locale, Record<Rung, [Frame, Frame, Frame]>> = {
  en: {
    gentle: [
      {
        open: "I may be seeing only part of this, so please tell me if I have it wrong.",
        noticed: SAME("I noticed"),
        effect: "As I saw it, the effect was",
        close: "How did it look from where you were?",
      },
      {
        open: "Could I share something small with you? I am telling you because I value our talks.",
        noticed: ["It seemed to me", "it seemed to me"],
        effect: "My sense is",
        close: "Perhaps I am missing something. What do you think?",
      },
      {
        open: "This is only how I see it, and there may be more to it.",
        noticed: SAME("I noticed"),
        effect: "To my eyes, it meant",
        close: "Would you tell me how you saw it?",
      },
    ],
    plain: [
      { open: "", noticed: SAME("I noticed"), effect: "The effect was", close: "What do you think?" },
      {
        open: "Here is something I would like you to know.",
        noticed: SAME("I saw"),
        effect: "It meant",
        close: "How do you see it?",
      },
      {
        open: "I would like to tell you about one thing I noticed.",
        noticed: ["What I saw was", "what I saw was"],
        effect: "What came of it was",
        close: "Could we talk about it?",
      },
    ],
    direct: [
      {
        open: "I will say this straight, because I think you would want to know.",
        noticed: SAME("I saw"),
        effect: "The effect was",
        close: "I would like this to go differently next time.",
      },
      {
        open: "I am being direct, because this matters to me.",
        noticed: SAME("I noticed"),
        effect: "The result was",
        close: "Please do it differently next time.",
      },
      {
        open: "Let me be open with you.",
        noticed: ["What I saw was", "what I saw was"],
        effect: "The price of it was",
        close: "Can we agree on another way?",
      },
    ],
  },
  fi: {
    gentle: [
      {
        open: "Näin tästä ehkä vain osan, joten korjaa, jos olen väärässä.",
        noticed: ["Huomasin", "huomasin"],
        effect: "Minusta siitä seurasi",
        close: "Miltä se sinusta näytti?",
      },
      {
        open: "Saisinko kertoa yhden pienen asian? Kerron sen, koska arvostan keskustelujamme.",
        noticed: ["Minusta näytti siltä", "minusta näytti siltä"],
        effect: "Käsittääkseni siitä seurasi",
        close: "Ehkä en näe kaikkea. Mitä itse ajattelet?",
      },
      {
        open: "Tämä on vain minun näkökulmani, ja asiassa voi olla muutakin.",
        noticed: ["Huomasin", "huomasin"],
        effect: "Minun silmissäni seuraus oli se",
        close: "Kertoisitko, miten sinä näit sen?",
      },
    ],
    plain: [
      {
        open: "",
        noticed: ["Huomasin", "huomasin"],
        effect: "Siitä seurasi",
        close: "Mitä ajattelet tästä?",
      },
      {
        open: "Haluaisin, että tiedät tämän.",
        noticed: ["Näin", "näin"],
        effect: "Seuraus oli se",
        close: "Miten sinä sen näet?",
      },
      {
        open: "Haluaisin kertoa yhdestä havainnosta.",
        noticed: ["Panin merkille", "panin merkille"],
        effect: "Se johti siihen",
        close: "Voisimmeko puhua tästä?",
      },
    ],
    direct: [
      {
        open: "Sanon tämän suoraan, koska uskon, että haluat tietää.",
        noticed: ["Näin", "näin"],
        effect: "Siitä seurasi",
        close: "Toivon, että ensi kerralla toimitaan toisin.",
      },
      {
        open: "Puhun suoraan, koska tämä on minulle tärkeää.",
        noticed: ["Huomasin", "huomasin"],
        effect: "Seuraus oli se",
        close: "Pyydän, että teet sen ensi kerralla toisin.",
      },
      {
        open: "Puhun sinulle avoimesti.",
        noticed: ["Panin merkille", "panin merkille"],
        effect: "Sen hinta oli se",
        close: "Voimmeko sopia toisesta tavasta?",
      },
    ],
  },
  sv: {
    gentle: [
      {
        open: "Jag kanske bara såg en del av det här, så säg till om jag har fel.",
        noticed: ["Jag märkte", "märkte jag"],
        effect: "Som jag ser det blev följden",
        close: "Hur såg det ut från ditt håll?",
      },
      {
        open: "Får jag berätta en liten sak? Jag gör det för att jag uppskattar våra samtal.",
        noticed: ["Jag fick intrycket", "fick jag intrycket"],
        effect: "Min känsla är",
        close: "Jag kanske missar något. Vad tänker du själv?",
      },
      {
        open: "Det här är bara min bild, och det kan finnas mer i saken.",
        noticed: ["Jag lade märke till", "lade jag märke till"],
        effect: "I mina ögon blev följden",
        close: "Vill du berätta hur du såg det?",
      },
    ],
    plain: [
      {
        open: "",
        noticed: ["Jag märkte", "märkte jag"],
        effect: "Det gjorde",
        close: "Vad tänker du om det?",
      },
      {
        open: "Jag vill att du ska veta det här.",
        noticed: ["Jag såg", "såg jag"],
        effect: "Följden blev",
        close: "Hur ser du på det?",
      },
      {
        open: "Jag vill berätta om en iakttagelse.",
        noticed: ["Jag lade märke till", "lade jag märke till"],
        effect: "Det ledde till",
        close: "Kan vi prata om det?",
      },
    ],
    direct: [
      {
        open: "Jag säger det här rakt ut, för jag tror att du vill veta.",
        noticed: ["Jag såg", "såg jag"],
        effect: "Följden blev",
        close: "Jag vill att vi gör annorlunda nästa gång.",
      },
      {
        open: "Jag är rak, för det här är viktigt för mig.",
        noticed: ["Jag märkte", "märkte jag"],
        effect: "Det gjorde",
        close: "Jag ber dig göra annorlunda nästa gång.",
      },
      {
        open: "Jag vill vara öppen mot dig.",
        noticed: ["Jag lade märke till", "lade jag märke till"],
        effect: "Priset blev",
        close: "Kan vi komma överens om ett annat sätt?",
      },
    ],
  },
};

/** How many ways there are to say it, on each rung and in each language. */
export const VARIANTS = 3;

const JOINTS: Record<Locale, { that: string; moment: string }> = {
  en: { that: " that ", moment: "It is about this moment: " },
  fi: { that: ", että ", moment: "Tarkoitan tätä hetkeä: " },
  sv: { that: " att ", moment: "Jag tänker på det här tillfället: " },
};

/** Words that open a time or a place, which can stand first in the sentence. */
const ADVERBIAL: Record<Locale, RegExp> = {
  en: /^(in|at|on|during|when|while|whenever|after|before|yesterday|today|this|last|earlier|once|over|by|as|just|right|back|two|three|a few|since)\s/iu,
  fi: /^(kun|silloin kun|ennen kuin|samalla kun|sen jälkeen kun|eilen|tänään|äsken|äskettäin|ennen|kesken|heti)\b/iu,
  sv: /^(i|på|under|vid|när|medan|efter|före|innan|igår|idag|häromdagen|förra|för|då|hos|över|strax|nyligen|sent|tidigt|denna)\s/iu,
};
/** The rest of the Finnish ones end in their case: "maanantain palaverissa", "kokouksen jälkeen". */
const FINNISH_CASE = /(ss[aä]|ll[aä]|n[aä]|lt[aä]|jälkeen|aikana|kanssa|alussa|lopussa|aikaan|sitten)$/iu;
const FINNISH_VERB = /\b(on|oli|olin|olit|olivat|ovat|oltiin)\b|(mme|ttiin|tiin)\b/iu;
/** After which of them a comma stands. */
const COMMA: Record<Locale, RegExp> = {
  en: /./u,
  fi: /^(kun|silloin kun|ennen kuin|samalla kun|sen jälkeen kun)\b/iu,
  sv: /(?!)/u,
};

function isAdverbial(text: string, language: Locale): boolean {
  if (ADVERBIAL[language].test(`${text} `)) return true;
  const short = text.split(/\s+/u).length <= 5;
  return language === "fi" && short && FINNISH_CASE.test(text) && !FINNISH_VERB.test(text);
}

/** What already brings its own joint: "that you …", "I noticed that …", "because of it …". */
const THAT: Record<Locale, RegExp> = { en: /^that\s/iu, fi: /^että\s/iu, sv: /^att\s/iu };
const OWN_SENTENCE: Record<Locale, RegExp> = {
  en: /^(i (noticed|saw|heard|have (noticed|seen|heard))|it (made|meant|felt|left|led)|this (made|meant)|that('s| is) why|because of|therefore|so|the (effect|result) was)\s/iu,
  fi: /^(huomasin|näin|kuulin|olen (huomannut|nähnyt|kuullut)|minusta tuntui|se (sai|johti|tarkoitti)|siksi|sen takia|sen vuoksi|siitä seurasi|seuraus oli)[\s,]/iu,
  sv: /^(jag (märkte|såg|hörde|har (märkt|sett|hört|lagt))|det (gjorde|ledde|kändes|fick|betydde)|därför|på grund av|följden blev)\s/iu,
};

/** Words that begin a clause and are no names: they lose their capital inside a sentence. */
const STARTERS: Record<Locale, RegExp> = {
  en: /^(you|we|they|he|she|it|people|nobody|everyone|some|many|few|the|a|an|my|your|our|their|his|her|in|at|on|during|when|while|after|before|yesterday|today|this|that|last|there|most|no|only|two|three)$/iu,
  fi: /^(sinä|sä|sinun|sinulla|me|meidän|meistä|moni|monet|joku|kukaan|kaikki|minä|mä|minun|minusta|minulle|minulta|hän|he|ihmiset|kokous|tiimi|tiimin|en|et|emme|eivät|eikä|ei|kun|se|että|puhe|viime|eilen|tänään|huomasin|näin|kuulin|tunsin|lakkasin|aloin|jäin|\p{L}{3,}(it|mme))$/iu,
  sv: /^(du|vi|de|han|hon|det|den|man|jag|ingen|alla|några|flera|många|få|folk|mitt|min|mina|din|ditt|dina|vår|vårt|våra|i|på|under|när|medan|efter|före|innan|igår|att|en|ett|inte)$/iu,
};
/** Women's names that end as Finnish verbs do. */
const NAMES = /^(Margit|Birgit|Judit)$/u;

function inside(text: string, language: Locale): string {
  const first = text.split(/[\s,]/u, 1)[0] ?? "";
  const plain = STARTERS[language].test(first) && !NAMES.test(first);
  return plain ? (text[0] ?? "").toLocaleLowerCase(language) + text.slice(1) : text;
}

/** Without spaces around and without the stop at the end, which the sentence brings itself. */
function clean(text: string): string {
  return text
    .trim()
    .replace(/\s+/gu, " ")
    .replace(/[.,;:!…\s]+$/u, "");
}

const sentence = (text: string): string => capitalize(/[?.!…]["”»’')\]]*$/u.test(text) ? text : `${text}.`);

/** A part behind its lead, "I noticed that you …", or as it is when it brings its own: "I saw you …". */
function clause(lead: string, part: string, language: Locale): string {
  if (OWN_SENTENCE[language].test(part)) return inside(part, language);
  const joint = JOINTS[language].that;
  return lead + (THAT[language].test(part) ? joint.replace(/\p{L}+ $/u, "") : joint) + inside(part, language);
}

function noticed(situation: string, behaviour: string, frame: Frame, language: Locale): string[] {
  const [alone, after] = frame.noticed;
  // Somebody's own Swedish sentence cannot be turned round: the moment then stands by itself.
  const stiff = language === "sv" && OWN_SENTENCE.sv.test(behaviour);
  if (situation && behaviour && !stiff && isAdverbial(situation, language)) {
    const comma = COMMA[language].test(situation) ? ", " : " ";
    return [sentence(situation + comma + clause(after, behaviour, language))];
  }
  return [
    ...(situation ? [sentence(JOINTS[language].moment + inside(situation, language))] : []),
    ...(behaviour ? [sentence(clause(alone, behaviour, language))] : []),
  ];
}

/**
 * A message of one's own words: situation, behaviour, impact, on a rung and in a language.
 *
 * Parts that are empty are left out; without any of them the message is empty. `variant` says it in other words.
 */
export function compose(parts: Parts, rung: Rung, language: Locale, variant = 0): string {
  const [situation, behaviour, impact] = [parts.situation, parts.behaviour, parts.impact].map(clean) as [
    string,
    string,
    string,
  ];
  if (!situation && !behaviour && !impact) return "";
  const frame = FRAMES[language][rung][variant % VARIANTS] ?? FRAMES[language][rung][0];
  return [
    frame.open,
    ...noticed(situation, behaviour, frame, language),
    impact && sentence(clause(frame.effect, impact, language)),
    frame.close,
  ]
    .filter(Boolean)
    .join(" ");
}
