"""Act one: a programme is set up, people are asked, apply and are taken in; what the launch check lacks is mended."""

import asyncio
from typing import Any

from whole.company import LOST, TOO_NEW
from whole.story import Story, later

TOPICS = [
    "strategy",
    "customers",
    "future-of-work",
    "decision-making",
    "ai-in-daily-work",
    "hybrid-work",
    "career-paths",
]
SAYS_NO, TOO_MANY, LEAVES, WAITS = "yasmin", "mira", "ravi", "eetu"
TAKES_TWO, IN_NEW_YORK = "tilde", "lucas"


async def set_up(story: Story) -> None:
    """From a template to a programme that takes people in."""
    assert "sounding-board" in {one["key"] for one in (await story.get("petra", "/program-templates"))["items"]}
    program = await story.post(
        "petra", "/programs", name="Kaari turns", template="sounding-board", starts_on="2027-01-11", cohort="Spring"
    )
    story.program, story.cohort = program["id"], program["cohorts"][0]["id"]
    story.know("program_id", story.program)
    unit = await story.post("helena", "/organization/units", name="North", divisions=["Sales"], sites=["Helsinki"])
    story.know("unit_id", unit["id"])
    story.know("cohort_id", story.cohort)
    assert (program["state"], program["ends_on"]) == ("draft", "2027-07-12")
    path = f"/programs/{story.program}"
    await story.hidden("noa", path)
    changed = await story.patch("petra", path, settings={"mentor_capacity": 2, "self_chosen": True})
    assert changed["settings"]["mentor_capacity"] == 2
    assert await _blockers(story) == {"mentors", "mentees"}
    no = await story.refused("petra", f"{path}/transitions", "illegal_transition", to="running")
    assert "enrolling" in no["params"]["legal"]

    words = {"fi": "Tervetuloa mukaan", "sv": "Välkommen med", "en": "Welcome"}
    news = await story.post("petra", f"{path}/announcements", title=words, body=words)
    await story.refused("petra", f"/announcements/{news['id']}/publish", "wrong_state")
    story.know("announcement_id", news["id"])
    for kind, day, audience in (("kickoff", "13", "all"), ("circle_of_mentors", "27", "mentors")):
        event = await story.post(
            "petra", f"{path}/events", kind=kind, title=words, audience=audience, time_zone="Europe/Helsinki",
            starts_at=f"2027-01-{day}T13:00:00Z", ends_at=f"2027-01-{day}T14:00:00Z",
        )  # fmt: skip
        story.know("event_id", event["id"])
    moved = await story.post("petra", f"{path}/transitions", to="enrolling")
    assert moved["state"] == "enrolling"
    await story.post("petra", f"/announcements/{news['id']}/publish")


async def _blockers(story: Story) -> set[str]:
    check = await story.get("petra", f"/programs/{story.program}/launch-check")
    lacking = {item["key"] for item in check["items"] if item["severity"] == "blocker" and not item["ok"]}
    assert check["ready"] == (not lacking)
    return lacking


async def _advice(story: Story) -> dict[str, Any]:
    check = await story.get("petra", f"/programs/{story.program}/launch-check")
    return {item["key"]: item["params"]["count"] for item in check["items"] if not item["ok"]}


async def invite(story: Story) -> str:
    """Executives and half of the juniors by a list; the code of a link for the other juniors."""
    people = story.cast
    path = f"/programs/{story.program}"
    listed = [*people.juniors[:12], TOO_NEW]
    lines = [{"work_email": people[who].email, "role": "mentee"} for who in people.executives]
    lines += [{"work_email": people[who].email, "role": "mentor"} for who in listed]
    lines.append({"work_email": "somebody@elsewhere.example", "role": "mentor"})
    asked = await story.post("petra", f"{path}/invitations", people=lines)
    outcomes = {line["work_email"]: (line["outcome"], line["rule"]) for line in asked["items"]}
    assert asked["invited"] == 32
    assert outcomes[people[TOO_NEW].email] == ("not_eligible", "tenure_too_short")
    assert outcomes["somebody@elsewhere.example"] == ("unknown", None)
    again = await story.post("petra", f"{path}/invitations", people=lines[:1])
    assert [line["outcome"] for line in again["items"]] == ["already"]
    story.know("invitation_id", *(line["invitation_id"] for line in asked["items"] if line["invitation_id"]))
    link = await story.post("petra", f"{path}/invitation-links", role="mentor", max_uses=12)
    story.know("link_id", link["id"])
    return str(link["code"])


async def apply(story: Story, code: str) -> None:
    """Everybody answers: most with a profile, one with a no, one who thinks better of it."""
    people = story.cast
    by_list = {*people.executives, *people.juniors[:12]}
    await asyncio.gather(*(_answer(story, who) for who in by_list))
    by_link = [who for who in people.juniors[12:] if who != TOO_NEW]
    card = await story.get(by_link[0], f"/invitation-links/{code}")
    assert card["role"] == "mentor"
    assert card["can"]["apply"]["allowed"]
    await asyncio.gather(*(_apply_by_link(story, who, code) for who in by_link))
    refused = await story.refused(TOO_NEW, f"/invitation-links/{code}/apply", "tenure_too_short", topics=["strategy"])
    assert refused["params"]["from_on"] == "2027-04-05"
    left = await story.post(LEAVES, f"/enrollments/{story.enrollments[LEAVES]}/withdraw")
    assert left["state"] == "withdrawn"
    story.know("enrollment_id", *story.enrollments.values())


