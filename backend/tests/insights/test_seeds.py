"""Idea seeds: three tiny questions a week, seeds for their author alone, and bringing one to a session."""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sessions.meetings import set_pair, signed_pair
from support.contract import etag_of, problem

from vuoro.core.words import LOCALES
from vuoro.insights import prompts, seeds

PATH = "/v1/idea-seeds"


async def keep(client, text="The report nobody reads", **more):
    answer = await client.post(PATH, json={"text": text, **more})
    assert answer.status_code == 201, answer.text
    return answer


async def listed(client, **params):
    page = (await client.get(PATH, params=params)).json()
    return [seed["text"] for seed in page["items"]], page["count"]


async def bring(client, seed, session, **more):
    return await client.post(f"{PATH}/{seed['id']}/bring", json={"session_id": session["id"], **more})


async def board(client, session):
    items = (await client.get(f"/v1/sessions/{session['id']}/thoughts")).json()["items"]
    return [(card["lane"], card["text"], card["mine"]) for card in items]


async def test_three_questions_a_week_are_the_same_all_week_and_others_the_next(pair, clock):
    async def asked():
        answer = (await pair.mentor.get(f"{PATH}/prompts")).json()
        return answer["week"], [one["key"] for one in answer["items"]]

    week, first = await asked()
    assert (week, len(first)) == ("2026-W48", 3)
    clock.freeze("2026-11-29T23:59:00Z")
    assert await asked() == ("2026-W48", first)
    clock.freeze("2026-11-30T00:01:00Z")
    week, second = await asked()
    assert week == "2026-W49"
    assert not set(first) & set(second)


def test_every_question_comes_in_turn_and_each_person_has_an_order_of_their_own():
    day, weeks = date(2026, 12, 28), len(prompts.prompts()) // prompts.A_WEEK
    people = [UUID(int=n) for n in range(20)]
    for person in people[:3]:
        asked = [one.key for week in range(weeks) for one in prompts.of_week(person, day + timedelta(weeks=week)).items]
        assert sorted(asked) == sorted(prompts.prompts())
    assert prompts.of_week(people[0], date(2027, 1, 3)).week == "2026-W53"
    assert len({tuple(one.key for one in prompts.of_week(person, day).items) for person in people}) > 15


def test_every_question_is_there_in_three_languages_and_short():
    assert len(prompts.prompts()) >= 24
    assert len(prompts.prompts()) % prompts.A_WEEK == 0
    for locale in LOCALES:
        texts = [one.text.into(locale) for one in prompts.prompts().values()]
        assert len(set(texts)) == len(texts)
        assert all(10 < len(text) <= 120 and text.endswith("?") for text in texts)


async def test_seeds_are_counted_until_they_are_brought(pair, clock):
    assert await listed(pair.mentor) == ([], 0)
    for text in ("One", "Two", "Three"):
        clock.advance(seconds=1)
        seed = (await keep(pair.mentor, text, prompt_key="waited")).json()
    assert (seed["prompt_key"], seed["brought_to_session_id"], seed["brought_at"]) == ("waited", None, None)
    assert await listed(pair.mentor) == (["Three", "Two", "One"], 3)
    assert (await bring(pair.mentor, seed, await pair.plan())).status_code == 200
    assert await listed(pair.mentor) == (["Three", "Two", "One"], 2)
    assert await listed(pair.mentor, brought=False) == (["Two", "One"], 2)
    assert await listed(pair.mentor, brought=True) == (["Three"], 2)
    page = (await pair.mentor.get(PATH, params={"limit": 2})).json()
    assert await listed(pair.mentor, cursor=page["next_cursor"]) == (["One"], 2)


async def test_nobody_else_ever_finds_a_seed_not_even_the_other_of_the_pair(pair, api, world):
    kept = await keep(pair.mentor)
    for stranger in (pair.mentee, api(world.manager), api(world.admin), api(world["emil"]), api(world.other_admin)):
        assert await listed(stranger) == ([], 0)
        for method, path, sent in (
            ("GET", "", None), ("PATCH", "", {"text": "x"}), ("DELETE", "", None),
            ("POST", "/bring", {"session_id": str(uuid4())}),
        ):  # fmt: skip
            answer = await stranger.request(
                method, f"{PATH}/{kept.json()['id']}{path}", json=sent, headers=etag_of(kept)
            )
            problem(answer, 404, "not_found")
    assert await listed(pair.mentor) == (["The report nobody reads"], 1)


