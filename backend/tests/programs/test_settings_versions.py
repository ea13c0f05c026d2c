"""Settings change one by one, each change is a version, and what was promised stays."""

import pytest
from support.contract import problem


async def versions(made, who=None):
    return await made.list("settings-versions", who)


async def test_one_setting_changes_and_the_others_stay(draft):
    made = await draft()
    before = (await made.read())["settings"]
    body = await made.change(settings={"offer_days": 5, "weights": {"skills": 0.5}})
    after = body["settings"]
    assert (after["offer_days"], after["weights"]["skills"]) == (5, 0.5)
    after["offer_days"], after["weights"]["skills"] = before["offer_days"], before["weights"]["skills"]
    assert after == before


async def test_null_takes_a_setting_back_to_the_templates_value(draft):
    made = await draft("taster")
    await made.change(settings={"sessions_planned": 3, "offer_days": 9})
    settings = (await made.change(settings={"sessions_planned": None, "offer_days": None}))["settings"]
    assert (settings["sessions_planned"], settings["offer_days"]) == (1, 7)


@pytest.mark.parametrize(
    ("patch", "pointer", "code"),
    [
        ({"offer_day": 5}, "/settings/offer_day", "extra_forbidden"),
        ({"weights": {"skill": 1}}, "/settings/weights/skill", "extra_forbidden"),
        ({"offer_days": 31}, "/settings/offer_days", "less_than_equal"),
        ({"offer_days": 3}, "/settings/offer_days", "reminder_too_late"),
        ({"remind_after_days": 7}, "/settings/remind_after_days", "reminder_too_late"),
        ({"rules": {"reporting_line": False}}, "/settings/rules/reporting_line", "literal_error"),
        ({"agreement_required": False}, "/settings/agreement_required", "literal_error"),
        ({"titles": {"mentor": {"fi": "Opas"}}}, "/settings/titles/mentor/sv", "missing"),
        ({"titles": {"mentor": dict.fromkeys(("fi", "sv", "en"), "x" * 61)}}, "/settings/titles/mentor/fi",
         "string_too_long"),
        ({"weights": dict.fromkeys(("skills", "topics", "language", "time_zone", "seniority", "department",
                                    "other_site", "preference"), 0)}, "/settings/weights", "all_zero"),
    ],
)  # fmt: skip
async def test_a_setting_that_cannot_be_names_its_place(draft, patch, pointer, code):
    made = await draft()
    errors = (await made.change(422, settings=patch))["errors"]
    assert (errors[0]["pointer"], errors[0]["code"]) == (pointer, code)
    assert len(await versions(made)) == 1


async def test_each_change_is_a_version_with_who_and_what(draft, world):
    made = await draft()
    await made.change(settings={"offer_days": 5, "rules": {"min_score": 0.3}})
    await made.change(settings={"offer_days": 5})
    await made.change(name="Vuorot")
    await made.change(settings={"titles": {"mentor": {"fi": "Opas", "sv": "Guide", "en": "Guide"}}})
    third, second, first = await versions(made)
    assert (third["number"], second["number"], first["number"]) == (3, 2, 1)
    assert second["changes"] == [
        {"name": "offer_days", "before": 7, "after": 5},
        {"name": "rules.min_score", "before": "0.25", "after": "0.3"},
    ]
    assert (second["settings"]["offer_days"], first["settings"]["offer_days"]) == (5, 7)
    assert second["changed_by"]["id"] == str(world.manager.id)
    assert [change["name"] for change in third["changes"]] == [f"titles.mentor.{one}" for one in ("en", "fi", "sv")]
    assert first["changes"] == []


async def test_versions_come_page_by_page_for_managers_alone(draft, api, world):
    made = await draft()
    for days in (8, 9):
        await made.change(settings={"offer_days": days})
    page = (await made.manager.get(f"{made.path}/settings-versions?limit=2")).json()
    rest = (await made.manager.get(f"{made.path}/settings-versions?cursor={page['next_cursor']}")).json()
    assert [one["number"] for one in (*page["items"], *rest["items"])] == [3, 2, 1]
    await made.go("enrolling")
    problem(await api(world["noa"]).get(f"{made.path}/settings-versions"), 403, "forbidden")


async def test_what_the_pairs_were_promised_stays_once_a_program_runs(running):
    made = await running()
    for patch, name in (
        ({"settings": {"primer_required": False}}, "primer_required"),
        ({"settings": {"rules": {"top_exempt_distance": 0}}}, "rules.top_exempt_distance"),
        ({"starts_on": "2027-03-01"}, "starts_on"),
    ):
        body = await made.change(409, **patch)
        assert (body["code"], body["params"]["names"]) == ("fixed_once_running", [name])
    whole = (await made.read())["settings"]
    assert (await made.change(settings={**whole, "sessions_planned": 5}))["settings"]["sessions_planned"] == 5


async def test_a_program_that_is_over_stays_as_it_was(draft):
    made = await draft()
    await made.go("cancelled")
    assert (await made.change(409, name="Late"))["code"] == "wrong_state"
    assert (await made.read())["can"]["edit"] == {"allowed": False, "reason": "wrong_state"}


async def test_the_purpose_changes_language_by_language(draft):
    made = await draft()
    before = (await made.read())["purpose"]
    assert (await made.change(purpose={"fi": "Uusi suunta"}))["purpose"] == {**before, "fi": "Uusi suunta"}
    assert (await made.change(422, purpose={"fi": ""}))["errors"][0]["pointer"] == "/purpose/fi"


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"starts_on": "1999-12-31"}, "/starts_on"),
        ({"ends_on": "2200-01-02"}, "/ends_on"),
        ({"starts_on": "2028-01-01"}, "/starts_on"),
        ({"ends_on": "2026-01-01"}, "/ends_on"),
        ({"name": "a\nb"}, "/name"),
    ],
)
async def test_days_and_names_have_their_limits(draft, clock, patch, pointer):
    clock.freeze("2026-11-25T09:00:00Z")
    made = await draft(starts_on="2025-12-01")
    assert (await made.change(422, **patch))["errors"][0]["pointer"] == pointer


async def test_two_changes_at_once_give_one_effect(draft):
    made = await draft()
    tag = {"If-Match": (await made.manager.get(made.path)).headers["etag"]}
    answers = [
        await made.manager.patch(made.path, json={"settings": {"offer_days": days}}, headers=tag) for days in (5, 6)
    ]
    assert [answer.status_code for answer in answers] == [200, 412]
    assert [one["number"] for one in await versions(made)] == [2, 1]
