"""Notes after they were written: rewriting, deleting, and a pair's notes over time."""

import asyncio

from sessions.meetings import set_pair
from support.contract import etag_of, problem

from vuoro.sessions import content, notes


async def write(client, session, visibility="ours", text="First words"):
    answer = await client.post(f"/v1/sessions/{session['id']}/notes", json={"visibility": visibility, "text": text})
    assert answer.status_code == 201, answer.text
    return answer


def allowed(thing):
    return {name for name, answer in thing["can"].items() if answer["allowed"]}


async def test_a_shared_note_shows_both_that_it_was_edited(pair, clock):
    session = await pair.plan()
    written = await write(pair.mentor, session)
    note = written.json()
    assert (note["session_id"], note["edited_at"], note["version"]) == (session["id"], None, 1)
    assert allowed(note) == {"edit", "delete"}
    clock.advance(minutes=5)
    path = f"/v1/notes/{note['id']}"
    changed = await pair.mentor.patch(path, json={"text": "Better words"}, headers=etag_of(written))
    assert (changed.json()["text"], changed.json()["version"]) == ("Better words", 2)
    hers = (await pair.mentee.get(path)).json()
    assert (hers["text"], hers["edited_at"], hers["mine"], hers["can"]) == (
        "Better words", "2026-11-24T09:05:00.000Z", False, {},
    )  # fmt: skip


async def test_a_note_is_changed_and_deleted_by_its_author_alone(pair):
    session = await pair.plan()
    shared = await write(pair.mentor, session)
    path = f"/v1/notes/{shared.json()['id']}"
    problem(await pair.mentee.patch(path, json={"text": "x"}, headers=etag_of(shared)), 403, "forbidden")
    problem(await pair.mentee.delete(path, headers=etag_of(shared)), 403, "forbidden")
    private = await write(pair.mentor, session, "mine")
    for method in ("GET", "PATCH", "DELETE"):
        answer = await pair.mentee.request(
            method, f"/v1/notes/{private.json()['id']}", json={"text": "x"} if method == "PATCH" else None,
            headers=etag_of(private),
        )  # fmt: skip
        problem(answer, 404, "not_found")
    assert (await pair.mentor.delete(path, headers=etag_of(shared))).status_code == 204
    problem(await pair.mentee.get(path), 404, "not_found")


async def test_a_change_without_or_with_an_old_tag_is_refused(pair):
    written = await write(pair.mentor, await pair.plan())
    path = f"/v1/notes/{written.json()['id']}"
    problem(await pair.mentor.patch(path, json={"text": "x"}), 428, "precondition_required")
    problem(await pair.mentor.delete(path), 428, "precondition_required")
    assert (await pair.mentor.patch(path, json={"text": "Two"}, headers=etag_of(written))).status_code == 200
    problem(await pair.mentor.patch(path, json={"text": "Three"}, headers=etag_of(written)), 412, "precondition_failed")
    problem(await pair.mentor.delete(path, headers=etag_of(written)), 412, "precondition_failed")
    for wrong in ({"text": ""}, {"text": None}, {"text": "a\x00b"}, {"visibility": "ours"}, {"text": "x" * 8001}):
        problem(await pair.mentor.patch(path, json=wrong, headers=etag_of(written)), 422, "validation_failed")
    assert (await pair.mentee.get(path)).json()["text"] == "Two"


async def test_of_two_edits_at_once_one_wins_and_the_other_hears_of_it(pair):
    written = await write(pair.mentor, await pair.plan())
    path = f"/v1/notes/{written.json()['id']}"
    answers = await asyncio.gather(
        *[pair.mentor.patch(path, json={"text": f"Edit {n}"}, headers=etag_of(written)) for n in range(4)]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    winner = next(answer for answer in answers if answer.status_code == 200).json()
    assert (await pair.mentor.get(path)).json()["text"] == winner["text"]


async def test_after_the_end_shared_notes_stay_as_they_are_and_private_ones_are_still_their_authors(
    pair, databases, world
):
    session = await pair.plan()
    shared, private = await write(pair.mentor, session), await write(pair.mentor, session, "mine")
    await set_pair(databases.app, world["noa"], pair.pair_id, state="ended_early")
    path = f"/v1/notes/{shared.json()['id']}"
    seen = (await pair.mentor.get(path)).json()
    assert seen["can"] == {key: {"allowed": False, "reason": "pair_not_active"} for key in ("edit", "delete")}
    problem(await pair.mentor.patch(path, json={"text": "x"}, headers=etag_of(shared)), 409, "pair_not_active")
    problem(await pair.mentor.delete(path, headers=etag_of(shared)), 409, "pair_not_active")
    assert (await pair.mentee.get(path)).json()["text"] == "First words"
    own = f"/v1/notes/{private.json()['id']}"
    changed = await pair.mentor.patch(own, json={"text": "Still mine"}, headers=etag_of(private))
    assert changed.json()["text"] == "Still mine"
    assert (await pair.mentor.delete(own, headers=etag_of(changed))).status_code == 204


async def test_a_paused_pair_still_writes_and_a_suspended_one_does_not(pair, databases, world):
    session = await pair.plan()
    await set_pair(databases.app, world["noa"], pair.pair_id, state="paused")
    await write(pair.mentee, session)
    await set_pair(databases.app, world["noa"], pair.pair_id, state="suspended_conflict")
    answer = await pair.mentee.post(f"/v1/sessions/{session['id']}/notes", json={"visibility": "ours", "text": "x"})
    problem(answer, 409, "pair_not_active")


async def test_a_pairs_notes_are_listed_over_all_sessions_newest_first(pair, clock):
    first, second = await pair.plan(), await pair.plan(days=14)
    for session, visibility, text in (
        (first, "ours", "One"), (second, "ours", "Two"), (first, "mine", "Own"), (first, "ours", "Three"),
    ):  # fmt: skip
        clock.advance(seconds=1)
        await write(pair.mentor, session, visibility, text)
    path = f"/v1/pairs/{pair.pair_id}/notes"

    async def texts(client, **params):
        return [note["text"] for note in (await client.get(path, params=params)).json()["items"]]

    assert await texts(pair.mentor) == ["Three", "Own", "Two", "One"]
    assert await texts(pair.mentor, visibility="mine") == ["Own"]
    assert await texts(pair.mentee) == await texts(pair.mentor, visibility="ours") == ["Three", "Two", "One"]
    assert await texts(pair.mentee, visibility="mine") == []
    page = (await pair.mentee.get(path, params={"limit": 2})).json()
    assert await texts(pair.mentee, cursor=page["next_cursor"]) == ["One"]
    problem(await pair.mentee.get(path, params={"visibility": "all"}), 422, "validation_failed")


async def test_a_session_takes_so_many_notes_of_one_person(pair, monkeypatch):
    monkeypatch.setattr(notes, "LIMIT", 2)
    session = await pair.plan()
    sent = {"visibility": "mine", "text": "x"}
    path = f"/v1/sessions/{session['id']}/notes"
    answers = await asyncio.gather(*[pair.mentor.post(path, json=sent) for _ in range(5)])
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]
    refused = problem(await pair.mentor.post(path, json=sent), 409, content.TooMany.code)
    assert refused["params"] == {"limit": 2}
    assert (await pair.mentee.post(path, json=sent)).status_code == 201
