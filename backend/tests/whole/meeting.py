"""Act three: six months of sessions: held, moved, cancelled, missed, lapsed; what is written, asked and felt."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from whole.pairing import agree
from whole.story import Story, later

from vuoro.feedback.models import ITEMS
from vuoro.feedback.words import FIT_ITEMS, GROWTH_ITEMS

PULSES, FIT, GROWTH = (1, 3, 6), {1: "first", 3: "midpoint"}, {1: "start", 3: "middle", 6: "end"}
#: (what becomes of this pair, at which session) → what happens to it instead of being held.
INSTEAD: Mapping[tuple[str, int], str] = {
    ("moves", 2): "move", ("cancels", 2): "cancel", ("cancels", 3): "cancel", ("misses", 2): "miss",
    ("lapses", 3): "nothing",
}  # fmt: skip

STAY = ("heart", "shadow")


class Meetings:
    """The sessions of all pairs, week by week; `fates` tells which pair has another story than most."""

    def __init__(self, story: Story, fates: dict[str, str]) -> None:
        self.story, self.fates = story, fates
        self.happened: set[tuple[str, int]] = set()  # each turn of fate once
        self.held: dict[str, int] = {}  # by pair id, without the shadow
        self.anew: list[dict[str, Any]] = []  # pairs that began after the others
        self.diary: dict[str, list[dict[str, Any]]] = {}  # what is ahead, by pair id

    async def weeks(self, count: int) -> None:
        """So many weeks, in each of which what is due takes place, and whoever is asked says yes."""
        for _ in range(count):
            await self.story.pass_days(7)
            pairs = await self.story.pairs()
            asked = [pair for pair in pairs if pair["state"] == "asked_mentor"]
            meet = [pair for pair in pairs if pair["state"] == "active"]
            await asyncio.gather(*(self._week(pair) for pair in meet), *(self._begin(pair) for pair in asked))
            await asyncio.gather(*(self.complete(pair) for pair in await self.story.pairs(state="closing")))

    async def _begin(self, pair: dict[str, Any]) -> None:
        mentor, mentee = self.story.two(pair)
        await self.story.post(mentor, f"/pairs/{pair['id']}/accept")
        await self.story.post(mentee, f"/pairs/{pair['id']}/accept")
        await agree(self.story, pair)
        self.anew.append(pair)

    async def complete(self, pair: dict[str, Any]) -> None:
        """The last session is held: one commitment of the executive (S10), and who stays in touch."""
        story, (mentor, mentee), path = self.story, self.story.two(pair), f"/pairs/{pair['id']}"
        await story.refused(mentor, f"{path}/close", "forbidden", commitment="Theirs")
        commitment = story.secret("I ask one junior before each decision", mentor, mentee)
        assert (await story.post(mentee, f"{path}/close", commitment=commitment))["state"] == "completed"
        assert (await story.get(mentor, path))["commitment"] == commitment
        stays = self.fates.get(pair["id"]) in STAY
        await story.post(mentor, f"{path}/stay-in-touch", yes=True)
        await story.post(mentee, f"{path}/stay-in-touch", yes=stays)

    async def _week(self, pair: dict[str, Any]) -> None:
        """What is due in one pair this week; a pair with nothing due costs no request."""
        now, id = self.story.clock.now(), pair["id"]
        if id not in self.diary:
            await self._read(pair)
        acted = False
        for one in self.diary[id]:
            fate = INSTEAD.get((self.fates.get(id, ""), one["number"] or 0), "hold")
            if (id, one["number"]) in self.happened:
                fate = "hold"
            begins, ends = (datetime.fromisoformat(one[name]) for name in ("starts_at", "ends_at"))
            if fate == "nothing" and ends + timedelta(days=15) < now:
                self.happened.add((id, one["number"]))
                assert (await self.story.get(self.story.two(pair)[0], f"/sessions/{one['id']}"))["state"] == "lapsed"
                acted = True
            elif (
                (begins < now + timedelta(days=7))
                if fate in ("move", "cancel")
                else (ends <= now and fate != "nothing")
            ):
                await getattr(self, f"_{fate}")(pair, one)
                if fate != "hold":
                    self.happened.add((id, one["number"]))
                acted = True
        if acted:
            await self._plan_again(pair)
            await self._read(pair)

    async def _read(self, pair: dict[str, Any]) -> None:
        sessions = await self.story.all(self.story.two(pair)[0], f"/pairs/{pair['id']}/sessions")
        self.diary[pair["id"]] = [one for one in sessions if one["state"] in ("proposed", "scheduled")]

    async def _plan_again(self, pair: dict[str, Any]) -> None:
        """What was cancelled, missed or lapsed gets a new time, by the executive."""
        mentee = self.story.two(pair)[1]
        if pair["id"] not in self.fates or self.held.get(pair["id"]) == 6:
            return
        rest = await self.story.get(mentee, f"/pairs/{pair['id']}/arc")
        if rest["items"]:
            await self.story.post(mentee, f"/pairs/{pair['id']}/arc")

    async def _move(self, pair: dict[str, Any], session: dict[str, Any]) -> None:
        """The executive's assistant offers other times; the junior takes one (S3)."""
        story, (mentor, mentee), path = self.story, self.story.two(pair), f"/sessions/{session['id']}"
        assert pair["id"] in {one["pair_id"] for one in (await story.get("selma", "/me/delegated-pairs"))["items"]}
        seen = await story.get("selma", path)
        assert (seen["agenda"], seen["number"]) == (None, None)
        await story.refused("selma", f"{path}/cancel", "not_for_delegates", reason_class="work")
        free = await story.get("selma", f"/pairs/{pair['id']}/free-times", session_id=session["id"])
        slots = [one["starts_at"] for one in free["items"]][-2:]
        moved = await story.post("selma", f"{path}/move", slots=slots)
        assert (moved["state"], moved["slots"]) == ("proposed", slots)
        await story.refused("selma", f"{path}/schedule", "not_your_turn", starts_at=slots[1])
        taken = await story.post(mentor, f"{path}/schedule", starts_at=slots[1])
        assert (taken["state"], taken["starts_at"]) == ("scheduled", slots[1])
        assert len((await story.get(mentee, f"{path}/moves"))["items"]) == 1

    async def _cancel(self, pair: dict[str, Any], session: dict[str, Any]) -> None:
        """Of an executive's cancellations the first stays private, a later one counts (S3)."""
        mentee, path = self.story.two(pair)[1], f"/sessions/{session['id']}"
        gone = await self.story.post(mentee, f"{path}/cancel", reason_class="travel")
        assert (gone["state"], gone["my_cancellation"]) == (
            "cancelled",
            "private" if session["number"] == 2 else "counted",
        )
        await self.story.refused(mentee, f"{path}/hold", "illegal_transition")

    async def _miss(self, pair: dict[str, Any], session: dict[str, Any]) -> None:
        mentor, mentee = self.story.two(pair)
        missed = await self.story.post(mentor, f"/sessions/{session['id']}/miss", who="them")
        assert missed["state"] == "missed"
        assert "them" not in (await self.story.client(mentee).get(f"/v1/sessions/{session['id']}")).text

    async def _hold(self, pair: dict[str, Any], session: dict[str, Any]) -> None:
        """Met: prepared by both, marked as held by one tap, then what is asked of each."""
        story, (mentor, mentee), path = self.story, self.story.two(pair), f"/sessions/{session['id']}"
        number = session["number"]
        if pair["id"] in self.fates:  # most pairs talk without writing
            await story.put(mentor, f"{path}/agenda", text=story.secret(f"agenda {number}", mentor, mentee))
            await story.put(mentee, f"{path}/spark", text=story.secret(f"spark {number}", mentor, mentee))
        if number == 1 and not (await story.get(mentor, f"/enrollments/{story.enrollments[mentor]}"))["primer_done_at"]:
            await story.refused(mentee, f"{path}/hold", "primer_missing")  # H8
            await story.post(mentor, f"/enrollments/{story.enrollments[mentor]}/complete-primer")
        held = await story.post(mentee, f"{path}/hold")
        assert held["state"] == "held"
        self.held[pair["id"]] = self.held.get(pair["id"], 0) + (number is not None)
        for who, side in ((mentor, "mentor"), (mentee, "mentee")):
            if number in PULSES:
                await self._pulse(path, who, willing=side == "mentor" or self.fates.get(pair["id"]) == "heart")
            if number in FIT:
                await story.post(
                    who, f"/pairs/{pair['id']}/fit-checks", moment=FIT[number], scores=dict.fromkeys(FIT_ITEMS, 4),
                    wish="go_on", comment=story.secret("fit", who),
                )  # fmt: skip
            if number in GROWTH and pair["id"] not in {one["id"] for one in self.anew}:  # once in a programme
                scores = dict.fromkeys(GROWTH_ITEMS[side], 3 if number == 1 else 4)
                await story.put(
                    who, "/me/skill-growth", enrollment_id=story.enrollments[who], moment=GROWTH[number], scores=scores
                )

    async def _pulse(self, path: str, who: str, *, willing: bool) -> None:
        given = await self.story.post(
            who, f"{path}/feedback", scores=dict.fromkeys(ITEMS, 4), balance=50, open_if_both=willing,
            comment=self.story.secret("pulse", who),
        )  # fmt: skip
        assert given["state"] == "given"

    async def shadow(self, pair: dict[str, Any]) -> None:
        """The mentor joins a management meeting: beside the arc, without a number."""
        mentor, mentee = self.story.two(pair)
        made = await self.story.post(
            mentee, f"/pairs/{pair['id']}/sessions", kit="shadow", minutes=90, time_zone="Europe/Helsinki",
            starts_at=later(days=2), place="The board room",
        )  # fmt: skip
        assert made["number"] is None
        self.story.clock.advance(days=3)
        assert (await self.story.post(mentor, f"/sessions/{made['id']}/hold"))["state"] == "held"


