"""The files of `vuoro match`: what is read, and the line that tells each fault."""

import json
import os
import threading
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.match_files import people_csv, program_json
from support.tries import tries

from vuoro.matching.engine.market import Market, Participant, Rules, Weights, validate
from vuoro.matching.files import text as files
from vuoro.matching.files.people import People, read_people
from vuoro.matching.files.program import make_market, read_program
from vuoro.matching.files.results import check_targets, publish, read_pairs, read_report
from vuoro.matching.files.text import Faults, FilesError

HERE = Path()
BOTH = "external_id,role,manager_external_id\njun,mentor,\nboss,mentee,\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(people: str | bytes = BOTH, program: str | bytes = "{}") -> tuple[Market, People]:
    for name, content in (("people.csv", people), ("program.json", program)):
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    faults = Faults()
    found = read_people(Path("people.csv"), faults)
    told = read_program(Path("program.json"), faults)
    faults.stop()
    market = make_market(Path("program.json"), told, found, faults)
    validate(market)
    return market, found


def refused(people: str | bytes = BOTH, program: str | bytes = "{}") -> list[str]:
    with pytest.raises(FilesError) as error:
        read(people, program)
    return str(error.value).splitlines()


# --- round trips

WORDS = st.text("abåß \"',-=+@|.1", min_size=1, max_size=6).map(str.strip).filter(bool)
NAMES = st.text("abcå-1", min_size=1, max_size=4)
LEVELS = st.dictionaries(NAMES, st.integers(1, 4), max_size=3)


@st.composite
def markets(draw: st.DrawFn) -> Market:
    ids = sorted(draw(st.sets(WORDS, min_size=2, max_size=6)))
    anyone = st.sampled_from([*ids, "gone"])
    ids_of_some = st.frozensets(anyone, max_size=3)
    people = []
    for id in ids[: draw(st.integers(2, len(ids)))]:
        people.append(
            Participant(
                id=id,
                role="both",
                capacity=draw(st.integers(0, 3)),
                team=draw(st.none() | WORDS),
                department=draw(st.none() | WORDS),
                division=draw(st.none() | WORDS),
                site=draw(st.none() | WORDS),
                time_zone=draw(st.none() | st.sampled_from(["Europe/Helsinki", "UTC"])),
                job_level=draw(st.none() | st.integers(-3, 12)),
                hire_on=draw(st.none() | st.dates()),
                languages=draw(LEVELS),
                preferred_language=draw(st.none() | NAMES),
                skills_offered=draw(LEVELS),
                skills_sought=draw(st.dictionaries(NAMES, st.tuples(st.integers(1, 5), st.integers(1, 3)), max_size=3)),
                topics=draw(st.frozensets(NAMES, max_size=3)),
                preferred=draw(ids_of_some),
                excluded=draw(ids_of_some),
                past=draw(ids_of_some),
            )
        )
    pair = draw(st.permutations([p.id for p in people if p.capacity])) if draw(st.booleans()) else []
    return Market(
        people,
        [(id, draw(st.none() | anyone)) for id in ids],
        draw(st.dates()),
        sorted({(id, draw(anyone)) for id in draw(st.sets(st.sampled_from(ids), max_size=3))}),
        rules=Rules(draw(st.integers(-5, 5)), 1, draw(st.booleans()), False, 4, 2, draw(st.floats(0, 1))),
        weights=Weights(*draw(st.lists(st.floats(0.01, 9), min_size=8, max_size=8))),
        goal=draw(st.sampled_from(["total", "coverage"])),
        pinned=[(pair[0], pair[1])] if len(pair) > 1 else [],
        rejected=[(people[1].id, people[0].id)] if not pair else [],
        stay=[(people[0].id, people[1].id)],
        stay_bonus=draw(st.floats(0, 1)),
        fairness=draw(st.floats(0, 4)),
        floor=draw(st.booleans()),
    )


def whole(market: Market) -> dict[str, Any]:
    """Everything of it, whatever sequences hold it."""
    found = {name: getattr(market, name) for name in Market.__dataclass_fields__}
    orders = [list(person.languages.items()) for person in market.participants]
    return {name: list(v) if isinstance(v, list | tuple) else v for name, v in found.items()} | {"orders": orders}


