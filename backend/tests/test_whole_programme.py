"""A whole programme, as its people live it: forty of a company of 55, from the first draft to the next cohort.

Everything goes through the public API; the worker's sweep moves time. Read it as a story, act by act: each act is a
module of tests/whole.
"""

import asyncio
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from whole import beginning, ending, meeting, pairing, turning
from whole.company import hire
from whole.looking import Look
from whole.story import Story

FATES = ("heart", "moves", "cancels", "misses", "lapses", "shadow", "moved", "leaver", "pause", "exit")
WATCHERS = ("petra", "helena", "astrid", "ritva", "selma", "noa")


async def machine_key(story) -> str:
    """The key of a BI client; there are an app and an address for events as well."""
    hook = await story.post("olga", "/webhook-endpoints", url="https://localhost:9/", event_types=["program.moved"])
    sent = await story.post("olga", f"/webhook-endpoints/{hook['id']}/test")
    story.know("endpoint_id", hook["id"])
    story.know("delivery_id", sent["id"])
    app = await story.post("olga", "/oauth-clients", name="Turns", redirect_uris=["com.example.turns:/back"])
    scopes = ["people:read", "programs:read", "pairs:read", "insights:read"]
    client = await story.post("olga", "/api-clients", name="BI", scopes=scopes)
    story.know("oauth_client_id", app["id"])
    story.know("client_id", client["id"])
    directory = await story.post("olga", "/scim-connections", name="Directory", preset="entra")
    story.know("connection_id", directory["id"])
    return (await story.post("olga", f"/api-clients/{client['id']}/secrets"))["secret"]


async def test_forty_people_live_a_programme_from_draft_to_the_next_cohort(api, world, contract, clock, run_jobs):
    clock.freeze("2026-12-01T08:00:00Z")
    story = Story(api, await hire(api, world, run_jobs), clock, run_jobs)
    imported = (await story.all("olga", "/imports"))[0]
    columns = await story.post("olga", "/import-mappings", name="HR", import_id=imported["id"])
    story.know("mapping_id", columns["id"])

    # Act one: set up, invite, apply, decide.
    await beginning.set_up(story)
    code = await beginning.invite(story)
    await run_jobs()
    await beginning.apply(story, code)
    await beginning.decide(story)
    await beginning.make_ready(story)

    # Act two: match, ask the mentors first, live with a no; everybody has a pair before the kick-off.
    await pairing.search(story)
    refused = await pairing.ask(story)
    await pairing.find_the_rest(story, "2027-01-10T00:00:00Z")
    await story.until("2027-01-12T08:00:00Z")
    pairs = await pairing.running(story)
    of_two = [pair for pair in pairs if story.two(pair)[0] == beginning.TAKES_TWO]
    await asyncio.gather(*(pairing.agree(story, pair) for pair in pairs if pair not in of_two))
    for pair in of_two:
        await pairing.agree(story, pair)
    across = next(pair for pair in pairs if story.two(pair)[0] == beginning.IN_NEW_YORK)
    for one in await story.all(beginning.IN_NEW_YORK, f"/pairs/{across['id']}/sessions"):
        assert 8 <= datetime.fromisoformat(one["starts_at"]).astimezone(ZoneInfo("America/New_York")).hour < 12

    # Act three: sessions. Ten pairs have a fate of their own; no director leaves or becomes a manager of somebody.
    usual = [pair for pair in pairs if story.two(pair)[0] not in (beginning.TAKES_TWO, beginning.IN_NEW_YORK, "saga")]
    usual.sort(key=lambda pair: story.two(pair)[1] in story.cast.directors)
    fated = dict(zip(FATES, usual, strict=False))
    heart, gone = fated["heart"], fated["exit"]
    await story.put(story.two(fated["moves"])[1], "/me/delegate", person_id=str(story.cast["selma"].id))
    await story.put(story.two(heart)[0], f"/pairs/{heart['id']}/sharing", allowed=True)
    meetings = meeting.Meetings(story, {pair["id"]: fate for fate, pair in fated.items()})
    await meetings.weeks(4)
    assert set(Counter(meetings.held.values())) == {1}
    await meeting.talk(story, heart)
    await meeting.survey(story, "midpoint", 14)
    await meeting.concern(story, "siiri")
    await meetings.weeks(4)
    waves = await ending.read_figures(story)
    assert waves["pulse", 1] == waves["fit", 1] == waves["growth_mentor", 1] == waves["survey", 1] == "published"
    assert waves["pulse", 3] == "waiting"

    # Act four: a reorganization, a farewell, a break, an exit; new pairs for those who wish.
    await meetings.shadow(fated["shadow"])
    await turning.reorganize(story, fated["moved"])
    await turning.say_farewell(story, fated["leaver"])
    await turning.take_a_break(story, fated["pause"])
    await meetings.weeks(4)
    await turning.leave(story, gone)
    await meetings.weeks(6)
    assert len(meetings.anew) >= 2
    assert len(meetings.happened) == 5, meetings.happened

    # What everybody can get, of all of this.
    strangers = {"machine": api(await machine_key(story)), "nordlys": api(world.admin)}
    keep = {pair["id"] for pair in (heart, gone, refused, fated["moved"])}
    story.ids["pair_id"] = keep
    concerned = {who for pair in (gone, refused) for who in story.two(pair)}
    story.ids["enrollment_id"] = {story.enrollments[who] for who in concerned}
    story.ids["person_id"] = {str(story.cast[who].id) for who in concerned}
    story.ids["import_id"] = {one["id"] for one in await story.all("olga", "/imports")}
    for kind in ("event_id", "challenge_id", "suggestion_id", "run_id"):  # public to those who may read one of them
        story.ids[kind] = {min(story.ids[kind])}
    look = Look(story, contract.document, strangers)
    await look.around(*WATCHERS, *story.two(heart), story.two(refused)[1], story.two(gone)[1])
    assert len(look.private_words()) > 20
    look.trace_of_a_no(refused["id"], story.two(refused)[0], pairing.THE_NO)
    assert look.trace_of_an_exit(turning.THE_EXIT) == 2  # the other one and the manager read that it ended
    shared = [one["id"] for path, one in look.answers["machine"] if path == f"/v1/pairs/{heart['id']}"]
    assert shared == [heart["id"]]

    # Act five: closing, figures, the next cohort.
    await meetings.weeks(4)
    await story.post("petra", f"/programs/{story.program}/transitions", to="closing")
    await meetings.weeks(1)
    await ending.next_cohort(story)
    await story.until("2027-07-28T08:00:00Z")
    states = Counter(pair["state"] for pair in await story.pairs())
    assert states["stay_in_touch"] == 2
    assert states["completed"] >= 17
    assert states["ended_early"] == 3
    assert not set(states) & {"asked_mentor", "asked_mentee", "active", "paused", "closing", "declined"}
    assert set((await ending.read_figures(story)).values()) <= {"published", "too_few"}
    await ending.read_worth(story)
    await ending.close_programme(story)
