"""Words found in cells: employment status, languages and how well they are spoken."""

from typing import Literal

from vuoro.hris.header_words import fold

Status = Literal["active", "leave", "left"]

_STATUS: dict[Status, str] = {
    "active": (
        "active, a, true, yes, y, 1, employed, working, current, full time, part time, permanent, fixed "
        "term, temporary, contractor, intern, probation, onboarding, hired, aktiivinen, voimassa, "
        "työsuhteessa, työssä, palveluksessa, vakituinen, määräaikainen, kyllä, tosi, aktiv, anställd, i "
        "tjänst, tillsvidare, tillsvidareanställd, visstidsanställd, provanställd, ja"
    ),
    "leave": (
        "leave, on leave, leave of absence, loa, paid leave, unpaid leave, parental leave, maternity leave, "
        "paternity leave, family leave, study leave, sick leave, sabbatical, garden leave, suspended, "
        "furlough, laid off temporarily, vapaalla, poissa, virkavapaa, virkavapaalla, perhevapaa, "
        "perhevapaalla, vanhempainvapaa, vanhempainvapaalla, hoitovapaa, hoitovapaalla, opintovapaa, "
        "opintovapaalla, vuorotteluvapaa, vuorotteluvapaalla, sairausloma, sairauslomalla, lomautettu, pitkä "
        "poissaolo, tjänstledig, föräldraledig, studieledig, ledig, sjukskriven, permitterad, frånvarande, "
        "vårdledig"
    ),
    "left": (
        "left, terminated, t, inactive, false, no, n, 0, ended, resigned, retired, dismissed, former, "
        "deceased, withdrawn, laid off, disabled, päättynyt, työsuhde päättynyt, päätetty, lopettanut, "
        "lähtenyt, irtisanottu, irtisanoutunut, eronnut, eläkkeellä, ei aktiivinen, epäaktiivinen, "
        "passiivinen, ei, epätosi, avslutad, slutat, har slutat, uppsagd, pensionerad, inaktiv, ej aktiv, "
        "nej"
    ),
}
STATUS_WORDS: dict[str, Status] = {fold(word): status for status, words in _STATUS.items() for word in words.split(",")}

_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id "
    "ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu "
    "lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu "
    "rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr "
    "ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
LANGUAGE_CODES = frozenset(_CODES.split())

_LANGUAGES = """
fi: Finnish, suomi, finska, fin | sv: Swedish, ruotsi, svenska, swe | en: English, englanti, engelska, eng
no: Norwegian, norja, norska, norsk, nor | nb: Norwegian Bokmål, bokmål | nn: Norwegian Nynorsk, nynorsk
da: Danish, tanska, danska, dansk, dan | is: Icelandic, islanti, isländska | et: Estonian, viro, eesti, estniska, est
lv: Latvian, latvia, lettiska | lt: Lithuanian, liettua, litauiska | pl: Polish, puola, polska, polski, pol
de: German, saksa, tyska, Deutsch, deu, ger | fr: French, ranska, franska, français, fra | es: Spanish, espanja, spanska, español, spa
it: Italian, italia, italienska, italiano, ita | pt: Portuguese, portugali, portugisiska, português, por
nl: Dutch, hollanti, nederländska, holländska, Nederlands, nld | ru: Russian, venäjä, ryska, rus | uk: Ukrainian, ukraina, ukrainska, ukr
hi: Hindi, hin | zh: Chinese, Mandarin, kiina, kinesiska, zho | ja: Japanese, japani, japanska, jpn | ko: Korean, korea, koreanska, kor
ar: Arabic, arabia, arabiska, ara | tr: Turkish, turkki, turkiska, tur | cs: Czech, tšekki, tjeckiska, ces | hu: Hungarian, unkari, ungerska, hun
ro: Romanian, romania, rumänska, ron | el: Greek, kreikka, grekiska, ell | se: Northern Sami, saame, samiska, sme | vi: Vietnamese, vietnam, vietnamesiska
fa: Persian, Farsi, persia, persiska | so: Somali, somaliska | kn: Kannada | ta: Tamil, tamili | te: Telugu | th: Thai, thaimaa, thailändska
"""  # noqa: E501 - a table
LANGUAGE_NAMES: dict[str, str] = {}
for _entry in _LANGUAGES.replace("\n", "|").split("|"):
    if _entry.strip():
        _code, _names = _entry.split(":", 1)
        LANGUAGE_NAMES.update((fold(_name), _code.strip()) for _name in _names.split(","))

BARE_LANGUAGE_LEVEL = 3
"""A language named without a level: fit to work in, not claimed as native (skills use 3 likewise)."""

_LEVELS = {
    0: "none, ei lainkaan, ingen",
    1: "basic, beginner, elementary, a1, a2, perusteet, alkeet, välttävä, grundläggande, nybörjare",
    2: "intermediate, conversational, good, b1, hyvä, tyydyttävä, keskitaso, god, medel, goda kunskaper, bra",
    3: "fluent, advanced, professional, b2, upper intermediate, sujuva, erinomainen, flytande, mycket god",
    4: "native, mother tongue, bilingual, proficient, c1, c2, äidinkieli, kaksikielinen, modersmål",
}
LEVEL_WORDS: dict[str, int] = {
    fold(word): level for level, words in _LEVELS.items() for word in f"{words},{level}".split(",")
}
