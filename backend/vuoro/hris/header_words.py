"""Column names of the usual HR systems in English, Finnish and Swedish, and the names that are refused."""

import re
import unicodedata

CANONICAL_FIELDS = (
    "external_id",
    "given_name",
    "family_name",
    "display_name",
    "work_email",
    "manager_external_id",
    "manager_email",
    "dotted_manager_external_ids",
    "title",
    "job_level",
    "division",
    "department",
    "team",
    "cost_center",
    "site",
    "country",
    "time_zone",
    "languages",
    "preferred_language",
    "status",
    "hire_on",
    "end_on",
)

_UNDECOMPOSED = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ł": "l", "Ł": "L", "đ": "d", "#": " number "})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_A_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Reduce to bare words without case, accents and punctuation ("Esihenkilön_nro" → "esihenkilon nro")."""
    plain = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOT_A_WORD.sub(" ", plain.casefold()).strip()


def fold_header(header: str) -> str:
    """Fold a header; camelCase is taken apart first ("managerEmployeeID" → "manager employee id")."""
    return fold(_CAMEL.sub(" ", header))


# Most wanted first: where two headers of a file mean one field, the earlier one here takes it.
_HEADERS = {
    "external_id": (
        "external id, employee id, employee id number, employee number, employee no, employee nr, worker id, "
        "personnel number, personnel no, person id, person id external, staff id, staff number, emp id, emp "
        "no, eeid, associate id, payroll number, user id, hris id, id, henkilönumero, henkilöstönumero, "
        "työntekijänumero, työntekijän numero, työntekijän tunnus, työntekijätunnus, henkilön numero, "
        "anställningsnummer, anställningsnr, anstnr, anställningsid, medarbetarnummer, medarbetar id, "
        "personalnummer, personalnr"
    ),
    "given_name": (
        "given name, preferred first name, preferred given name, first name, legal first name, forename, "
        "name given name, kutsumanimi, etunimi, etunimet, tilltalsnamn, förnamn"
    ),
    "family_name": (
        "family name, preferred last name, last name, legal last name, surname, name family name, sukunimi, efternamn"
    ),
    "display_name": (
        "display name, preferred full name, full name, formatted name, name formatted, employee name, worker "
        "name, name, worker, employee, näyttönimi, koko nimi, nimi, visningsnamn, fullständigt namn, namn"
    ),
    "work_email": (
        "work email, primary work email, work email address, email work, primary email, business email, "
        "business email address, company email, corporate email, emails type eq work value, emails work "
        "value, email address, email, mail, emails value, user principal name, user name, työsähköposti, "
        "työsähköpostiosoite, sähköposti, sähköpostiosoite, jobbmejl, arbetsmejl, epost, epostadress, mejl, "
        "mejladress, epost arbete, mailadress"
    ),
    "manager_external_id": (
        "manager external id, manager employee id, manager employee number, manager worker id, manager id, "
        "manager number, manager personnel number, manager user id, manager person id, supervisor employee "
        "id, supervisor eeid, supervisor id, supervisor number, line manager id, reports to id, reporting to "
        "id, manager value, manager, supervisor, line manager, reports to, reporting to, esihenkilön "
        "henkilönumero, esihenkilön numero, esihenkilön tunnus, esihenkilön id, lähiesihenkilön "
        "henkilönumero, esimiehen henkilönumero, esimiehen numero, esimiehen tunnus, esimiehen id, "
        "esihenkilö, lähiesihenkilö, esimies, lähiesimies, chefens anställningsnummer, närmaste chefs "
        "anställningsnummer, chefens id, chef id, chef anställningsnummer, närmaste chef, chef"
    ),
    "manager_email": (
        "manager email, manager work email, manager primary work email, manager email address, supervisor "
        "email, supervisor work email, line manager email, reports to email, reporting to email, esihenkilön "
        "sähköposti, esihenkilön sähköpostiosoite, lähiesihenkilön sähköposti, esimiehen sähköposti, "
        "esimiehen sähköpostiosoite, chefens epost, chefens epostadress, chefens mejl, chef epost, närmaste "
        "chefs epost, närmaste chefs epostadress"
    ),
    "dotted_manager_external_ids": (
        "dotted manager external ids, dotted manager ids, dotted managers, dotted manager id, dotted line "
        "manager id, dotted line managers, dotted line manager, matrix manager id, matrix managers, matrix "
        "manager, secondary manager id, secondary manager, functional manager id, functional manager, "
        "matriisiesihenkilön henkilönumero, matriisiesihenkilö, toiminnallinen esihenkilö, toinen "
        "esihenkilö, matrischef, funktionell chef"
    ),
    "title": (
        "title, job title, business title, position title, designation, job profile, position, job, "
        "tehtävänimike, nimike, ammattinimike, titteli, tehtävä, titel, tjänstetitel, yrkestitel, befattning"
    ),
    "job_level": (
        "job level, management level, seniority level, career level, position level, level, job grade, "
        "grade, vaativuustaso, vaativuusluokka, tehtävätaso, tehtävän taso, taso, befattningsnivå, jobbnivå, "
        "nivå"
    ),
    "division": (
        "division, business unit, business area, line of business, toimiala, liiketoiminta alue, "
        "liiketoimintayksikkö, liiketoiminta, divisioona, affärsområde, affärsenhet"
    ),
    "department": (
        "department, department name, dept, osasto, avdelning, supervisory organization, supervisory "
        "organisation, organizational unit, organisational unit, organization unit, org unit, unit, yksikkö, "
        "organisaatioyksikkö, organisaatio, enhet, organisationsenhet, organization, organisation"
    ),
    "team": "team, team name, work team, squad, tiimi, ryhmä, työryhmä, arbetslag, arbetsgrupp, grupp",
    "cost_center": (
        "cost center, cost centre, cost center code, cost centre code, cost center id, kustannuspaikka, kostnadsställe"
    ),
    "site": (
        "site, office, office location, work location, location, location name, workplace, city, "
        "toimipaikka, toimipiste, paikkakunta, kaupunki, verksamhetsställe, kontor, arbetsort, arbetsplats, "
        "ort, stad, plats"
    ),
    "country": (
        "country, country code, work country, location country, country region, addresses country, maa, "
        "maakoodi, työskentelymaa, land, landskod"
    ),
    "time_zone": "time zone, time zone id, tz, aikavyöhyke, tidszon",
    "languages": "languages, language skills, spoken languages, kielet, kielitaito, språk, språkkunskaper",
    "preferred_language": (
        "preferred language, preferred locale, communication language, language, default locale, locale, "
        "asiointikieli, käyttökieli, kieli, föredraget språk, kommunikationsspråk"
    ),
    "status": (
        "status, worker status, employment status, employee status, active status, active, tila, työsuhteen "
        "tila, henkilön tila, anställningsstatus"
    ),
    "hire_on": (
        "hire on, hire date, original hire date, employment start date, date of hire, joining date, joined "
        "on, start date, aloituspäivä, aloituspvm, työsuhteen alkupäivä, työsuhteen aloituspäivä, työsuhde "
        "alkaa, alkupäivä, alkupvm, anställningsdatum, anställningens startdatum, tillträdesdatum, "
        "startdatum, anställd från"
    ),
    "end_on": (
        "end on, termination date, employment end date, contract end date, last day of work, last working "
        "day, leaving date, end date, työsuhteen päättymispäivä, työsuhteen loppupäivä, työsuhde päättyy, "
        "päättymispäivä, päättymispvm, loppupäivä, loppupvm, anställningens slutdatum, avslutsdatum, sista "
        "anställningsdag, slutdatum, anställd till"
    ),
}

