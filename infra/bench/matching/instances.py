"""Seeded companies to match: a real manager tree, hot skills, few languages, past partners, wishes.

About a quarter of all pairs is eligible. The same (mentors, mentees, seed, options) gives the same company on every
machine; the seed that a measurement uses is its own.
"""

from datetime import date, timedelta

import numpy as np
from vuoro.matching.engine.market import Market, Participant, Rules

SKILLS = [f"skill-{number:02d}" for number in range(40)]
TOPICS = [f"topic-{number:02d}" for number in range(30)]
LANGUAGES = ("en", "fi", "sv", "de", "fr", "es")
SITES = (
    ("Helsinki", "Europe/Helsinki"), ("Tampere", "Europe/Helsinki"), ("Stockholm", "Europe/Stockholm"),
    ("Munich", "Europe/Berlin"), ("Lyon", "Europe/Paris"), ("Madrid", "Europe/Madrid"), ("Warsaw", "Europe/Warsaw"),
    ("Lisbon", "Europe/Lisbon"), ("Chicago", "America/Chicago"), ("Pune", "Asia/Kolkata"),
)  # fmt: skip
STARTS_ON = date(2026, 12, 1)
SPOKEN = (0.4, 0.2, 0.15, 0.1, 0.1, 0.05)
SPAN = 8  # people a manager leads


def company(mentors: int, mentees: int, seed: int, *, capacity: int = 1, goal: str = "total") -> Market:
    """A market of that many; with `capacity` above 1, people of both sides have from one up to so many places."""
    rng = np.random.default_rng(seed)
    total = mentors + mentees
    # The tree is filled from the top: whoever stands high in it is a mentee.
    manager = [None, *((number - 1) // SPAN for number in range(1, total))]
    popular = 1 / np.arange(1, len(SKILLS) + 1)
    popular /= popular.sum()
    talked = 1 / np.sqrt(np.arange(1, len(TOPICS) + 1))
    talked /= talked.sum()
    people = []
    for number in range(total):
        mentee = number < mentees
        site, zone = SITES[int(rng.integers(len(SITES)))]
        spoken = rng.choice(len(LANGUAGES), size=int(rng.integers(1, 4)), replace=False, p=SPOKEN)
        skills = rng.choice(len(SKILLS), size=int(rng.integers(2, 6)), replace=False, p=popular)
        levels = rng.integers(1, 6, size=len(skills)).tolist()
        weights = rng.integers(1, 4, size=len(skills)).tolist()
        topics = rng.choice(len(TOPICS), size=int(rng.integers(2, 6)), replace=False, p=talked)
        level = int(rng.integers(6, 11)) if mentee else int(rng.integers(1, 6))
        division = int(rng.integers(8))
        named = [SKILLS[i] for i in skills]
        people.append(
            Participant(
                id=_id(number),
                role="mentee" if mentee else "mentor",
                capacity=int(rng.integers(1, capacity + 1)),
                team=f"team-{(number - 1) // SPAN}",
                department=f"department-{division}-{int(rng.integers(4))}",
                division=f"division-{division}",
                site=site,
                time_zone=zone,
                job_level=level,
                hire_on=STARTS_ON - timedelta(days=int(rng.integers(30, 6000))),
                languages={LANGUAGES[i]: int(rng.integers(1, 5)) for i in spoken},
                skills_offered={} if mentee else dict(zip(named, levels, strict=True)),
                skills_sought=dict(zip(named, zip(levels, weights, strict=True), strict=True)) if mentee else {},
                topics=frozenset(TOPICS[i] for i in topics),
                preferred=_some(rng, 0.1, number, mentees, total),
                past=_some(rng, 0.05, number, mentees, total),
                excluded=_some(rng, 0.01, number, mentees, total),
            )
        )
    return Market(
        participants=people,
        edges=[(_id(n), None if m is None else _id(m)) for n, m in enumerate(manager)],
        starts_on=STARTS_ON,
        rules=Rules(),
        goal=goal,  # type: ignore[arg-type]
    )


def _id(number: int) -> str:
    return f"p{number:06d}"


def _some(rng: np.random.Generator, chance: float, number: int, mentees: int, total: int) -> frozenset[str]:
    """Now and then one to three people of the other side."""
    if rng.random() >= chance:
        return frozenset()
    low, high = (mentees, total) if number < mentees else (0, mentees)
    return frozenset(_id(int(n)) for n in rng.integers(low, high, size=int(rng.integers(1, 4))))