@given(markets(), st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(max_examples=tries(60), deadline=None)
def test_a_market_that_is_written_reads_back_the_same(market: Market, separator: str, encoding: str) -> None:
    back, _ = read(people_csv(market, separator).encode(encoding), program_json(market).encode(encoding))
    assert whole(back) == whole(market)


def test_columns_may_be_missing_in_any_order_and_any_case_and_rows_in_any_order() -> None:
    one, _ = read(BOTH)
    other, _ = read(" Role ;EXTERNAL_ID\nmentee;boss\n\n;;\nmentor; jun \n".replace(";;", ";"))
    assert whole(one) == whole(other)
    assert one.edges == [("boss", None), ("jun", None)]


def test_line_ends_of_any_system_are_line_ends() -> None:
    for end in ("\r\n", "\r"):
        assert whole(read(BOTH.replace("\n", end))[0]) == whole(read()[0])


def test_a_skill_without_a_level_counts_as_three_and_a_capacity_left_out_as_one() -> None:
    market, _ = read("external_id,role,skills_offered,skills_sought\na,both,x;y:5,\nb,both,,x;y:2;z:4:3\n")
    a, b = market.participants
    assert (a.skills_offered, a.capacity) == ({"x": 3, "y": 5}, 1)
    assert b.skills_sought == {"x": (3, 1), "y": (2, 1), "z": (4, 3)}


def test_everybody_is_in_the_chart_and_a_manager_who_is_not_in_the_file_makes_the_line_unknown() -> None:
    header = "external_id,role,manager_external_id,dotted_manager_external_ids\n"
    market, _ = read(header + "jun,mentor,lead,gone;lead\nlead,,,\nb,mentee,,\n")
    assert market.edges == [("b", None), ("jun", "lead"), ("lead", None)]
    assert market.dotted == [("jun", "gone"), ("jun", "lead")]
    assert [p.id for p in market.participants] == ["b", "jun"]


def test_what_a_program_leaves_out_has_its_default() -> None:
    market, _ = read(program='{"weights": {"topics": 1}, "rules": {"min_score": 0}}')
    assert market.weights == Weights(topics=1.0)
    assert market.rules == Rules(min_score=0)
    assert (market.goal, market.starts_on) == ("total", date(2026, 12, 1))


def test_partners_and_current_pairs_of_people_who_left_are_no_fault() -> None:
    people = "external_id,role,excluded_partners\njun,mentor,gone;boss\nboss,mentee,\n"
    market, _ = read(people, '{"current": [["jun", "gone"], ["boss", "jun"], ["jun", "boss"], ["jun", "boss"]]}')
    assert market.stay == [("jun", "boss")]


def test_unknown_columns_and_circles_of_managers_are_noticed_once() -> None:
    people = "external_id,role,shoe size,,manager_external_id\na,mentor,43,,b\nb,mentee,,,a\nc,,,,c\nd,,,,c\n"
    _, found = read(people)
    assert found.notices == [
        'people.csv:1: columns that are not read: "shoe size", column 4 without a name',
        'people.csv: managers in a circle, so nobody in it or below can be paired: "a" → "b" → "a"; "c" → "c"',
    ]


# --- faults of people.csv


@pytest.mark.parametrize(
    ("column", "cell", "right"),
    [
        ("capacity", "-1", "a capacity is a whole number, 0 or more"),
        ("capacity", "1.5", "a capacity is a whole number, 0 or more"),
        ("capacity", "99999999", "a capacity is a whole number, 0 or more"),
        ("job_level", "NaN", "a job level is a whole number"),
        ("job_level", "5.0", "a job level is a whole number"),
        ("job_level", "٣", "a job level is a whole number"),
        ("job_level", "1_0", "a job level is a whole number"),
        ("hire_on", "1.2.2026", "a day is written as 2026-12-31"),
        ("hire_on", "20260102", "a day is written as 2026-12-31"),
        ("hire_on", "2026-02-30", "a day is written as 2026-12-31"),
        ("time_zone", "Mars/Olympus", "a time zone is an IANA name, such as Europe/Helsinki"),
        ("time_zone", "../etc/passwd", "a time zone is an IANA name, such as Europe/Helsinki"),
        ("time_zone", "Europe", "a time zone is an IANA name, such as Europe/Helsinki"),
        ("role", "boss", "a role is mentor, mentee, both, or empty for who does not take part"),
        ("languages", "fi:9", "a level is 0 to 4"),
        ("languages", "fi:nan", "a level is 0 to 4"),
        ("languages", "fi", "a language is written code:level, such as fi:4"),
        ("languages", "fi:4:2", "a language is written code:level, such as fi:4"),
        ("languages", ":4", "a name stands before the colon"),
        ("skills_offered", "a:0", "a level is 1 to 5"),
        ("skills_offered", "a:3:2", "a skill that is offered is written skill:level, such as ai-tools:4"),
        ("skills_sought", "a:6", "a level is 1 to 5"),
        ("skills_sought", "a::2", "a level is 1 to 5"),
        ("skills_sought", "a:3:4", "a weight is 1 to 3"),
        ("skills_sought", "a:3:2:1", "a skill that is sought is written skill:level:weight, such as ai-tools:3:2"),
    ],
)
def test_a_cell_that_is_wrong_is_told_with_its_line_and_what_is_right(column: str, cell: str, right: str) -> None:
    lines = refused(f"external_id,{column}\na,\nb,{cell}\n")
    assert lines == [f'people.csv:3: {column}: "{cell}" — {right}']


def test_the_item_that_is_wrong_is_told_not_the_whole_cell() -> None:
    assert refused("external_id,languages\na,fi:4;en:7\n") == ['people.csv:2: languages: "en:7" — a level is 0 to 4']
    (line,) = refused("external_id,languages\na,fi:4; fi:2\n")
    assert line == 'people.csv:2: languages: "fi:4; fi:2" — "fi" is named twice'


MANY_COLUMNS = "2: 3 cells for 2 columns; quote a cell with a separator inside"


@pytest.mark.parametrize(
    ("people", "line"),
    [
        (b"", " the file is empty"),
        (b"\xef\xbb\xbf", " the file is empty"),
        ("\nexternal_id\n", "1: an empty line; the first line names the columns"),
        ("external_id,role\n", " there is nobody below the header"),
        ("external_id,role", " there is nobody below the header"),
        (
            "id,role\na,mentor\n",
            "1: no column external_id; the columns are separated by comma, semicolon or tab",
        ),
        ("external_id,role,Role\na,,\n", "1: role: is column 2 and column 3; once is right"),
        ("external_id,role\n  ,mentor\n\n,,\n", "2: external_id: empty — everybody has an id"),
        (
            'external_id,team\na,"x\ny"\nb,\n a ,\n',
            '5: external_id: "a" — is on line 2 already; ids are unique',
        ),
        (
            "external_id,role\na;b,mentor\n",
            '2: external_id: "a;b" — an id is one line of text without a semicolon, which separates ids in lists',
        ),
        ("external_id,role\na,mentor,x\n", MANY_COLUMNS),
        ("external_id;languages\na;fi:4;en:3\n", MANY_COLUMNS),
        ("external_id,team,role\na,\n", "2: 2 cells of 3; the row is cut off"),
        (
            b"external_id\n\xe5ke\n",
            "2: byte 0xe5 is not UTF-8; save the file as UTF-8",
        ),
        (b"external_id\nabc\n\xc3", "3: byte 0xc3 is not UTF-8; save the file as UTF-8"),
        (
            "external_id\nb\n".encode("utf-16") + b"\x00\xdc\x00\xdc",
            "3: byte 0x00 is not UTF-16; save the file as UTF-8",
        ),
        (b"external_id\na\nb\0\n", "3: a NUL character; the file is damaged or no text"),
        ("external_id\na\n".encode("utf-32"), "1: a NUL character; the file is damaged or no text"),
        (
            'external_id\na\n"b\nc\n',
            '3: the quotes do not match; a cell with quotes is written "like ""this"""',
        ),
        (
            'external_id\n"a"b\n',
            '2: the quotes do not match; a cell with quotes is written "like ""this"""',
        ),
        (
            'external_id\n"' + "a\n" * 100_000,
            "2: a cell of more than 131,072 characters; is a closing quote missing?",
        ),
        ("external_id\n" + "a" * 1_500_000, "2: a line of more than 1,000,000 characters"),
        (
            "external_id,role\na,mentor\nb,\n",
            " role: nobody is a mentee — mentor, mentee or both; empty takes no part",
        ),
        (
            "external_id,role\na,mentee\nb,\n",
            " role: nobody is a mentor — mentor, mentee or both; empty takes no part",
        ),
        (
            "external_id,role\na\x1b[2Jb,mentor\n",
            '2: external_id: "a�[2Jb" — an id is one line of text without a semicolon, which separates ids in lists',
        ),
    ],
)
def test_a_file_of_people_that_is_wrong_is_told_in_a_line(people: str | bytes, line: str) -> None:
    assert refused(people) == [f"people.csv:{line}"]


def test_every_fault_is_told_up_to_twenty_and_the_rest_counted() -> None:
    lines = refused("external_id,role,capacity\n" + "".join(f"p{i},boss,x\n" for i in range(600)))
    assert len(lines) == 21
    assert lines[0].startswith("people.csv:2: role: ")
    assert lines[1].startswith("people.csv:2: capacity: ")
    assert lines[20] == "… and 1,180 more"


@pytest.mark.parametrize("name", ["people.csv", "program.json"])
def test_a_file_that_is_missing_or_a_directory_is_told(name: str) -> None:
    def told() -> str:
        faults = Faults()
        (read_people if name == "people.csv" else read_program)(Path(name), faults)
        with pytest.raises(FilesError) as error:
            faults.stop()
        return str(error.value)

    assert told() == f"{name}: there is no such file"
    Path(name).mkdir()
    assert told() == f"{name}: this is a directory, not a file"


def test_a_file_that_is_too_large_is_refused_however_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1 << 20)
    content = "external_id\n" + "".join(f"{i}\n" for i in range(250_000))
    assert refused(content) == ["people.csv: larger than 1 MB, which is the most"]
    os.mkfifo("pipe")
    writer = threading.Thread(target=pour, args=(content.encode(),))
    writer.start()
    with pytest.raises(files.Unreadable, match="larger than 1 MB"):
        list(files.lines(Path("pipe")))
    writer.join()


