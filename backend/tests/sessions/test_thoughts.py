"""The thought board: cards that both see and move, and drafts that only their author sees."""

import asyncio

import pytest
from sessions.meetings import set_pair
from support.contract import etag_of, problem

from vuoro.sessions import thoughts


async def put(client, session, text, lane="see", **more):
    return await client.post(f"/v1/sessions/{session['id']}/thoughts", json={"lane": lane, "text": text, **more})


async def board(client, session):
    items = (await client.get(f"/v1/sessions/{session['id']}/thoughts")).json()["items"]
    return [(card["lane"], card["text"]) for card in items]


def allowed(thing):
    return {name for name, answer in thing["can"].items() if answer["allowed"]}


async def test_a_card_is_on_the_board_for_both_at_once(pair):
    session = await pair.plan()
    card = (await put(pair.mentor, session, "  Nobody reads the report ")).json()
    assert (card["text"], card["side"], card["mine"], card["visibility"]) == (
        "Nobody reads the report", "mentor", True, "ours",
    )  # fmt: skip
    assert allowed(card) == {"edit", "delete", "move"}
    hers = (await pair.mentee.get(f"/v1/thoughts/{card['id']}")).json()
    assert (hers["text"], hers["side"], hers["mine"], allowed(hers)) == (card["text"], "mentor", False, {"move"})
    reply = (await put(pair.mentee, session, "Why do we write it?", "wonder")).json()
    assert (reply["side"], reply["mine"]) == ("mentee", True)


async def test_lanes_stand_in_their_order_and_new_cards_at_the_end(pair):
    session = await pair.plan()
    for lane, text in (("do", "D"), ("see", "A"), ("wonder", "C"), ("see", "A2"), ("think", "B")):
        await put(pair.mentor, session, text, lane)
    expected = [("see", "A"), ("see", "A2"), ("think", "B"), ("wonder", "C"), ("do", "D")]
    assert await board(pair.mentor, session) == await board(pair.mentee, session) == expected


async def test_either_moves_any_card_and_a_move_disturbs_no_edit(pair):
    session = await pair.plan()
    a, b, c = [(await put(pair.mentor, session, text)) for text in "ABC"]
    moved = await pair.mentee.post(f"/v1/thoughts/{c.json()['id']}/move", json={})
    assert [card["text"] for card in moved.json()["items"]] == ["C", "A", "B"]
    await pair.mentor.post(f"/v1/thoughts/{c.json()['id']}/move", json={"after_id": a.json()["id"]})
    assert await board(pair.mentee, session) == [("see", "A"), ("see", "C"), ("see", "B")]
    await pair.mentee.post(f"/v1/thoughts/{a.json()['id']}/move", json={"lane": "do"})
    assert await board(pair.mentee, session) == [("see", "C"), ("see", "B"), ("do", "A")]
    changed = await pair.mentor.patch(f"/v1/thoughts/{a.json()['id']}", json={"text": "A!"}, headers=etag_of(a))
    assert (changed.status_code, changed.json()["lane"], changed.json()["text"]) == (200, "do", "A!")
    assert changed.json()["edited_at"] is not None
    problem(
        await pair.mentor.post(f"/v1/thoughts/{a.json()['id']}/move", json={"after_id": b.json()["id"]}),
        422, "validation_failed",
    )  # fmt: skip


async def test_moves_at_once_lose_no_card(pair):
    session = await pair.plan()
    cards = [(await put(pair.mentor, session, str(n))).json()["id"] for n in range(6)]
    await pair.mentee.get("/v1/sessions")
    answers = await asyncio.gather(
        *[pair.mentor.post(f"/v1/thoughts/{id}/move", json={"after_id": cards[0]}) for id in cards[1:4]],
        *[pair.mentee.post(f"/v1/thoughts/{id}/move", json={}) for id in cards[3:]],
    )
    assert {answer.status_code for answer in answers} == {200}
    mine, hers = await board(pair.mentor, session), await board(pair.mentee, session)
    assert mine == hers
    assert sorted(text for _, text in mine) == [str(n) for n in range(6)]


async def test_only_its_author_rewrites_or_removes_a_card(pair):
    session = await pair.plan()
    card = await put(pair.mentor, session, "A")
    path = f"/v1/thoughts/{card.json()['id']}"
    problem(await pair.mentee.patch(path, json={"text": "x"}, headers=etag_of(card)), 403, "forbidden")
    problem(await pair.mentee.delete(path, headers=etag_of(card)), 403, "forbidden")
    problem(await pair.mentor.delete(path), 428, "precondition_required")
    assert (await pair.mentor.delete(path, headers=etag_of(card))).status_code == 204
    assert await board(pair.mentee, session) == []