async def talk(story: Story, pair: dict[str, Any]) -> None:
    """Everything that two people can write in their room, and who may read it."""
    (mentor, mentee), path = story.two(pair), f"/pairs/{pair['id']}"
    both = mentor, mentee
    sessions = await story.all(mentor, f"{path}/sessions")
    held = next(one["id"] for one in sessions if one["state"] == "held")
    ahead = next(one["id"] for one in sessions if one["state"] == "scheduled")
    story.know("session_id", held, ahead)
    room = f"/sessions/{held}"
    deeds = [
        (mentor, f"{room}/notes", {"visibility": "mine", "text": story.secret("my note", mentor)}, "note_id"),
        (mentee, f"{room}/notes", {"visibility": "mine", "text": story.secret("my note", mentee)}, "note_id"),
        (mentor, f"{room}/notes", {"visibility": "ours", "text": story.secret("our note", *both)}, "note_id"),
        (mentor, f"{room}/thoughts", {"lane": "see", "text": story.secret("I see", mentor), "visibility": "mine"},
         "thought_id"),
        (mentee, f"{room}/thoughts", {"lane": "wonder", "text": story.secret("I wonder", *both)}, "thought_id"),
        (mentee, f"{room}/action-items", {"text": story.secret("I call HR", *both), "owner": "mentee"}, "item_id"),
        (mentor, f"{room}/takeaways", {"text": story.secret("mine", mentor), "visibility": "mine"}, "takeaway_id"),
        (mentee, f"{room}/takeaways", {"text": story.secret("ours", *both), "visibility": "ours"}, "takeaway_id"),
        (mentee, f"{path}/thanks", {"text": story.secret("thanks", *both), "session_id": held}, "thanks_id"),
        (mentor, f"{path}/goals", {"text": story.secret("argue better", *both)}, "goal_id"),
        (mentor, "/idea-seeds", {"text": story.secret("a seed", mentor)}, "seed_id"),
        (mentor, "/idea-seeds", {"text": story.secret("another seed", mentor)}, "seed_id"),
    ]  # fmt: skip
    made = {}
    for who, where, body, parameter in deeds:
        made[parameter] = (await story.post(who, where, **body))["id"]
        story.know(parameter, made[parameter])
    done = await story.post(mentee, f"/action-items/{made['item_id']}/finish")
    assert done["state"] == "done"
    await story.post(mentor, f"/idea-seeds/{made['seed_id']}/bring", session_id=ahead,
                     text=story.secret("the seed in other words", *both))  # fmt: skip
    message = await story.post(
        mentor, "/candid-messages", pair_id=pair["id"], tone="plain", situation=story.secret("in the meeting", mentor),
        text=story.secret("you spoke over her", *both), behaviour="You spoke.", impact="She fell silent.",
    )  # fmt: skip
    story.know("message_id", message["id"])
    await story.hidden(mentee, f"/candid-messages/{message['id']}")
    await story.post(mentor, f"/candid-messages/{message['id']}/give")
    answered = await story.post(
        mentee, f"/candid-messages/{message['id']}/answer", answer="will_try", text=story.secret("I shall", *both)
    )
    assert answered["state"] == "answered"
    assert answered["situation"] is None
    opened = await story.get(mentor, f"{room}/feedback")
    assert opened["theirs"]["scores"] == dict.fromkeys(ITEMS, 4)  # both were willing
    assert opened["theirs"]["comment"] is None