def pour(content: bytes) -> None:
    with suppress(BrokenPipeError), Path("pipe").open("wb", buffering=0) as pipe:
        pipe.write(content)


# --- faults of program.json


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("", " the file is empty"),
        ("[]", " [] — the file holds an object, {…}"),
        ('{"goal": "total"', "1: column 17 — this is not JSON: Expecting ',' delimiter"),
        ('{}\n{"goal": 1}', "2: column 1 — this is not JSON: Extra data"),
        (b'{"goal":\n"\xff"}', "2: byte 0xff is not UTF-8; save the file as UTF-8"),
        ("[" * 100_000, " nested too deep, or a number too long"),
        ('{"goal": ' + "9" * 5000 + "}", " nested too deep, or a number too long"),
        ('{"wieghts": {}}', ' "wieghts": there is no such key; did you mean weights?'),
        (
            '{"x": 1}',
            ' "x": there is no such key; known are weights, rules, goal, starts_on, pinned, rejected, '
            "current, stay_bonus, fairness, floor",
        ),
        ('{"goal": "total", "goal": "total"}', ' "goal": stands twice in one object'),
        ('{"weights": {"skills": 1, "skills": 2}}', ' weights."skills": stands twice in one object'),
        ('{"weights": []}', " weights: [] — an object, {…}"),
        ('{"weights": {"skill": 1}}', ' weights."skill": there is no such key; did you mean skills?'),
        ('{"weights": {"skills": -1}}', " weights.skills: -1 — a number, 0 or more"),
        ('{"weights": {"skills": NaN}}', " weights.skills: NaN — a number, 0 or more"),
        ('{"weights": {"skills": 1e999}}', " weights.skills: Infinity — a number, 0 or more"),
        ('{"weights": {"skills": true}}', " weights.skills: true — a number, 0 or more"),
        ('{"weights": {"skills": "1"}}', ' weights.skills: "1" — a number, 0 or more'),
        (
            json.dumps({"weights": dict.fromkeys(Weights.__dataclass_fields__, 0)}),
            " weights: together 0 — at least one is above 0, and their sum is a number",
        ),
        (
            json.dumps({"weights": dict.fromkeys(Weights.__dataclass_fields__, 10**308)}),
            " weights: together inf — at least one is above 0, and their sum is a number",
        ),
        ('{"rules": {"min_score": 1.1}}', " rules.min_score: 1.1 — a number, 0 to 1"),
        ('{"rules": {"min_language_level": 5}}', " rules.min_language_level: 5 — a whole number, 0 to 4"),
        ('{"rules": {"min_seniority_gap": 2.5}}', " rules.min_seniority_gap: 2.5 — a whole number, -10,000 to 10,000"),
        ('{"rules": {"different_team": 1}}', " rules.different_team: 1 — true or false"),
        ('{"goal": "glory"}', ' goal: "glory" — a goal is total or coverage'),
        ('{"goal": []}', " goal: [] — a goal is total or coverage"),
        ('{"starts_on": "2026-13-01"}', ' starts_on: "2026-13-01" — a day is written as 2026-12-31'),
        ('{"stay_bonus": 2}', " stay_bonus: 2 — a number, 0 to 1"),
        ('{"fairness": -1}', " fairness: -1 — a number, 0 to 4"),
        ('{"floor": null}', " floor: null — true or false"),
        ('{"pinned": {}}', " pinned: {} — a list of pairs"),
        ('{"pinned": [["jun"]]}', ' pinned[0]: ["jun"] — a pair is ["mentor id", "mentee id"], both texts'),
        ('{"current": [[1, 2]]}', ' current[0]: [1, 2] — a pair is ["mentor id", "mentee id"], both texts'),
        ('{"pinned": [["jun", "who"]]}', ' pinned[0]: "who" is not in people.csv'),
        ('{"rejected": [["jun", "boss"], ["\\ud800", "boss"]]}', ' rejected[1]: "�" is not in people.csv'),
        ('{"pinned": [["jun", "jun"]]}', ' pinned[0]: "jun" is no mentee; people.csv says mentor'),
        (
            '{"rejected": [["head", "boss"]]}',
            ' rejected[0]: "head" is no mentor; people.csv says that they take no part',
        ),
        ('{"pinned": [["jun", "boss"], ["jun", "boss"]]}', " pinned[1]: this pair is pinned already"),
        ('{"pinned": [["jun", "boss"]], "rejected": [["jun", "boss"]]}', " pinned[0]: this pair is rejected too"),
        (
            '{"pinned": [["jun", "boss"], ["jun", "second"]]}',
            ' pinned[1]: "jun" has no place left; their capacity as mentor is smaller',
        ),
    ],
)  # fmt: skip
def test_a_program_that_is_wrong_is_told_in_a_line(program: str | bytes, line: str) -> None:
    people = "external_id,role\njun,mentor\nboss,mentee\nsecond,mentee\nhead,\n"
    assert refused(people, program) == [f"program.json:{line}"]