async def test_a_draft_is_its_authors_until_it_is_shared(pair, clock):
    session = await pair.plan()
    await put(pair.mentee, session, "First")
    draft = (await put(pair.mentor, session, "Too blunt?", visibility="mine")).json()
    assert allowed(draft) == {"edit", "delete", "move", "share"}
    path = f"/v1/thoughts/{draft['id']}"
    assert await board(pair.mentee, session) == [("see", "First")]
    for action, sent in (("", None), ("/share", {}), ("/move", {})):
        answer = await pair.mentee.request("POST" if sent is not None else "GET", path + action, json=sent)
        problem(answer, 404, "not_found")
    await pair.mentor.post(f"{path}/move", json={})
    assert await board(pair.mentor, session) == [("see", "Too blunt?"), ("see", "First")]
    clock.advance(hours=1)
    shared = (await pair.mentor.post(f"{path}/share")).json()
    assert (shared["visibility"], shared["created_at"], shared["edited_at"]) == (
        "ours", "2026-11-24T10:00:00.000Z", None,
    )  # fmt: skip
    assert await board(pair.mentee, session) == [("see", "First"), ("see", "Too blunt?")]
    problem(await pair.mentor.post(f"{path}/share"), 409, "already_shared")
    problem(await pair.mentee.post(f"{path}/share"), 403, "forbidden")


async def test_a_draft_is_shared_once_however_often_it_is_pressed(pair):
    session = await pair.plan()
    draft = (await put(pair.mentor, session, "Blunt", visibility="mine")).json()
    answers = await asyncio.gather(*[pair.mentor.post(f"/v1/thoughts/{draft['id']}/share") for _ in range(3)])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert await board(pair.mentee, session) == [("see", "Blunt")]


async def test_the_board_is_full_at_its_limit_and_drafts_of_the_other_do_not_count(pair, monkeypatch):
    monkeypatch.setattr(thoughts, "SHARED", 2)
    monkeypatch.setattr(thoughts, "PRIVATE", 1)
    session = await pair.plan()
    draft = (await put(pair.mentor, session, "Draft", visibility="mine")).json()
    problem(await put(pair.mentor, session, "Draft", visibility="mine"), 409, "too_many")
    for text in ("A", "B"):
        assert (await put(pair.mentee, session, text)).status_code == 201
    assert problem(await put(pair.mentee, session, "C"), 409, "too_many")["params"] == {"limit": 2}
    problem(await pair.mentor.post(f"/v1/thoughts/{draft['id']}/share"), 409, "too_many")
    assert (await pair.mentor.get(f"/v1/thoughts/{draft['id']}")).json()["visibility"] == "mine"


async def test_after_the_end_the_board_stands_still_and_drafts_do_not(pair, databases, world):
    session = await pair.plan()
    card = await put(pair.mentor, session, "A")
    draft = await put(pair.mentor, session, "B", visibility="mine")
    await set_pair(databases.app, world["noa"], pair.pair_id, state="completed")
    path, own = f"/v1/thoughts/{card.json()['id']}", f"/v1/thoughts/{draft.json()['id']}"
    assert {answer["reason"] for answer in (await pair.mentor.get(path)).json()["can"].values()} == {"pair_not_active"}
    problem(await put(pair.mentor, session, "C"), 409, "pair_not_active")
    problem(await pair.mentee.post(f"{path}/move", json={}), 409, "pair_not_active")
    problem(await pair.mentor.patch(path, json={"text": "x"}, headers=etag_of(card)), 409, "pair_not_active")
    problem(await pair.mentor.post(f"{own}/share"), 409, "pair_not_active")
    assert (await pair.mentor.post(f"{own}/move", json={"lane": "do"})).status_code == 200
    assert (await pair.mentor.delete(own, headers=etag_of(draft))).status_code == 204
    assert await board(pair.mentee, session) == [("see", "A")]


async def test_nothing_new_comes_on_the_board_of_a_cancelled_session(pair):
    session = await pair.plan()
    draft = (await put(pair.mentor, session, "B", visibility="mine")).json()
    await pair.mentor.post(f"/v1/sessions/{session['id']}/cancel", json={"reason_class": "other"})
    problem(await put(pair.mentee, session, "A"), 409, "wrong_state")
    problem(await pair.mentor.post(f"/v1/thoughts/{draft['id']}/share"), 409, "wrong_state")
    assert (await put(pair.mentee, session, "Mine", visibility="mine")).status_code == 201


async def test_the_board_takes_as_many_statements_however_many_cards(pair, statements):
    session = await pair.plan()

    async def sent():
        with statements() as found:
            await board(pair.mentor, session)
        return len(found)

    await put(pair.mentor, session, "A")
    await put(pair.mentor, session, "B", visibility="mine")
    few = await sent()
    for n in range(6):
        await put(pair.mentee, session, str(n))
    assert await sent() == few
    assert few <= 6


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [({"lane": "shout"}, "/lane"), ({"text": " "}, "/text"), ({"text": "x" * 281}, "/text"),
     ({"text": "\x00"}, "/text"), ({"visibility": "all"}, "/visibility"), ({"position": 1}, "/position")],
)  # fmt: skip
async def test_a_wrong_card_is_refused_with_its_place(pair, wrong, pointer):
    session = await pair.plan()
    answer = await pair.mentor.post(
        f"/v1/sessions/{session['id']}/thoughts", json={"lane": "see", "text": "A", **wrong}
    )
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == pointer
