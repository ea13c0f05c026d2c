"""The demo's personas: people of the demo companies to sign in as with one click, in demo mode only."""

from dataclasses import dataclass
from typing import Literal

from vuoro.core.words import Localized

PersonaRole = Literal["mentor", "mentee", "programme_manager", "organization_admin", "safeguarding_contact"]


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to be: `key` marks them in the database by a preference of the seed."""

    key: str
    role: PersonaRole
    organization: str
    description: Localized


PERSONAS = (
    Persona("mentor", "mentor", "nordlys", Localized(
        fi="Nuori asiantuntija, joka mentoroi johtajaa",
        sv="Ung specialist som är mentor för en chef",
        en="An early-career specialist who mentors an executive")),
    Persona("mentee", "mentee", "nordlys", Localized(
        fi="Johtaja, joka oppii nuoremmalta kollegalta",
        sv="Chef som lär sig av en yngre kollega",
        en="An executive who learns from a younger colleague")),
    Persona("manager", "programme_manager", "nordlys", Localized(
        fi="Ohjelmavastaava: muodostaa parit ja pitää ohjelman hengissä",
        sv="Programansvarig: matchar paren och håller programmet levande",
        en="Programme manager: matches pairs and keeps the programme alive")),
    Persona("admin", "organization_admin", "nordlys", Localized(
        fi="HR: tuo ihmiset sisään ja hoitaa oikeudet",
        sv="HR: tar in personalen och sköter behörigheter",
        en="HR admin: brings people in and looks after access")),
    Persona("safeguarding", "safeguarding_contact", "nordlys", Localized(
        fi="Turvahenkilö: lukee huolet, jotka hänelle uskotaan, eikä muuta",
        sv="Trygghetskontakt: läser de bekymmer som någon anförtror, och inget annat",
        en="Safeguarding contact: reads the concerns that people entrust, and nothing else")),
    Persona("admin-suomi", "organization_admin", "nordlys-suomi", Localized(
        fi="Toisen yrityksen HR: nähdään, etteivät yritykset kohtaa",
        sv="HR i ett annat bolag: här syns att bolagen aldrig möts",
        en="HR admin of another company: see that the two never meet")),
)  # fmt: skip
BY_KEY = {persona.key: persona for persona in PERSONAS}