def test_faults_of_both_files_are_told_together() -> None:
    lines = refused("external_id\na\na\n", '{"goal": 1, "floor": 1}')
    assert [line.partition(":")[0] for line in lines] == ["people.csv", "program.json", "program.json"]


@pytest.mark.parametrize("depth", range(940, 1000, 3))
def test_a_value_nested_to_the_edge_is_a_fault_too(depth: int) -> None:
    (line,) = refused(program='{"goal": ' + "[" * depth + "]" * depth + "}")
    assert line.startswith("program.json: ")


# --- results


PRICES = {"mentors": {"a": 1}, "mentees": {"b": 2}}
REPORT = {"prices": PRICES, "objective": 3, "bound": 3, "least": 0, "input_digest": "x", "more": None}


@pytest.mark.parametrize(
    ("pairs", "line"),
    [
        ("", "pairs.csv:1: no column mentor_external_id, mentee_external_id, score"),
        ("mentor_external_id,mentee_external_id\na,b\n", "pairs.csv:1: no column score"),
        ("mentor_external_id,mentee_external_id,score\na,b\n", "pairs.csv:2: 2 cells for 3 columns"),
        (
            "mentor_external_id,mentee_external_id,score\na,b,0.5\n",
            'pairs.csv:2: score: "0.5" — a score is a whole number of millionths',
        ),
        ("\0", "pairs.csv:1: a NUL character; the file is damaged or no text"),
    ],
)
def test_pairs_that_cannot_be_read_back_are_told_in_a_line(pairs: str, line: str) -> None:
    Path("pairs.csv").write_text(pairs, "utf-8")
    faults = Faults()
    read_pairs(Path("pairs.csv"), faults)
    with pytest.raises(FilesError) as error:
        faults.stop()
    assert str(error.value) == line


