"""Act four: what life brings: a new manager, a farewell, a break, an exit; each is neutral, and a new pair follows."""

from typing import Any

from whole.story import Story

THE_EXIT = "2027-04-21T06:41:07.583000Z"  # a moment at which nothing else happens


async def reorganize(story: Story, pair: dict[str, Any]) -> None:
    """The junior gets their executive as manager: the pair is suspended in that very request (H2)."""
    mentor, mentee = story.two(pair)
    await story.patch("olga", f"/people/{story.cast[mentor].id}", manager_id=str(story.cast[mentee].id))
    for who in (mentor, mentee, "petra"):
        assert (await story.get(who, f"/pairs/{pair['id']}"))["state"] == "suspended_conflict"
    await story.refused(mentee, f"/pairs/{pair['id']}/arc", "pair_not_active")
    await story.run_jobs()
    today = await story.get("petra", "/me/today")
    assert any("suspended" in action["kind"] or "care" in action["kind"] for action in today["actions"]), today[
        "actions"
    ]
    for who in (mentor, mentee):
        await _wish_for_another(story, pair, who)


async def say_farewell(story: Story, pair: dict[str, Any]) -> None:
    """An executive leaves the company, after their people got another manager; the junior wishes for a new pair."""
    mentor, mentee = story.two(pair)
    team = [
        one
        for one in await story.all("olga", "/people")
        if one["manager"] and one["manager"]["id"] == str(story.cast[mentee].id)
    ]
    boss = (await story.get("olga", f"/people/{story.cast[mentee].id}"))["manager"]["id"]
    for one in team:
        await story.patch("olga", f"/people/{one['id']}", manager_id=boss)
    await story.delete("olga", f"/people/{story.cast[mentee].id}")
    assert (await story.get(mentor, f"/pairs/{pair['id']}"))["state"] == "paused"
    answer = await story.client(mentee).get("/v1/me")
    assert answer.status_code == 401
    await story.refused(mentor, f"/pairs/{pair['id']}/resume", "person_left")
    await _wish_for_another(story, pair, mentor)


async def take_a_break(story: Story, pair: dict[str, Any]) -> None:
    """Either may pause without a reason, and either goes on."""
    mentor, mentee = story.two(pair)
    assert (await story.post(mentor, f"/pairs/{pair['id']}/pause"))["state"] == "paused"
    await story.refused(mentee, f"/pairs/{pair['id']}/arc", "pair_not_active")
    await story.pass_days(7)
    assert (await story.post(mentee, f"/pairs/{pair['id']}/resume"))["state"] == "active"


async def leave(story: Story, pair: dict[str, Any]) -> None:
    """The junior leaves the pair (H4); both wish for another one."""
    mentor, mentee = story.two(pair)
    await story.until(THE_EXIT)
    assert (await story.post(mentor, f"/pairs/{pair['id']}/end"))["state"] == "ended_early"
    await story.run_jobs()
    await story.until("2027-04-23T08:00:00Z")
    seen = [await story.get(who, f"/pairs/{pair['id']}/history") for who in (mentor, mentee, "petra")]
    assert seen[0] == seen[1] == seen[2]
    assert [one["state"] for one in seen[0]["items"]][-2:] == ["active", "ended_early"]
    parts = [await story.get("petra", f"/enrollments/{story.enrollments[who]}") for who in (mentor, mentee)]
    alike = [{name: part[name] for name in ("state", "rests_until", "obstacles")} for part in parts]
    assert alike[0] == alike[1]
    assert alike[0]["state"] == "approved"
    for who in (mentor, mentee):
        await _wish_for_another(story, pair, who)


async def _wish_for_another(story: Story, pair: dict[str, Any], who: str) -> None:
    assert (await story.get(who, f"/pairs/{pair['id']}"))["can"]["rematch"]["allowed"]
    assert (await story.post(who, f"/pairs/{pair['id']}/rematch"))["state"] == "ended_early"
    await story.refused(who, f"/pairs/{pair['id']}/rematch", "already_looking")
