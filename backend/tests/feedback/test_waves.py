"""Waves: when they close, what is published of them and what never is."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import ProgrammingError
from support.attack import attack
from support.contract import problem

from vuoro import worker
from vuoro.feedback.models import ITEMS, FitCheck, GrowthCheck, PublishedCell, Pulse, Wave, WaveMember
from vuoro.feedback.words import FIT_ITEMS, GROWTH_ITEMS
from vuoro.identity import service as identity
from vuoro.identity.schemas import GrantIn
from vuoro.pairs.models import Pair
from vuoro.people.models import Person


async def summary(client, programme, **params):
    answer = await client.get(f"/v1/programs/{programme.program_id}/feedback-summary", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["waves"]


def wave_of(waves, kind, number):
    return next(wave for wave in waves if (wave["kind"], wave["number"]) == (kind, number))


async def cells(client, programme, kind="pulse", number=1, **params):
    return wave_of(await summary(client, programme, kind=kind, **params), kind, number)["cells"]


async def everything(databases, world) -> list:
    async with databases.worker.transaction(world.system) as db:
        return [tuple(row) for row in await db.execute(select(*PublishedCell.__table__.c).order_by(PublishedCell.id))]


async def told_of(db) -> list[frozenset]:
    """The groups of every published figure, as whoever knows the staff would make them out."""
    members: dict = {}
    for row in await db.scalars(select(WaveMember)):
        members.setdefault(row.wave_id, []).append(row)
    shown = await db.execute(
        select(PublishedCell.wave_id, PublishedCell.by, PublishedCell.groups).where(PublishedCell.value.is_not(None))
    )
    return [
        frozenset(
            row.person_id for row in members[wave_id]
            if all(getattr(row, name) == value for name, value in zip(by, groups, strict=True))
        )
        for wave_id, by, groups in shown
    ]  # fmt: skip


@pytest.fixture
def manager(api, world):
    return api(world.manager)


async def test_a_pulse_wave_is_published_two_weeks_after_the_last_pair_held_its_session(
    programme, manager, clock, run_jobs
):
    sessions = await programme.hold(1)
    scores = {who: 2 + index % 3 for index, who in enumerate(programme.everybody)}
    await programme.pulse(sessions, scores)
    clock.advance(days=13, hours=23)
    await run_jobs(tick=True)
    wave = wave_of(await summary(manager, programme), "pulse", 1)
    assert (wave["state"], wave["published_at"], wave["cells"]) == ("waiting", None, [])
    clock.advance(hours=2)
    await run_jobs(tick=True)
    wave = wave_of(await summary(manager, programme), "pulse", 1)
    mean = round(sum(scores.values()) / 14, 2)
    assert wave["state"] == "published"
    assert {cell["name"]: (cell["value"], cell["people"], cell["hidden"]) for cell in wave["cells"]} == {
        **dict.fromkeys(ITEMS, (mean, 10, None)), "balance": (50.0, 10, None),
    }  # fmt: skip


async def test_a_pair_that_has_still_to_meet_keeps_the_wave_open_until_the_cohorts_date(
    programme, manager, clock, run_jobs
):
    sessions = await programme.hold(1, ["noa", "amina", "leo", "emil"])
    await programme.pulse(sessions, dict.fromkeys(sessions, 4))
    await programme.close_on(date(2026, 12, 24))
    clock.freeze("2026-12-23T23:00:00Z")
    await run_jobs(tick=True)
    assert wave_of(await summary(manager, programme), "pulse", 1)["state"] == "waiting"
    clock.freeze("2026-12-24T00:00:00Z")
    await run_jobs(tick=True)
    waves = await summary(manager, programme)
    assert wave_of(waves, "pulse", 1)["state"] == "published"
    assert {wave["state"] for wave in waves if wave["kind"] != "pulse" or wave["number"] != 1} == {"too_few"}


async def test_pairs_that_are_over_keep_no_wave_open(programme, manager, clock, run_jobs):
    sessions = await programme.hold(1, ["noa", "amina", "leo", "emil", "saga", "omar"])
    async with programme.app.transaction(programme.world.manager.actor) as db:
        await db.execute(update(Pair).where(Pair.id == programme.pairs["freja"]).values(state="ended_early"))
    await programme.pulse(sessions, dict.fromkeys(sessions, 4))
    clock.advance(days=14)
    await run_jobs(tick=True)
    assert wave_of(await summary(manager, programme), "pulse", 1)["state"] == "published"


async def test_what_is_published_stays_whatever_comes_later(programme, manager, clock, run_jobs, databases, world):
    """Late answers, a second sweep, people who leave and answers that are erased change no figure."""
    sessions = await programme.hold(1)
    early = programme.everybody[:9]
    await programme.pulse(sessions, dict.fromkeys(early, 4))
    clock.advance(days=14)
    await run_jobs(tick=True)
    published = await everything(databases, world)
    assert published
    await programme.pulse(sessions, {"paivi": 1, "erik": 1})
    async with databases.worker.transaction(world.system) as db:
        await db.execute(text("delete from pulses where person_id = :noa"), {"noa": world["noa"].id})
        await db.execute(update(Person).where(Person.id == world["amina"].id).values(status="left", site="Oulu"))
    clock.advance(days=1)
    await run_jobs(tick=True)
    await run_jobs(tick=True)
    assert await everything(databases, world) == published
    async with databases.worker.transaction(world.system) as db:
        assert await db.scalar(select(func.count(Wave.id)).where(Wave.kind == "pulse", Wave.number == 1)) == 1
        assert await db.scalar(select(func.count(WaveMember.id))) == len(early)


@pytest.mark.parametrize("answering", [0, 1, 4])
async def test_of_fewer_than_five_nothing_shows_not_even_how_many(programme, manager, clock, run_jobs, answering):
    sessions = await programme.hold(1)
    await programme.pulse(sessions, dict.fromkeys(programme.everybody[:answering], 1))
    clock.advance(days=14)
    await run_jobs(tick=True)
    for by in ([], ["role"], ["role", "site"]):
        wave = wave_of(await summary(manager, programme, kind="pulse", by=by), "pulse", 1)
        assert wave["state"] == "too_few"
        assert wave["cells"]
        assert {(cell["value"], cell["people"], cell["hidden"]) for cell in wave["cells"]} == {(None, None, "too_few")}


async def test_a_group_is_hidden_where_a_difference_would_single_somebody_out(
    programme, manager, clock, run_jobs, api, world, databases
):
    """Seven of Technology and six of Sales of fourteen: both together would tell what Astrid answered."""
    sessions = await programme.hold(1)
    await programme.pulse(sessions, {who: 5 if who == "astrid" else 3 for who in programme.everybody})
    clock.advance(days=14)
    await run_jobs(tick=True)
    by_division = {
        cell["groups"][0]["value"]: cell for cell in await cells(manager, programme, by="division")
        if cell["name"] == "learned"
    }  # fmt: skip
    assert by_division["Technology"]["value"] == 3.0
    assert by_division["Technology"]["people"] == 5
    assert (by_division["Sales"]["value"], by_division["Sales"]["hidden"]) == (None, "would_single_out")
    assert (by_division["Executive"]["value"], by_division["Executive"]["hidden"]) == (None, "too_few")
    async with databases.app.transaction(world.admin.actor) as db:
        await identity.give(db, db.me, GrantIn(person_id=world["ville"].id, role="sponsor"))
    seen = await cells(api(world["ville"]), programme, by="division")
    assert {cell["groups"][0]["value"] for cell in seen} == {"Technology"}


async def test_after_a_leaver_the_total_counts_five_people_less_or_more(
    programme, manager, clock, run_jobs, databases, world
):
    first = await programme.hold(1)
    await programme.pulse(first, dict.fromkeys(programme.everybody, 3))
    clock.advance(days=14)
    await run_jobs(tick=True)
    third = await programme.hold(3)
    await programme.pulse(third, {who: 4 for who in programme.everybody if who != "astrid"})
    clock.advance(days=14)
    await run_jobs(tick=True)
    total = [cell for cell in await cells(manager, programme, number=3) if cell["name"] == "learned"]
    assert [cell["value"] for cell in total] == [4.0]
    async with databases.worker.transaction(world.system) as db:
        counted = await db.execute(
            select(Wave.number, func.count()).join(WaveMember, WaveMember.wave_id == Wave.id).group_by(Wave.number)
        )
        people = dict(counted.all())
        told = await told_of(db)
    assert people[1] == 14
    assert 5 <= people[3] <= 9
    assert len(told) > 3
    assert attack(told) is None
    assert attack([*told, frozenset(world[who].id for who in programme.everybody if who != "astrid")]) is not None


async def test_two_workers_that_sweep_at_once_publish_each_wave_once(
    programme, manager, clock, run_jobs, databases, world
):
    sessions = await programme.hold(1)
    await programme.pulse(sessions, dict.fromkeys(programme.everybody, 3))
    clock.advance(days=14)
    await asyncio.gather(*(worker.tick(databases.worker) for _ in range(3)))
    async with databases.worker.transaction(world.system) as db:
        assert await db.scalar(select(func.count(Wave.id)).where(Wave.kind == "pulse")) == 1
    names = [cell["name"] for cell in await cells(manager, programme)]
    assert sorted(names) == sorted({*ITEMS, "balance"})


async def test_the_dashboard_shows_the_last_published_pulse(programme, manager, clock, run_jobs):
    path = f"/v1/programs/{programme.program_id}/dashboard"
    assert (await manager.get(path)).json()["pulse"] == {"state": "too_few", "cells": []}
    for number, score in ((1, 3), (3, 4)):
        sessions = await programme.hold(number)
        await programme.pulse(sessions, dict.fromkeys(programme.everybody, score))
        clock.advance(days=14)
        await run_jobs(tick=True)
        shown = (await manager.get(path)).json()["pulse"]
        assert shown["state"] == "published"
        assert {cell["name"]: cell["value"] for cell in shown["cells"]} == {
            **dict.fromkeys(ITEMS, float(score)), "balance": 50.0
        }  # fmt: skip


async def test_fit_checks_and_growth_have_waves_of_their_own(programme, manager, clock, run_jobs):
    await programme.hold(1)
    for who in programme.everybody:
        side = "mentor" if who in programme.pairs else "mentee"
        fit = {"moment": "first", "scores": dict.fromkeys(FIT_ITEMS, 4), "wish": "kind_rematch", "comment": "x"}
        answer = await programme.clients[who].post(f"/v1/pairs/{programme.pair_of(who)}/fit-checks", json=fit)
        assert answer.status_code == 201, answer.text
        growth = {
            "enrollment_id": str(programme.enrollments[who]), "moment": "start",
            "scores": {**dict.fromkeys(GROWTH_ITEMS[side], 2), "seen_and_heard": 5},
        }  # fmt: skip
        assert (await programme.clients[who].put("/v1/me/skill-growth", json=growth)).status_code == 200
    clock.advance(days=14)
    await run_jobs(tick=True)
    waves = await summary(manager, programme)
    found = {
        (wave["kind"], wave["number"]): {cell["name"]: cell["value"] for cell in wave["cells"]}
        for wave in waves if wave["state"] == "published"
    }  # fmt: skip
    assert found == {
        ("fit", 1): dict.fromkeys(FIT_ITEMS, 4.0),
        ("growth_mentor", 1): {**dict.fromkeys(GROWTH_ITEMS["mentor"], 2.0), "seen_and_heard": 5.0},
        ("growth_mentee", 1): {**dict.fromkeys(GROWTH_ITEMS["mentee"], 2.0), "seen_and_heard": 5.0},
    }
    assert {wave["state"] for wave in waves if (wave["kind"], wave["number"]) not in found} == {"waiting", "too_few"}


async def test_somebody_with_two_pairs_counts_once(programme, manager, clock, run_jobs, databases, world):
    """Five answers of four people are not five people."""
    sessions = await programme.hold(1, ["noa"])
    for mentor in ("amina", "leo"):
        async with databases.app.transaction(world[mentor].actor) as db:
            await db.execute(
                update(Pair).where(Pair.id == programme.pairs[mentor]).values(mentee_id=world["astrid"].id)
            )
    more = await programme.hold(1, ["amina", "leo"])
    await programme.pulse(sessions, {"noa": 3, "astrid": 1})
    await programme.pulse({**more, "astrid": more["amina"]}, {"amina": 3, "leo": 3, "astrid": 1})
    await programme.close_on(clock.now().date())
    await run_jobs(tick=True)
    assert wave_of(await summary(manager, programme), "pulse", 1)["state"] == "too_few"


async def test_only_managers_sponsors_admins_and_bi_read_the_summary(programme, api, world):
    path = f"/v1/programs/{programme.program_id}/feedback-summary"
    problem(await programme.clients["noa"].get(path), 403, "forbidden")
    problem(await api(world["linh"]).get(path), 404, "not_found")
    problem(await api(world.other_admin).get(path), 404, "not_found")
    assert (await api(world.admin).get(path)).status_code == 200


@pytest.mark.parametrize("query", ["by=person", "by=score", "sort=value", "by=site&by=role&by=division", "kind=stars"])
async def test_figures_can_be_grouped_by_nothing_finer_than_two_of_three_attributes(programme, manager, query):
    answer = await manager.get(f"/v1/programs/{programme.program_id}/feedback-summary?{query}")
    problem(answer, 422, "validation_failed")


async def test_a_foreign_cohort_shows_no_wave(programme, manager, world):
    assert await summary(manager, programme, cohort_id=str(world["noa"].id)) == []


@pytest.mark.parametrize("table", ["published_cells", "waves"])
async def test_the_api_cannot_write_figures(databases, world, table):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with databases.app.transaction(world.admin.actor) as db:
            await db.execute(text(f"delete from {table}"))


async def test_the_api_cannot_read_whom_a_wave_counts(databases, world):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with databases.app.transaction(world.admin.actor) as db:
            await db.execute(select(WaveMember.id))


@pytest.mark.parametrize("model", [Pulse, FitCheck, GrowthCheck])
async def test_the_worker_reads_no_wish_and_no_text(databases, world, model):
    for column in {"comment", "wish", "text"} & set(model.__table__.c.keys()):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with databases.worker.transaction(world.system) as db:
                await db.execute(text(f"select {column} from {model.__tablename__}"))
