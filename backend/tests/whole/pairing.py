"""Act two: the best pairs are searched, mentors are asked first; a no, silence, the next best; until all are paired."""

import asyncio
from datetime import datetime
from typing import Any

from whole.beginning import TAKES_TWO
from whole.story import Story

THE_NO = "2026-12-03T07:13:29.417000Z"  # a moment at which nothing else happens


async def search(story: Story) -> None:
    """A search, a look at it, a pin, a reject, another search; nothing inside a reporting line (H1)."""
    first = await _run(story)
    suggestions = await story.all("petra", f"/match-runs/{first}/suggestions")
    assert len(suggestions) == 20
    keep, drop = suggestions[0], suggestions[-1]
    assert (await story.post("petra", f"/suggestions/{keep['id']}/pin"))["state"] == "pinned"
    assert (await story.post("petra", f"/suggestions/{drop['id']}/reject"))["state"] == "rejected"
    run = await _run(story)
    found = await story.all("petra", f"/match-runs/{run}/suggestions")
    couples = {_both(one) for one in found}
    assert _both(keep) in couples
    assert _both(drop) not in couples
    assert len(found) == 20
    for one in found:
        line = await story.get("olga", f"/people/{one['mentor']['id']}/reporting-line")
        assert one["mentee"]["id"] not in {boss["id"] for boss in line["above"]}
    why = await story.get(
        "petra", f"/match-runs/{run}/explanation", mentor_id=str(story.cast["noa"].id),
        mentee_id=str(story.cast["olli"].id),
    )  # fmt: skip
    assert why["failing_rule"] in ("reporting_line", "different_team")
    story.know("run_id", first, run)
    story.know("suggestion_id", *(one["id"] for one in found[:3]))
    assert (await story.post("petra", f"/match-runs/{run}/publish"))["state"] == "published"
    await story.run_jobs()
    assert (await story.get("petra", f"/programs/{story.program}"))["state"] == "running"


def _both(one: dict[str, Any]) -> tuple[str, str]:
    return one["mentor"]["id"], one["mentee"]["id"]


async def _run(story: Story) -> str:
    made = await story.post("petra", f"/programs/{story.program}/match-runs", cohort_id=story.cohort)
    await story.run_jobs()
    run = await story.get("petra", f"/match-runs/{made['id']}")
    assert (run["state"], run["proven"], run["pairs"]) == ("done", True, 20), run
    return str(made["id"])


async def ask(story: Story) -> dict[str, Any]:
    """Seventeen say yes twice; a junior says no, another nothing, an executive nothing, another no.

    Returns:
        the pair of the junior's no.
    """
    offers = [pair for pair in await story.pairs() if story.two(pair)[0] not in (TAKES_TWO, "lucas", "noa", "saga")]
    others = [pair for pair in await story.pairs() if pair["id"] not in {one["id"] for one in offers}]
    no, silent, late, refusing, *rest = offers
    assert {pair["state"] for pair in [*offers, *others]} == {"asked_mentor"}
    mentor, mentee = story.two(no)
    await story.hidden(mentee, f"/pairs/{no['id']}")  # the executive hears of a yes alone (H3)
    assert (await story.get(mentee, "/me/today"))["pairs"] == []

    yes = [late, refusing, *rest, *others]
    answers = await asyncio.gather(*(story.post(story.two(pair)[0], f"/pairs/{pair['id']}/accept") for pair in yes))
    assert {answer["state"] for answer in answers} == {"asked_mentee"}
    await story.run_jobs()
    twice = [*rest, *others]
    answers = await asyncio.gather(*(story.post(story.two(pair)[1], f"/pairs/{pair['id']}/accept") for pair in twice))
    assert {answer["state"] for answer in answers} == {"active"}
    executive = story.two(refusing)[1]
    story.noes = {refusing["id"]: executive, no["id"]: mentor}
    assert (await story.post(executive, f"/pairs/{refusing['id']}/decline"))["state"] == "declined"

    story.clock.freeze(THE_NO)
    assert (await story.post(mentor, f"/pairs/{no['id']}/decline"))["state"] == "declined"
    await story.run_jobs()
    await story.until("2026-12-07T08:00:00Z")
    for pair in (no, silent):  # to the manager the two look the same
        assert (await story.get("petra", f"/pairs/{pair['id']}"))["state"] == "asked_mentor"
    await story.until("2026-12-09T08:00:00Z")
    over = {pair["id"]: pair["state"] for pair in await story.pairs()}
    assert {over[pair["id"]] for pair in (no, silent, late, refusing)} == {"expired"}
    assert (await story.get(mentor, f"/pairs/{no['id']}"))["state"] == "declined"
    return no


async def find_the_rest(story: Story, before: str) -> None:
    """The next best are asked by themselves, until everybody has a pair or nobody is left to be asked."""
    while datetime.fromisoformat(before) > story.clock.now():
        await story.pass_days(1)
        asked = [pair for pair in await story.pairs() if pair["state"] in ("asked_mentor", "asked_mentee")]
        if not asked and len(await running(story)) == 20:
            break
        await asyncio.gather(*(_both_say_yes(story, pair) for pair in asked))
        await story.run_jobs()
    assert len(await running(story)) == 20
    unplaced = await story.all("petra", f"/programs/{story.program}/unplaced")
    assert {one["role"] for one in unplaced} <= {"mentor"}


async def _both_say_yes(story: Story, pair: dict[str, Any]) -> None:
    mentor, mentee = story.two(pair)
    assert (await story.post(mentor, f"/pairs/{pair['id']}/accept"))["state"] == "asked_mentee"
    assert (await story.post(mentee, f"/pairs/{pair['id']}/accept"))["state"] == "active"


async def running(story: Story) -> list[dict[str, Any]]:
    """The pairs that meet now."""
    return [pair for pair in await story.pairs() if pair["state"] == "active"]


async def agree(story: Story, pair: dict[str, Any]) -> None:
    """First contact by the executive (S8), the agreement of both (H7), goals, the whole arc in one action (S2)."""
    mentor, mentee = story.two(pair)
    path = f"/pairs/{pair['id']}"
    assert (await story.get(mentee, path))["first_contact"]["due_on"]
    await story.refused(mentor, f"{path}/first-contact", "forbidden")
    await story.post(mentee, f"{path}/first-contact")
    await story.refused(mentee, f"{path}/arc", "agreement_missing")
    assert (await story.get(mentor, f"{path}/agreement"))["protected_minutes_per_month"] > 0
    for who in (mentor, mentee):
        signed = await story.post(who, f"{path}/agreement/sign", protects_time=True)
    assert signed["agreement"]["mentor_signed_at"]
    assert signed["agreement"]["mentee_signed_at"]
    await story.post(mentee, f"{path}/goals", text=story.secret("ask before I answer", mentor, mentee))
    boundaries = (await story.get(mentee, f"{path}/boundaries"))["text"]
    story.secrets[boundaries.split()[-1]].add(mentee)
    ahead = await story.get(mentee, f"{path}/arc")
    booked = await story.post(mentee, f"{path}/arc")
    assert [one["number"] for one in booked["items"]] == [1, 2, 3, 4, 5, 6]
    assert [one["starts_at"] for one in booked["items"]] == [one["starts_at"] for one in ahead["items"]]
    story.know("pair_id", pair["id"])