@pytest.mark.parametrize(
    ("report", "line"),
    [
        ({"prices": None}, "report.json: prices: null — an object, {…}"),
        ({"prices": {"mentors": {}}}, "report.json: prices.mentees: is missing"),
        ({"objective": 1.5}, "report.json: objective: 1.5 — a whole number, "),
        ({"input_digest": 7}, "report.json: input_digest: 7 — a text"),
        ({"prices": PRICES | {"mentors": {"a": True}}}, 'report.json: prices.mentors: {"a": true} — an object that'),
        ({"prices": PRICES | {"mentors": {"a": 1 << 63}}}, "report.json: prices.mentors: "),
    ],
)
def test_a_report_that_cannot_be_read_back_is_told_in_a_line(report: dict[str, Any], line: str) -> None:
    Path("report.json").write_text(json.dumps(REPORT | report), "utf-8")
    faults = Faults()
    assert read_report(Path("report.json"), faults) is None
    with pytest.raises(FilesError) as error:
        faults.stop()
    assert str(error.value).startswith(line)
    assert "\n" not in str(error.value)


def test_both_files_are_new_or_both_as_before() -> None:
    Path("a").write_text("old", "utf-8")
    publish({Path("a"): "1", Path("b"): "2"})
    assert (Path("a").read_text("utf-8"), Path("b").read_text("utf-8")) == ("1", "2")
    Path("a").chmod(0o640)
    Path("b").unlink()
    (Path("b") / "in").mkdir(parents=True)
    Path("c").symlink_to("a")
    for texts in ({Path("c"): "3", Path("none/d"): "4"}, {Path("c"): "3", Path("d"): "\ud800"}):
        with pytest.raises((FilesError, UnicodeEncodeError)):
            publish(texts)
    publish({Path("c"): "5"})
    assert sorted(path.name for path in Path().iterdir()) == ["a", "b", "c"]
    assert (Path("a").read_text("utf-8"), Path("c").is_symlink()) == ("5", True)
    assert Path("a").stat().st_mode & 0o777 == 0o640


