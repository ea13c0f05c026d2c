"""Candid messages: drafts for their author alone, giving, taking back, and one answer."""

import asyncio

import pytest
from sessions.meetings import set_pair, signed_pair
from sqlalchemy import select
from support.contract import etag_of, problem

from vuoro.core.outbox import OutboxFact
from vuoro.insights import candid, states

PATH = "/v1/candid-messages"
WORDS = {
    "situation": "In Monday's meeting", "behaviour": "you answered for me", "impact": "I said no more",
    "tone": "gentle", "text": "On Monday you answered for me, and I said no more. May I answer myself next time?",
}  # fmt: skip


async def compose(client, pair, **more):
    return await client.post(PATH, json={"pair_id": str(pair.pair_id), **WORDS, **more})


async def given(client, pair, **more):
    answer = await compose(client, pair, state="given", **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def act(client, message, action, **sent):
    return await client.post(f"{PATH}/{message['id']}/{action}", json=sent or None)


async def read(client, message):
    return (await client.get(f"{PATH}/{message['id']}")).json()


async def asked(client):
    actions = (await client.get("/v1/me/today")).json()["actions"]
    return [(action["params"], action["link"]) for action in actions if action["kind"] == "answer_candid"]


def allowed(thing):
    return {name for name, answer in thing["can"].items() if answer["allowed"]}


async def test_a_draft_is_its_authors_alone(pair):
    composed = await compose(pair.mentor, pair)
    draft = composed.json()
    assert {name: draft[name] for name in WORDS} == WORDS
    assert (draft["state"], draft["mine"], draft["given_at"], allowed(draft)) == (
        "draft", True, None, {"edit", "delete", "give"},
    )  # fmt: skip
    for action in ("give", "withdraw", "answer"):
        answer = await act(pair.mentee, draft, action, **({"answer": "heard"} if action == "answer" else {}))
        problem(answer, 404, "not_found")
    problem(await pair.mentee.get(f"{PATH}/{draft['id']}"), 404, "not_found")
    problem(await pair.mentee.delete(f"{PATH}/{draft['id']}", headers=etag_of(composed)), 404, "not_found")
    assert (await pair.mentee.get(PATH)).json()["items"] == []


async def test_a_draft_is_worked_on_and_thrown_away(pair):
    draft = await compose(pair.mentor, pair, text="", impact="")
    path = f"{PATH}/{draft.json()['id']}"
    changed = await pair.mentor.patch(path, json={"impact": "I went quiet", "tone": "plain"}, headers=etag_of(draft))
    assert {name: changed.json()[name] for name in WORDS} == {
        **WORDS, "text": "", "impact": "I went quiet", "tone": "plain",
    }  # fmt: skip
    problem(await pair.mentor.patch(path, json={"text": "x"}, headers=etag_of(draft)), 412, "precondition_failed")
    assert problem(await act(pair.mentor, changed.json(), "give"), 422, "validation_failed")["errors"][0][
        "pointer"
    ] == "/text"  # fmt: skip
    assert (await pair.mentor.delete(path, headers=etag_of(changed))).status_code == 204
    problem(await pair.mentor.get(path), 404, "not_found")


async def test_the_other_one_reads_what_was_given_and_not_how_it_came_about(pair, clock):
    draft = (await compose(pair.mentor, pair)).json()
    clock.advance(hours=2)
    gave = (await act(pair.mentor, draft, "give")).json()
    assert (gave["state"], gave["situation"], gave["tone"]) == ("given", WORDS["situation"], "gentle")
    assert allowed(gave) == {"withdraw"}
    hers = await read(pair.mentee, draft)
    assert (hers["text"], hers["mine"], hers["state"], allowed(hers)) == (WORDS["text"], False, "given", {"answer"})
    assert {hers[name] for name in ("situation", "behaviour", "impact", "tone")} == {None}
    assert (hers["created_at"], hers["version"]) == (hers["given_at"], 1)


async def test_the_executive_answers_heard_or_will_try_once(pair):
    for answer, more in (("heard", {}), ("will_try", {"text": "I'll wait for you"})):
        message = await given(pair.mentor, pair)
        answered = await act(pair.mentee, message, "answer", answer=answer, **more)
        assert (answered.json()["state"], answered.json()["answer"]) == ("answered", answer)
        seen = await read(pair.mentor, message)
        assert (seen["answer"], seen["answer_text"], allowed(seen)) == (answer, more.get("text"), set())
        again = problem(await act(pair.mentee, message, "answer", answer="heard"), 409, "illegal_transition")
        assert again["params"] == {"state": "answered", "legal": []}
        problem(await act(pair.mentor, message, "withdraw"), 409, "illegal_transition")


async def test_each_step_is_its_own_sides(pair):
    message = await given(pair.mentor, pair)
    problem(await act(pair.mentor, message, "answer", answer="heard"), 403, "forbidden")
    problem(await act(pair.mentee, message, "withdraw"), 403, "forbidden")
    problem(await act(pair.mentee, message, "give"), 403, "forbidden")
    twice = problem(await act(pair.mentor, message, "give"), 409, "illegal_transition")
    assert twice["params"] == {"state": "given", "legal": ["draft"]}
    fresh = await pair.mentor.get(f"{PATH}/{message['id']}")
    answer = await pair.mentor.patch(f"{PATH}/{message['id']}", json={"text": "x"}, headers=etag_of(fresh))
    problem(answer, 409, "already_given")
    problem(await pair.mentor.delete(f"{PATH}/{message['id']}", headers=etag_of(fresh)), 409, "already_given")
    hers = await pair.mentee.get(f"{PATH}/{message['id']}")
    answer = await pair.mentee.delete(f"{PATH}/{message['id']}", headers={"If-Match": fresh.headers["etag"]})
    problem(answer, 403, "forbidden")
    assert hers.json()["text"] == WORDS["text"]


async def test_a_message_taken_back_leaves_no_trace_and_can_be_given_again(pair, clock):
    message = await given(pair.mentor, pair)
    back = (await act(pair.mentor, message, "withdraw")).json()
    assert (back["state"], back["given_at"], back["text"], back["situation"]) == (
        "draft", None, WORDS["text"], WORDS["situation"],
    )  # fmt: skip
    problem(await pair.mentee.get(f"{PATH}/{message['id']}"), 404, "not_found")
    problem(await act(pair.mentee, message, "answer", answer="heard"), 404, "not_found")
    assert (await asked(pair.mentee), (await pair.mentee.get(PATH)).json()["items"]) == ([], [])
    clock.advance(days=1)
    await act(pair.mentor, message, "give")
    hers = await read(pair.mentee, message)
    assert (hers["version"], hers["created_at"]) == (1, "2026-11-25T09:00:00.000Z")


async def test_taking_back_and_answering_at_once_have_one_effect(pair):
    await pair.mentee.get("/v1/sessions")
    for _ in range(3):
        message = await given(pair.mentor, pair)
        back, answered = await asyncio.gather(
            act(pair.mentor, message, "withdraw"), act(pair.mentee, message, "answer", answer="heard")
        )
        assert (back.status_code, answered.status_code) in {(200, 404), (409, 200)}
        state = (await read(pair.mentor, message))["state"]
        assert state == ("draft" if back.status_code == 200 else "answered")


async def test_given_or_answered_many_times_at_once_it_is_done_once(pair):
    draft = (await compose(pair.mentor, pair)).json()
    gave = await asyncio.gather(*[act(pair.mentor, draft, "give") for _ in range(3)])
    assert sorted(answer.status_code for answer in gave) == [200, 409, 409]
    await pair.mentee.get("/v1/sessions")
    words = ("heard", "will_try", "heard")
    answers = await asyncio.gather(*[act(pair.mentee, draft, "answer", answer=word) for word in words])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    kept = next(answer for answer in answers if answer.status_code == 200).json()["answer"]
    assert (await read(pair.mentor, draft))["answer"] == kept


async def test_only_the_executive_is_asked_for_an_answer_though_both_may_give(pair, databases, world, statements):
    await given(pair.mentor, pair)
    await given(pair.mentor, pair)
    hers = await given(pair.mentee, pair, text="You gave up too early")
    assert await asked(pair.mentee) == [({"count": 2, "name": "Noa Virtanen"}, f"/pairs/{pair.pair_id}")]
    assert await asked(pair.mentor) == []
    assert allowed(await read(pair.mentor, hers)) == {"answer"}
    assert (await act(pair.mentor, hers, "answer", answer="will_try")).status_code == 200
    async with databases.app.transaction(world["maria"].actor) as db:
        with statements() as sent:
            found = await candid.unanswered_candid(db, db.me)
    assert (found, len(sent)) == ([candid.Unanswered(pair.pair_id, 2)], 1)
    await set_pair(databases.app, world["noa"], pair.pair_id, state="suspended_conflict")
    assert await asked(pair.mentee) == []


async def test_lists_are_filtered_and_the_newest_given_stands_first(pair, clock, databases, world, api):
    first = (await compose(pair.mentor, pair, text="One")).json()
    clock.advance(minutes=1)
    await given(pair.mentor, pair, text="Two")
    clock.advance(minutes=1)
    await act(pair.mentor, first, "give")
    clock.advance(minutes=1)
    await given(pair.mentee, pair, text="Hers")
    other = await signed_pair(databases.app, world, world["emil"], world["maria"])
    clock.advance(minutes=1)
    await api(world["emil"]).post(PATH, json={**WORDS, "pair_id": str(other), "text": "Emil's", "state": "given"})

    async def texts(client, **params):
        return [one["text"] for one in (await client.get(PATH, params=params)).json()["items"]]

    assert await texts(pair.mentee) == ["Emil's", "Hers", "One", "Two"]
    assert await texts(pair.mentee, pair_id=str(pair.pair_id)) == ["Hers", "One", "Two"]
    assert await texts(pair.mentee, mine=True) == ["Hers"]
    assert await texts(pair.mentor, mine=False) == ["Hers"]
    assert await texts(pair.mentor, state="draft") == []
    assert await texts(pair.mentor, pair_id=str(other)) == []
    page = (await pair.mentee.get(PATH, params={"limit": 3})).json()
    assert await texts(pair.mentee, cursor=page["next_cursor"]) == ["Two"]


async def test_a_list_takes_as_many_statements_however_many_messages(pair, statements):
    async def sent():
        with statements() as found:
            assert (await pair.mentor.get(PATH)).status_code == 200
        return len(found)

    message = await given(pair.mentor, pair)
    await act(pair.mentee, message, "answer", answer="heard", text="Yes")
    await compose(pair.mentor, pair)
    few = await sent()
    for _ in range(4):
        await act(pair.mentee, await given(pair.mentor, pair), "answer", answer="heard", text="Yes")
        await compose(pair.mentor, pair)
    assert await sent() == few


async def test_after_the_end_nothing_is_given_or_answered_and_what_was_not_answered_is_taken_back(
    pair, databases, world
):
    draft, message = (await compose(pair.mentor, pair)), await given(pair.mentor, pair)
    await set_pair(databases.app, world["noa"], pair.pair_id, state="ended_early")
    shut = {"allowed": False, "reason": "pair_not_active"}
    assert (await read(pair.mentor, draft.json()))["can"]["give"] == shut
    assert (await read(pair.mentee, message))["can"]["answer"] == shut
    problem(await act(pair.mentor, draft.json(), "give"), 409, "pair_not_active")
    problem(await act(pair.mentee, message, "answer", answer="heard"), 409, "pair_not_active")
    problem(await compose(pair.mentor, pair, state="given"), 409, "pair_not_active")
    assert (await compose(pair.mentor, pair)).status_code == 201
    assert (await act(pair.mentor, message, "withdraw")).status_code == 200
    gone = await pair.mentor.delete(f"{PATH}/{draft.json()['id']}", headers=etag_of(draft))
    assert gone.status_code == 204


async def test_a_message_belongs_to_an_own_pair(pair, databases, world, api):
    other = await signed_pair(databases.app, world, world["emil"], world["maria"])
    answer = await pair.mentor.post(PATH, json={**WORDS, "pair_id": str(other)})
    problem(answer, 404, "not_found")
    for who in (world.manager, world.admin, world["emil"], world.other_admin):
        problem(await compose(api(who), pair), 404, "not_found")


async def test_one_writes_so_many_messages_in_a_pair(pair, monkeypatch):
    monkeypatch.setattr(candid, "LIMIT", 1)
    await given(pair.mentor, pair)
    problem(await compose(pair.mentor, pair), 409, "too_many")
    assert (await compose(pair.mentee, pair)).status_code == 201


async def test_facts_carry_ids_alone(pair, databases, world):
    message = await given(pair.mentor, pair)
    await act(pair.mentee, message, "answer", answer="heard", text="Yes")
    async with databases.worker.transaction(world.system) as db:
        facts = (await db.execute(select(OutboxFact.kind, OutboxFact.payload).order_by(OutboxFact.id))).all()
    ids = {"candid_message_id": message["id"], "pair_id": str(pair.pair_id)}
    assert [tuple(fact) for fact in facts if fact.kind.startswith("candid")] == [
        ("candid_message.given", ids), ("candid_message.answered", ids),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [({"situation": "x" * 501}, "/situation"), ({"text": "x" * 1501}, "/text"), ({"tone": "harsh"}, "/tone"),
     ({"state": "answered"}, "/state"), ({"impact": "\x00"}, "/impact"), ({"pair_id": "x"}, "/pair_id"),
     ({"state": "given", "text": " "}, "/text"),
     (dict.fromkeys(("situation", "behaviour", "impact", "text"), ""), "/text")],
)  # fmt: skip
async def test_a_wrong_message_is_refused_with_its_place(pair, wrong, pointer):
    answer = await compose(pair.mentor, pair, **wrong)
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == pointer
    assert (await pair.mentor.get(PATH)).json()["items"] == []


@pytest.mark.parametrize("wrong", [{}, {"answer": "no"}, {"answer": "heard", "text": "x" * 281}, {"answer": None}])
async def test_an_answer_is_one_of_two(pair, wrong):
    message = await given(pair.mentor, pair)
    problem(await pair.mentee.post(f"{PATH}/{message['id']}/answer", json=wrong), 422, "validation_failed")
    assert (await read(pair.mentee, message))["state"] == "given"


def test_the_table_of_states_has_no_way_back_from_an_answer():
    assert states.steps("answered", "author") == states.steps("answered", "other") == []
    assert states.steps("given", "author") == ["draft"]
    assert states.steps("given", "other") == ["answered"]
    assert states.steps("draft", "other") == []