# Both "Department" and one of these in a file: the department is the one, and this is the team below it.
_UNITS = (
    "supervisory organization, supervisory organisation, organizational unit, organisational unit, "
    "organization unit, org unit, unit, yksikkö, organisaatioyksikkö, enhet, organisationsenhet"
)

# A Finnish or Swedish compound is met by its stem ("*palkk*"), a short word only when it stands alone.
_REFUSED = {
    "birth": "*birth*, dob, age, *syntym*, synt, ika, fodels*, fodd, alder",
    "gender": "*gender*, sex, pronoun*, sukupuol*, kon, konstillhorighet, salutation, puhuttelu",
    "origin": (
        "*ethnic*, race, racial, origin, country of origin, nationalit*, citizenship*, veteran*, etnis*, "
        "etnic*, alkupera*, kansalaisu*, kansallisuu*, medborgarskap*, harkomst, mother tongue, aidinkiel*, "
        "modersmal"
    ),
    "identity_number": (
        "ssn, national id*, nationalid*, socialsecurity*, social security*, social insurance*, identity "
        "number, identity code, identity no, personal identity*, personal id, passport*, tax id, tax number, "
        "tin, cpr, henkilotunnu*, hetu, sotu, sosiaaliturvatunnu*, veronumer*, passi, passinumer*, "
        "personnummer, personnr, personbeteckning, samordningsnummer, fodselsnummer"
    ),
    "pay": (
        "pay, basepay, *salar*, wage*, compensation*, remuneration*, bonus*, compa ratio, bank*, iban, "
        "*palkk*, *palka*, ansio*, tilinumer*, pankki*, lon, lonen, manadslon*, timlon*, arslon*, grundlon*, "
        "loneklass, lonegrad, lonegrupp, lonetyp, ersattning*"
    ),
    "religion": "religio*, faith, church*, uskonto*, uskonno*, kirkko*, trossamfund*, tro, kyrko*",
    "health": (
        "health*, disab*, sick*, medical*, diagnos*, tervey*, vamma*, sairau*, sairas*, halsa, halso*, "
        "sjuk*, funktionsneds*, funktionshind*"
    ),
    "union": "union*, ammattiliit*, fackforbund*, fackforening*, facktillhorighet*, luottamusmie*",
    "private_life": (
        "marital*, sexual*, politic*, siviilisaat*, civilstand*, children, dependents, lapset, emergency*, "
        "home address, homeaddress, home email, home phone, personal email, private email, personal phone, "
        "private phone, kotiosoite, kotisahkoposti, hemadress, privat epost, privat mejl, hemtelefon"
    ),
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(word).replace(" ", "") for word in text.split(","))


KNOWN_HEADERS: dict[str, tuple[str, int]] = {}
"""Folded header without spaces → (field, rank); rank 0 is the most wanted."""
for _field, _text in _HEADERS.items():
    for _rank, _word in enumerate(_words(_field.replace("_", " ") + "," + _text)):
        KNOWN_HEADERS.setdefault(_word, (_field, _rank))

UNIT_HEADERS = frozenset(_words(_UNITS))

_PATTERNS = {
    category: re.compile(
        r"\b(?:" + "|".join(re.escape(word.strip()).replace(r"\*", r"\w*") for word in text.split(",")) + r")\b"
    )
    for category, text in _REFUSED.items()
}


def refused_category(header: str) -> str | None:
    """Return why a column must not be read (birth, gender, origin, identity_number, pay, …), or None."""
    folded = {fold_header(header), fold(header)}
    for category, pattern in _PATTERNS.items():
        if any(pattern.search(form) for form in folded):
            return category
    return None