async def _answer(story: Story, who: str) -> None:
    mine = await story.all(who, f"/programs/{story.program}/enrollments")
    assert [one["state"] for one in mine] == ["invited"]
    id = story.enrollments[who] = mine[0]["id"]
    if who == SAYS_NO:
        assert (await story.post(who, f"/enrollments/{id}/decline"))["state"] == "declined"
        return
    card = await story.get(who, f"/enrollments/{id}/invitation")
    assert card["why"]
    assert (await story.post(who, f"/enrollments/{id}/apply"))["state"] == "applied"
    told = await story.patch(who, f"/enrollments/{id}", **_profile(story, who))
    assert told["profile"]["complete"], told["profile"]


async def _apply_by_link(story: Story, who: str, code: str) -> None:
    made = await story.post(who, f"/invitation-links/{code}/apply", **_profile(story, who))
    assert made["state"] == "applied"
    story.enrollments[who] = made["id"]


def _profile(story: Story, who: str) -> dict[str, Any]:
    """What somebody brings or seeks; hours, and what a junior would rather not talk about."""
    people = story.cast
    number = [*people.executives, *people.juniors].index(who)
    topics = [TOPICS[number % 7], TOPICS[(number + 2) % 7]]
    hours = [{"weekday": day, "from": "09:00", "to": "16:00"} for day in range(4)]
    if who in people.executives:
        return {"topics": topics, "wants_to_understand": ["What a week looks like from there"], "availability": hours}
    if who == IN_NEW_YORK:
        hours = [{"weekday": day, "from": "08:00", "to": "12:00"} for day in range(5)]
    return {
        "topics": topics, "superpower": f"I see what newcomers see, says {who}", "availability": hours,
        "boundaries": story.secret(f"boundaries of {who}", who), **({"capacity": 2} if who == TAKES_TWO else {}),
    }  # fmt: skip


async def decide(story: Story) -> None:
    """The manager approves, waits with one and declines one; forty people take part."""
    path = f"/programs/{story.program}/enrollments"
    waiting = {one["id"] for one in await story.all("petra", path, state="applied")}
    parts = story.enrollments
    assert waiting == {parts[who] for who in parts if who not in (SAYS_NO, LEAVES)}
    assert (await story.post("petra", f"/enrollments/{parts[WAITS]}/waitlist"))["state"] == "waitlisted"
    assert (await story.post("petra", f"/enrollments/{parts[TOO_MANY]}/decline"))["state"] == "declined"
    rest = sorted(waiting - {parts[WAITS], parts[TOO_MANY]})
    await story.post("petra", f"{path}/bulk", action="approve", ids=rest)
    assert (await story.get(WAITS, f"/enrollments/{parts[WAITS]}"))["state"] == "waitlisted"
    assert (await story.post("petra", f"/enrollments/{parts[WAITS]}/approve"))["state"] == "approved"
    for gone in (SAYS_NO, LEAVES):
        await story.refused("petra", f"/enrollments/{parts[gone]}/approve", "illegal_transition")
    counts = (await story.get("petra", f"/programs/{story.program}"))["counts"]
    assert (counts["enrolled_mentors"], counts["enrolled_mentees"], counts["waiting"]) == (20, 20, 0)


async def make_ready(story: Story) -> None:
    """Nothing blocks; the one whose line nobody knows gets a manager; wishes, challenges, who comes to the kick-off."""
    assert await _blockers(story) == set()
    assert (await _advice(story))["unknown_lines"] == 2  # his, and that of the junior below him
    lost = story.cast[LOST].id
    enrollment = await story.get("petra", f"/enrollments/{story.enrollments[LOST]}")
    assert enrollment["obstacles"] == ["unknown_line"]
    await story.patch("olga", f"/people/{lost}", manager_id=str(story.cast["timo"].id))
    assert "unknown_lines" not in await _advice(story)

    wished = await story.put(
        "noa", f"/enrollments/{story.enrollments['noa']}/wishes", person_ids=[str(story.cast["maria"].id)]
    )
    assert [one["person"]["display_name"] for one in wished["items"]] == ["Maria Sandell"]
    seen = await story.all("camilla", f"/programs/{story.program}/candidates", side="mentor")
    assert len(seen) == 20
    for who in ("jukka", "ingrid", "marja"):
        challenge = await story.post(
            who, f"/programs/{story.program}/challenges", title="How do we recruit people like you?",
            text="What made you nearly say no to us?", topics=["career-paths"],
        )  # fmt: skip
        story.know("challenge_id", challenge["id"])
    await story.refused("noa", f"/programs/{story.program}/challenges", "forbidden", title="Mine", text="Mine")
    assert len(await story.all("noa", f"/programs/{story.program}/challenges")) == 3
    for event in sorted(story.ids["event_id"]):
        answer = await story.client("noa").post(f"/v1/program-events/{event}/attendance", json={"attending": True})
        assert answer.json()["my_attendance"] == "yes"
    taking_part = [who for who, id in story.enrollments.items() if who not in (SAYS_NO, LEAVES, TOO_MANY)]
    late = "saga"  # she finishes hers only when the first session asks for it (H8)
    await asyncio.gather(
        *(
            story.post(who, f"/enrollments/{story.enrollments[who]}/complete-primer")
            for who in taking_part
            if who != late
        )
    )
    assert later(days=1) < "2026-12-31"