async def test_a_seed_is_rewritten_and_thrown_away(pair):
    kept = await keep(pair.mentor)
    path = f"{PATH}/{kept.json()['id']}"
    problem(await pair.mentor.patch(path, json={"text": "x"}), 428, "precondition_required")
    changed = await pair.mentor.patch(path, json={"text": "Sharper"}, headers=etag_of(kept))
    assert (changed.json()["text"], changed.json()["version"]) == ("Sharper", 2)
    problem(await pair.mentor.patch(path, json={"text": "x"}, headers=etag_of(kept)), 412, "precondition_failed")
    problem(await pair.mentor.delete(path, headers=etag_of(kept)), 412, "precondition_failed")
    assert (await pair.mentor.delete(path, headers=etag_of(changed))).status_code == 204
    problem(await pair.mentor.get(path), 404, "not_found")


async def test_a_brought_seed_is_a_card_for_both_and_itself_stays_private(pair):
    session, seed = await pair.plan(), (await keep(pair.mentor, "Nobody reads the report")).json()
    brought = (await bring(pair.mentor, seed, session)).json()
    assert (brought["brought_to_session_id"], brought["text"]) == (session["id"], "Nobody reads the report")
    assert await board(pair.mentee, session) == [("see", "Nobody reads the report", False)]
    problem(await pair.mentee.get(f"{PATH}/{seed['id']}"), 404, "not_found")
    problem(await bring(pair.mentor, seed, session), 409, "already_brought")
    later = await pair.plan(days=14)
    assert (await bring(pair.mentor, seed, later, lane="wonder", text="Who reads it?")).status_code == 200
    assert await board(pair.mentee, later) == [("wonder", "Who reads it?", False)]


async def test_a_seed_pressed_twice_makes_one_card(pair):
    session, seed = await pair.plan(), (await keep(pair.mentor)).json()
    answers = await asyncio.gather(*[bring(pair.mentor, seed, session) for _ in range(3)])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert len(await board(pair.mentee, session)) == 1


async def test_a_seed_too_long_for_a_card_needs_other_words_and_stays_unbrought(pair):
    session, seed = await pair.plan(), (await keep(pair.mentor, "x" * 281)).json()
    answer = await bring(pair.mentor, seed, session)
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == "/text"
    assert await listed(pair.mentor) == (["x" * 281], 1)
    assert (await bring(pair.mentor, seed, session, text="Shorter")).status_code == 200


async def test_a_seed_is_brought_to_an_own_session_of_a_pair_that_talks(pair, databases, world, api):
    seed = (await keep(pair.mentor)).json()
    other = await signed_pair(databases.app, world, world["emil"], world["maria"])
    planned = await api(world["emil"]).post(
        f"/v1/pairs/{other}/sessions", json={"starts_at": "2026-12-09T09:00:00Z", "minutes": 45, "time_zone": "UTC"}
    )
    problem(await bring(pair.mentor, seed, planned.json()), 404, "not_found")
    session = await pair.plan()
    await set_pair(databases.app, world["noa"], pair.pair_id, state="ended_early")
    problem(await bring(pair.mentor, seed, session), 409, "pair_not_active")
    assert (await pair.mentor.get(f"{PATH}/{seed['id']}")).json()["brought_at"] is None


async def test_a_person_keeps_so_many_seeds(pair, monkeypatch):
    monkeypatch.setattr(seeds, "LIMIT", 1)
    await keep(pair.mentor)
    assert problem(await pair.mentor.post(PATH, json={"text": "x"}), 409, "too_many")["params"] == {"limit": 1}
    await keep(pair.mentee)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [({"text": " "}, "/text"), ({"text": "x" * 501}, "/text"), ({"text": "a\x00"}, "/text"),
     ({"prompt_key": "horoscope"}, "/prompt_key"), ({"pair_id": None}, "/pair_id")],
)  # fmt: skip
async def test_a_wrong_seed_is_refused_with_its_place(pair, wrong, pointer):
    answer = await pair.mentor.post(PATH, json={"text": "A", **wrong})
    assert problem(answer, 422, "validation_failed")["errors"][0]["pointer"] == pointer


async def test_the_same_key_keeps_one_seed(pair):
    for _ in range(2):
        await pair.mentor.post(PATH, json={"text": "A"}, headers={"Idempotency-Key": "s1"})
    assert await listed(pair.mentor) == (["A"], 1)


async def test_a_seed_outlives_the_session_that_it_was_brought_to(pair, databases, world, superuser):
    session, seed = await pair.plan(), (await keep(pair.mentor)).json()
    await bring(pair.mentor, seed, session)
    await superuser.execute("delete from sessions where id = $1", UUID(session["id"]))
    kept = (await pair.mentor.get(f"{PATH}/{seed['id']}")).json()
    assert (kept["brought_to_session_id"], kept["text"]) == (None, seed["text"])
    assert kept["brought_at"] is not None
