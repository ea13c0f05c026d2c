"""`vuoro match` from the shell, as a process of its own: no database, no settings."""

import contextlib
import csv
import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import psutil
import pytest
from support.match_files import people_csv, program_json

from vuoro.cli import main
from vuoro.matching.engine.market import Market, Participant, Rules
from vuoro.matching.engine.rules import broken_rule
from vuoro.matching.engine.score import COMPONENTS
from vuoro.matching.engine.solve import solve

ROOT = Path(__file__).parents[2]
PEOPLE = ("--people", "people.csv", "--program", "program.json")
MATCH = (*PEOPLE, "--out", "pairs.csv", "--report", "report.json")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "vuoro.cli", "match", *arguments]


def bare(**more: str) -> dict[str, str]:
    """The environment of somebody who never set Vuoro up."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | more


def match(*arguments: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        command(*(arguments or MATCH)),
        env=bare(**environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def company(size: int = 40, seed: int = 7, **changes: Any) -> Market:
    """Everybody below a tree of managers; every second person mentors."""
    r = Random(seed)
    ids = [f"p{i:02}" for i in range(size)]
    people = [
        Participant(
            id=id,
            role="mentor" if i % 2 else "mentee",
            capacity=r.choice([1, 1, 2]),
            team=f"t{i // 4}",
            division=r.choice("abc"),
            time_zone=r.choice(["Europe/Helsinki", "Asia/Tokyo"]),
            job_level=r.randint(1, 4) if i % 2 else r.randint(5, 9),
            languages={"fi": r.randint(1, 4), "en": r.randint(0, 4)},
            skills_offered={skill: r.randint(1, 5) for skill in r.sample("abcdef", 2)},
            skills_sought={skill: (r.randint(1, 5), r.randint(1, 3)) for skill in r.sample("abcdef", 2)},
            topics=frozenset(r.sample("abcdef", 3)),
        )
        for i, id in enumerate(ids)
        if i % 9
    ]
    return Market(
        people, [(id, ids[(i - 1) // 3] if i else None) for i, id in enumerate(ids)], date(2026, 12, 1), **changes
    )


def write(market: Market) -> None:
    Path("people.csv").write_text(people_csv(market), "utf-8")
    Path("program.json").write_text(program_json(market), "utf-8")


def table() -> list[dict[str, str]]:
    with Path("pairs.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def report() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Path("report.json").read_text("utf-8"))
    return told


def test_a_company_is_matched_and_the_files_tell_how_well() -> None:
    market = company()
    write(market)
    code, out, error = match()
    assert (code, error) == (0, "")
    rows, told, best = table(), report(), solve(market)
    assert list(rows[0]) == ["mentor_external_id", "mentee_external_id", "score", *COMPONENTS]
    pairs = [(row["mentor_external_id"], row["mentee_external_id"]) for row in rows]
    assert pairs == sorted(set(pairs))
    assert all(broken_rule(market, *pair) is None for pair in pairs)
    assert sum(int(row["score"]) for row in rows) == told["objective"] == told["bound"] == best.objective
    weights = {name: getattr(market.weights, name) for name in COMPONENTS}
    for row in rows:
        mean = sum(float(row[name]) * weight for name, weight in weights.items()) / sum(weights.values())
        assert abs(mean * 1e6 - int(row["score"])) < 2
    assert list(told) == sorted(told)
    assert set(told) == {
        "objective", "bound", "gap", "proven", "pairs", "unmatched", "prices", "seconds", "peak_mb", "input_digest",
        "goal", "coverage_bonus", "least",
    }  # fmt: skip
    assert (told["gap"], told["proven"], told["pairs"], told["goal"], told["coverage_bonus"]) == (
        0, True, len(rows), "total", 0,
    )  # fmt: skip
    assert set(told["prices"]["mentors"]) == set(market.mentor_index)
    assert set(told["prices"]["mentees"]) == set(market.mentee_index)
    alone = {(one["external_id"], one["role"]): one["rule"] for one in told["unmatched"]}
    assert alone == {(one.person, one.role): one.rule for one in best.unmatched}
    assert re.fullmatch("[0-9a-f]{64}", told["input_digest"])
    assert 0 < told["seconds"]["read"] < told["seconds"]["total"]
    assert 20 < told["peak_mb"] < 2000
    first, second, third = out.splitlines()[:3]
    assert first.startswith(f"{len(rows)} pairs, sum {best.objective / 1e6:.6f}, the lowest score 0.")
    assert second == "proven: no other matching sums up to more"
    assert third == f"{len(alone)} without a pair"
    assert sorted(path.name for path in Path().iterdir()) == ["pairs.csv", "people.csv", "program.json", "report.json"]


def test_the_example_of_the_docs_is_true() -> None:
    blocks = re.findall(r"```(csv|json)\n(.*?)```", (ROOT.parent / "docs" / "match.md").read_text("utf-8"), re.DOTALL)
    people, program, pairs = (text for _, text in blocks)
    Path("people.csv").write_text(people, "utf-8")
    Path("program.json").write_text(program, "utf-8")
    code, out, error = match()
    assert (code, error) == (0, "")
    assert out.startswith("2 pairs, sum 0.968333, the lowest score 0.338333\n")
    assert Path("pairs.csv").read_text("utf-8") == pairs


def test_the_same_people_give_the_same_bytes_whatever_their_order_and_the_seed() -> None:
    write(company())
    seen = []
    for seed in ("1", "2"):
        assert match(PYTHONHASHSEED=seed)[0] == 0
        told = report()
        seen.append(
            (Path("pairs.csv").read_bytes(), {k: v for k, v in told.items() if k not in ("seconds", "peak_mb")})
        )
        head, *rows = Path("people.csv").read_text("utf-8").splitlines()
        Random(3).shuffle(rows)
        Path("people.csv").write_text("\n".join([head, *rows]), "utf-8")
    assert seen[0] == seen[1]
    assert b"\r" not in seen[0][0]


def test_most_pairs_first_where_the_goal_is_coverage() -> None:
    write(company(goal="coverage"))
    code, out, _ = match()
    assert code == 0
    assert "proven: no other matching has more pairs, nor as many and a higher sum" in out
    assert report()["coverage_bonus"] > report()["objective"]


def test_ids_stay_as_they_came_and_the_report_is_optional() -> None:
    ids = ["=1+1", "+a,b", '-"x"', "@c d", "Åsa"]
    people = [Participant(id=id, role="mentor" if i % 2 else "mentee", languages={"fi": 4}) for i, id in enumerate(ids)]
    rules = Rules(min_seniority_gap=-9, min_score=0.0)
    people = [replace(person, job_level=1) for person in people]
    write(Market(people, [(id, None) for id in ids], date(2026, 12, 1), rules=rules))
    code, _, error = match(*PEOPLE, "--out", "pairs.csv")
    assert (code, error) == (0, "")
    found = {id for row in table() for id in (row["mentor_external_id"], row["mentee_external_id"])}
    assert len(found) == 4
    assert found < set(ids)
    assert not Path("report.json").exists()


def test_nobody_who_fits_is_an_answer_too() -> None:
    write(company(rules=Rules(min_seniority_gap=99)))
    code, out, error = match()
    assert (code, error, table()) == (0, "", [])
    assert out.startswith("0 pairs, sum 0.000000\n")
    assert report()["unmatched"]


def test_a_pin_against_a_rule_is_told_with_its_place() -> None:
    market = company()
    mentor = market.mentors[0]
    other = next(p for p in market.mentees if broken_rule(market, mentor.id, p.id))
    fine = next(p for p in market.mentees if p.id != other.id and not broken_rule(market, market.mentors[1].id, p.id))
    pins = [(market.mentors[1].id, fine.id), (mentor.id, other.id)]
    write(replace(market, pinned=pins))
    code, out, error = match()
    rule = broken_rule(market, *pins[1])
    line = f'program.json: pinned[1]: "{mentor.id}" with "{other.id}" — the rule {rule} forbids this pair\n'
    assert (code, out, error) == (2, "", line)


def test_with_a_fault_nothing_is_written_and_what_was_there_stays() -> None:
    write(company())
    Path("pairs.csv").write_text("before", "utf-8")
    with Path("people.csv").open("a", encoding="utf-8") as stream:
        stream.write(Path("people.csv").read_text("utf-8").splitlines()[1] + "\n")
    code, out, error = match()
    assert (code, out) == (2, "")
    assert error == 'people.csv:42: external_id: "p00" — is on line 2 already; ids are unique\n'
    assert Path("pairs.csv").read_text("utf-8") == "before"
    assert not Path("report.json").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (PEOPLE, "vuoro: --out is missing"),
        ((*MATCH, "--pairs", "x"), "vuoro: --pairs is not for this command"),
        (("verify", *MATCH), "vuoro: --pairs is missing\nvuoro: --out is not for this command"),
        ((*PEOPLE, "--out", "people.csv"), "--out: people.csv: this is the file of --people"),
        ((*PEOPLE, "--out", "nowhere/pairs.csv"), "--out: nowhere/pairs.csv: there is no such directory"),
        ((*MATCH, "--people", "nowhere.csv"), "nowhere.csv: there is no such file"),
        (
            ("verify", *PEOPLE, "--pairs", "pairs.csv", "--report", "program.json"),
            "pairs.csv: there is no such file\nprogram.json: prices: is missing\nprogram.json: objective: is missing\n"
            "program.json: bound: is missing\nprogram.json: least: is missing\nprogram.json: input_digest: is missing",
        ),
    ],
)
def test_arguments_that_cannot_be_are_told_in_a_line_each(arguments: tuple[str, ...], line: str) -> None:
    write(company())
    assert match(*arguments) == (2, "", line + "\n")


def test_a_stop_is_told_in_one_line_and_leaves_nothing() -> None:
    write(company())
    Path("people.csv").unlink()
    os.mkfifo("people.csv")
    process = subprocess.Popen(command(*MATCH), env=bare(), stderr=subprocess.PIPE, text=True)
    with Path("people.csv").open("w", encoding="utf-8") as pipe:  # opens once the other side reads
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
        pipe.close()
    assert (process.returncode, error) == (130, "vuoro: stopped; nothing was written\n")
    assert sorted(path.name for path in Path().iterdir()) == ["people.csv", "program.json"]


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_search_at_work_is_ended_at_once_and_leaves_neither_process_nor_file(how: signal.Signals, code: int) -> None:
    write(company(2_000))
    before = sorted(path.name for path in Path().iterdir())
    ours, theirs = pty.openpty()
    process = psutil.Popen(command(*MATCH), env=bare(), stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    while b"round 1" not in shown:
        shown += os.read(ours, 65_536)
    (search,) = process.children()
    process.send_signal(how)
    assert process.wait(20) == code
    assert not search.is_running()
    with contextlib.suppress(OSError):  # the other end is closed
        while more := os.read(ours, 65_536):
            shown += more
    os.close(ours)
    process.stdout.close()
    assert shown.decode().endswith(" \rvuoro: stopped; nothing was written\r\n")
    assert sorted(path.name for path in Path().iterdir()) == before


def test_a_search_that_was_killed_is_told() -> None:
    write(company())
    Path("people.csv").unlink()
    os.mkfifo("people.csv")
    process = psutil.Popen(command(*MATCH), env=bare(), stderr=subprocess.PIPE)
    with Path("people.csv").open("w", encoding="utf-8"):
        (search,) = process.children()
        search.kill()
        _, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (137, b"vuoro: the search was ended by signal 9; nothing was written\n")


def test_a_terminal_shows_how_far_it_is_and_then_nothing_of_it() -> None:
    write(company())
    ours, theirs = pty.openpty()
    done = subprocess.run(command(*MATCH), env=bare(), stdout=subprocess.PIPE, stderr=theirs, timeout=120, check=False)
    os.close(theirs)
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "[........................] reading" in shown
    assert re.search(r"\[#+\.*] \w+, round 1, \d+ pairs, gap \d+\.\d+%", shown)
    assert "\n" not in shown
    assert shown.endswith(" \r")


# --- verify

VERIFY = ("match", "verify", *PEOPLE, "--pairs", "pairs.csv", "--report", "report.json")


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Callable[[], tuple[int, list[str]]]:
    def run() -> tuple[int, list[str]]:
        capsys.readouterr()
        code = main(list(VERIFY))
        told = capsys.readouterr()
        assert told.err == ""
        return code, told.out.splitlines()

    return run


def test_the_proof_is_accepted_by_who_reads_the_files() -> None:
    write(company())
    assert match()[0] == 0
    code, out, error = match(*VERIFY[1:])
    assert (code, error) == (0, "")
    assert out.splitlines()[0] == f"Accepted: {report()['pairs']} pairs, sum {report()['objective'] / 1e6:.6f}"
    assert out.splitlines()[1] == "proven: no other matching sums up to more"


@pytest.mark.parametrize(
    "changes",
    [
        {"goal": "coverage"},
        {"fairness": 2.0},
        {"floor": True},
        {"stay": [("p01", "p06"), ("p03", "p10")], "stay_bonus": 0.2},
        {"rules": Rules(min_seniority_gap=99)},
    ],
)
def test_the_proof_of_every_goal_is_accepted(changes: dict[str, Any], verify: Any) -> None:
    write(company(**changes))
    assert main(["match", *MATCH]) == 0
    code, lines = verify()
    assert (code, lines[0].partition(":")[0]) == (0, "Accepted")


def edit_pairs(change: Callable[[list[list[str]]], Any]) -> None:
    rows = [line.split(",") for line in Path("pairs.csv").read_text("utf-8").splitlines()]
    change(rows)
    Path("pairs.csv").write_text("\n".join(map(",".join, rows)), "utf-8")


def edit_report(change: Callable[[dict[str, Any]], Any]) -> None:
    told = report()
    change(told)
    Path("report.json").write_text(json.dumps(told), "utf-8")


def first(prices: dict[str, int]) -> str:
    return next(id for id, price in prices.items() if price)


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (lambda: edit_pairs(lambda rows: rows.pop()), "the prices allow a matching worth"),
        (lambda: edit_pairs(lambda rows: rows.append(rows[1])), "named twice"),
        (lambda: edit_pairs(lambda rows: rows[1].__setitem__(2, "999999")), ": the score is "),
        (lambda: edit_pairs(lambda rows: rows[1].__setitem__(0, "p00")), ": not both take part on their side"),
        (lambda: edit_report(lambda told: told["prices"]["mentees"].clear()), "the prices allow a matching worth"),
        (lambda: edit_report(lambda told: told["prices"]["mentors"].update(who=1)), "who: a price and no such person"),
        (
            lambda: edit_report(lambda told: told["prices"]["mentees"].update({first(told["prices"]["mentees"]): -5})),
            ": -5 is no price",
        ),
        (
            lambda: edit_report(lambda told: told.update(objective=told["objective"] + 1)),
            "report.json: objective: ",
        ),
        (lambda: edit_report(lambda told: told.update(bound=0)), "report.json: bound: 0, but the scores add up to "),
        (
            lambda: edit_report(lambda told: told.update(input_digest="0" * 64)),
            "report.json: input_digest: people or programme are not those of this report",
        ),
        (
            lambda: Path("program.json").write_text('{"rules": {"min_seniority_gap": 7}}', "utf-8"),
            ": against the rule seniority_gap",
        ),
    ],
)
def test_a_proof_that_was_tampered_with_is_refused_with_the_reason(tamper: Any, reason: str, verify: Any) -> None:
    write(company())
    assert main(["match", *MATCH]) == 0
    tamper()
    code, lines = verify()
    assert (code, lines[0]) == (1, "Refused:")
    assert any(reason in line for line in lines[1:]), lines