async def survey(story: Story, template: str, days: int) -> None:
    """A survey from a template; everybody who is asked answers."""
    made = await story.post(
        "petra", "/surveys", program_id=story.program, template=template, closes_at=later(days=days)
    )
    story.know("survey_id", made["id"])
    await story.post("petra", f"/surveys/{made['id']}/publish")
    pairs = await story.pairs(state="active")
    people = {who for pair in pairs for who in story.two(pair)}
    answers = {}
    for question in made["questions"]:
        kind = question["type"]
        options = [option["key"] for option in question["options"]]
        answers[question["key"]] = {
            "scale": 4, "yes_no": True, "text": "More time", "number": 3, "single": options[:1] and options[0],
            "multiple": options[:1],
        }[kind]  # fmt: skip
    await asyncio.gather(*(story.post(who, f"/surveys/{made['id']}/responses", answers=answers) for who in people))
    await story.refused("petra", f"/surveys/{made['id']}/responses", "forbidden", answers=answers)


async def concern(story: Story, who: str) -> None:
    """A word to the safeguarding contact, who alone reads it and answers."""
    contacts = await story.get(who, "/concerns/contacts")
    assert [one["person"]["display_name"] for one in contacts["items"]] == ["Ritva Kanto"]
    made = await story.post(
        who, "/concerns", about="pair", wants_contact=True, text=story.secret("it felt wrong", who, "ritva")
    )
    story.know("concern_id", made["id"])
    await story.run_jobs()
    assert (await story.post("ritva", f"/concerns/{made['id']}/acknowledge"))["state"] == "acknowledged"
    closed = await story.post("ritva", f"/concerns/{made['id']}/close", answer=story.secret("we talked", who, "ritva"))
    assert closed["state"] == "closed"