def test_when_the_second_cannot_be_renamed_the_first_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "b" and self.suffix == ".new":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", full)
    for before in ("old", None):
        if before:
            Path("a").write_text(before, "utf-8")
            Path("b").write_text(before, "utf-8")
        with pytest.raises(FilesError, match="b: cannot be written: No space left on device"):
            publish({Path("a"): "1", Path("b"): "2"})
        for name in ("a", "b"):
            assert (Path(name).read_text("utf-8") if Path(name).exists() else None) == before
            Path(name).unlink(missing_ok=True)
    assert list(Path().iterdir()) == []


def test_a_target_that_would_replace_something_else_is_refused() -> None:
    Path("people.csv").touch()
    Path("folder").mkdir()
    Path("link").symlink_to("people.csv")
    sources = {"--people": Path("people.csv")}
    for targets, line in (
        ({"--out": Path("link")}, "--out: link: this is the file of --people"),
        ({"--out": Path("x"), "--report": Path("./x")}, "--report: x: this is the file of --out"),
        ({"--out": Path("folder")}, "--out: folder: this is not a file that can be replaced"),
        ({"--out": Path("/dev/null")}, "--out: /dev/null: this is not a file that can be replaced"),
        ({"--out": Path("none/x")}, "--out: none/x: there is no such directory"),
    ):
        with pytest.raises(FilesError) as error:
            check_targets(targets, sources)
        assert str(error.value) == line
    check_targets({"--out": Path("new"), "--report": Path("folder/new")}, sources)
