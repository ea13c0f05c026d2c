"""Act five: the last sessions, figures for those who set it up and pay, farewells, and the next cohort."""

from whole.story import Story


async def read_figures(story: Story) -> dict[tuple[str, int], str]:
    """What manager and sponsor read of all the answers: waves of five or more; the states of the waves."""
    path = f"/programs/{story.program}"
    summary = await story.get("petra", f"{path}/feedback-summary", cohort_id=story.cohort)
    assert summary == await story.get("astrid", f"{path}/feedback-summary", cohort_id=story.cohort)
    assert summary["smallest_group"] == 5
    for wave in summary["waves"]:
        for cell in wave["cells"]:
            assert cell["people"] is None or cell["people"] >= 5
    for by in ("site", "division"):
        grouped = await story.get("petra", f"{path}/feedback-summary", by=by)
        shown = [cell for wave in grouped["waves"] for cell in wave["cells"]]
        assert all((cell["value"] is None) == (cell["hidden"] is not None) for cell in shown)
        assert all(cell["people"] is None or cell["people"] >= 5 for cell in shown)
    return {(wave["kind"], wave["number"]): wave["state"] for wave in summary["waves"]}


async def read_worth(story: Story) -> None:
    """Promises, reach and dashboard, as the sponsor or the manager reads them."""
    path = f"/programs/{story.program}"
    reach = await story.get("astrid", f"{path}/reach")
    assert (reach["juniors"], reach["executives"], reach["technology_only"]) == (20, 20, False), reach
    assert all(cell["juniors"] is None or cell["juniors"] >= 5 for cell in [*reach["units"], *reach["sites"]])
    board = await story.get("petra", f"{path}/dashboard")
    assert board["pulse"]["state"] == "published"
    promises = await story.get("astrid", f"{path}/promises")
    assert promises["held"] > 100
    few = {name for name, count in promises.items() if count is None}  # one pair moved, one cancelled again, one missed
    assert few == {"moved", "cancelled_again", "missed"}


async def close_programme(story: Story) -> None:
    """Closing, closed, archived; nobody joins any more, and what is past stays to be read."""
    path = f"/programs/{story.program}"
    for to in ("closed", "archived"):
        assert (await story.post("petra", f"{path}/transitions", to=to))["state"] == to
    await story.refused("petra", f"{path}/match-runs", "wrong_state", cohort_id=story.cohort)
    assert (await story.get("noa", path))["state"] == "archived"


async def next_cohort(story: Story) -> None:
    """The next cohort stands there as a draft (S12), for its managers alone."""
    cohorts = await story.all("petra", f"/programs/{story.program}/cohorts")
    (draft,) = [one for one in cohorts if one["state"] == "draft"]
    assert draft["follows_id"] == story.cohort
    story.know("cohort_id", draft["id"])
    await story.hidden("noa", f"/cohorts/{draft['id']}")
