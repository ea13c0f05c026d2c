"""Kaari, a company of 56 people in eight branches, taken in as HR does it: a file, and roles by hand."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from support.world import Member, World

# division | site | director | managers | juniors; the juniors stand under the managers by turns
BRANCHES = """
Technology|Helsinki |Jukka Lahti    |Olli Nieminen, Sanna Koski   |Noa Virtanen, Amina Yusuf, Emil Snellman
Sales     |Stockholm|Maria Sandell  |Erik Lund, Karin Ek          |Saga Holm, Omar Haddad, Freja Dahl
Products  |Helsinki |Timo Aho       |Paula Rinne, Heikki Salo     |Veera Laine, Linh Tran, Aaro Jokinen
Operations|Stockholm|Ingrid Nord    |Lars Berg, Anna Lind         |Tilde Ask, Hugo Vik, Yasmin Ali
Finance   |Helsinki |Marja Korpi    |Kari Mattila, Outi Hakala    |Iida Kallio, Eetu Niemi, Mira Tuomi
Marketing |Stockholm|Fredrik Strand |Johan Falk, Elsa Bergman     |Nils Gren, Alma Frost, Ravi Menon
Logistics |Helsinki |Seppo Vainio   |Tuula Hiltunen, Pekka Oja    |Siiri Peura, Joonas Halme, Kaisa Lehto
Services  |Stockholm|Camilla Roos   |Mats Hedin, Greta Sund       |Ida Lilja, Viktor Sten, Lucas Reed
"""
STAFF = """
Astrid Berg   |Executive|Helsinki |Chief executive    |10|
Helena Rask   |People   |Helsinki |HR director        |7 |Astrid Berg
Petra Sund    |People   |Helsinki |Programme manager  |5 |Helena Rask
Ritva Kanto   |People   |Helsinki |Occupational health|5 |Helena Rask
Selma Ojala   |Executive|Helsinki |Executive assistant|4 |Astrid Berg
Olga Other    |People   |Helsinki |HR systems         |5 |Helena Rask
Otto Other    |Legal    |Helsinki |Lawyer             |5 |Astrid Berg
"""
HEADER = (
    "Employee ID,First name,Last name,Work email,Manager ID,Division,Department,Team,Job title,Job level,"
    "Location,Country,Time zone,Hire date,Status,Languages\n"
)
PLACES = {
    "Helsinki": ("FI", "Europe/Helsinki", "fi:4;en:3;sv:2"),
    "Stockholm": ("SE", "Europe/Stockholm", "sv:4;en:4"),
    "New York": ("US", "America/New_York", "en:4"),
}
ROLES = {"petra": "programme_manager", "astrid": "sponsor", "ritva": "safeguarding_contact",
         "helena": "organization_admin"}  # fmt: skip
TOO_NEW, LOST = "kaisa", "heikki"  # hired two months ago; led by somebody whom the file does not have
KNOWN = {"olga": "other_admin", "otto": "other_person"}


@dataclass
class Cast:
    """Everybody by first name in small letters; `directors`, `managers` and `juniors` by branch."""

    people: dict[str, Member] = field(default_factory=dict)
    directors: list[str] = field(default_factory=list)
    managers: list[str] = field(default_factory=list)
    juniors: list[str] = field(default_factory=list)

    @property
    def executives(self) -> list[str]:
        """Those who learn: eight directors and twelve of their managers."""
        return [*self.directors, *self.managers[:12]]

    def __getitem__(self, key: str) -> Member:
        return self.people[key]


def _key(name: str) -> str:
    return name.split(maxsplit=1)[0].lower()


def _line(name: str, boss: str, division: str, team: str, title: str, level: int, site: str, hired: str) -> str:
    first, last = name.split()
    country, zone, languages = PLACES[site]
    key = _key(name)
    id = KNOWN.get(key, f"K-{key}")
    mail = f"{first}.{last}@{'other' if key in KNOWN else 'kaari'}.example".lower()
    boss = boss and KNOWN.get(_key(boss), f"K-{_key(boss)}")
    cells = (id, first, last, mail, boss, division, team, team, title, str(level), site, country, zone, hired, "Active")
    return ",".join([*cells, languages]) + "\n"


def people_file(cast: Cast) -> str:
    """The file of HR; notes in the cast who is what."""
    lines = [HEADER]
    for row in STAFF.strip().splitlines():
        name, division, site, title, level, boss = (cell.strip() for cell in row.split("|"))
        lines.append(_line(name, boss, division, division, title, int(level), site, "2015-02-02"))
    for row in BRANCHES.strip().splitlines():
        division, site, director, managers, juniors = (cell.strip() for cell in row.split("|"))
        lines.append(_line(director, "Astrid Berg", division, division, "Director", 8, site, "2012-03-01"))
        cast.directors.append(_key(director))
        leads = managers.split(", ")
        for number, name in enumerate(leads, 1):
            boss = "Nobody Here" if _key(name) == LOST else director
            lines.append(_line(name, boss, division, f"{division} {number}", "Manager", 6, site, "2016-09-01"))
            cast.managers.append(_key(name))
        for number, name in enumerate(juniors.split(", ")):
            hired = "2026-10-05" if _key(name) == TOO_NEW else "2024-08-19"
            place = "New York" if _key(name) == "lucas" else site
            team = f"{division} {number % 2 + 1}"
            lines.append(_line(name, leads[number % 2], division, team, "Specialist", 2, place, hired))
            cast.juniors.append(_key(name))
    return "".join(lines)


async def hire(api: Any, world: World, run_jobs: Any) -> Cast:
    """The file through import and apply, then the roles; by Olga, whom the installation has from its start."""
    cast = Cast()
    olga = api(world.other_admin)
    file = ("kaari.csv", people_file(cast), "text/csv")
    sent = await olga.post("/v1/imports", files={"file": file}, data={"dry_run": "true"})
    assert sent.status_code == 202, sent.text
    await run_jobs()
    path = f"/v1/imports/{sent.json()['id']}"
    looked = (await olga.get(path)).json()
    assert (looked["state"], looked["summary"]["created"], looked["summary"]["errors"]) == ("checked", 53, 0), looked
    assert looked["summary"]["manager_unresolved"] == 1
    assert (await olga.post(f"{path}/apply")).status_code == 202
    await run_jobs()
    done = (await olga.get(path)).json()
    assert (done["state"], done["summary"]["updated"]) == ("applied", 2), done
    cursor: str | None = ""
    while cursor is not None:
        page = (await olga.get("/v1/people", params={"limit": 100, **({"cursor": cursor} if cursor else {})})).json()
        for one in page["items"]:
            member = Member(_key(one["display_name"]), UUID(one["id"]), world.other_organization_id,
                            one["display_name"], one["work_email"])  # fmt: skip
            cast.people[member.key] = member
        cursor = page["next_cursor"]
    for key, role in ROLES.items():
        given = await olga.post("/v1/organization/grants", json={"person_id": str(cast[key].id), "role": role})
        assert given.status_code == 201, given.text
    return cast
