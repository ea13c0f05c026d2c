"""pairs.csv and report.json: written both or none, and read back by whoever checks the proof."""

import csv
import io
import json
import re
import secrets
import shutil
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vuoro.matching.engine.market import SCALE
from vuoro.matching.engine.score import COMPONENTS
from vuoro.matching.engine.solution import Solution
from vuoro.matching.files.objects import OBJECT, TEXT, Check, Object, fitting, read_object, whole
from vuoro.matching.files.text import Faults, FilesError, Unreadable, lines, records, shown

HEADER = ("mentor_external_id", "mentee_external_id", "score", *COMPONENTS)
_WHOLE = re.compile(r"-?[0-9]{1,18}")


@dataclass
class Report:
    """What a proof rests on; prices by id, in millionths."""

    mentor_prices: dict[str, int]
    mentee_prices: dict[str, int]
    objective: int
    bound: int
    least: int
    input_digest: str


def pairs_text(solution: Solution) -> str:
    """pairs.csv, sorted by the two ids. An id is told as it came, whatever a spreadsheet makes of it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for pair in sorted(solution.pairs, key=lambda pair: (pair.mentor, pair.mentee)):
        value = {part.name: repr(round(float(part.value), 6)) for part in pair.components}
        writer.writerow((pair.mentor, pair.mentee, pair.score, *(value[name] for name in COMPONENTS)))
    return text.getvalue()


def report_text(solution: Solution, goal: str, input_digest: str, seconds: Mapping[str, float], peak_mb: float) -> str:
    """report.json: how good the matching is, with the prices that prove it."""
    unmatched = [{"external_id": one.person, "role": one.role, "rule": one.rule} for one in solution.unmatched]
    report = {
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "proven": solution.proven,
        "pairs": len(solution.pairs),
        "unmatched": sorted(unmatched, key=lambda one: (one["role"], one["external_id"])),
        "prices": {"mentors": solution.mentor_prices, "mentees": solution.mentee_prices},
        "seconds": {phase: round(value, 4) for phase, value in seconds.items()},
        "peak_mb": round(peak_mb, 1),
        "input_digest": input_digest,
        "goal": goal,
        "coverage_bonus": solution.bonus,
        "least": solution.least,
    }
    return json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


# --- both or none


def check_targets(targets: Mapping[str, Path], sources: Mapping[str, Path]) -> None:
    """Raises FilesError when a target cannot be written, or would replace an input or another target."""
    faults = Faults()
    taken = {path.resolve(): name for name, path in sources.items()}
    for name, path in targets.items():
        real = path.resolve()
        if real in taken:
            faults.add(name, path, f"this is the file of {taken[real]}")
        elif real.exists() and not real.is_file():
            faults.add(name, path, "this is not a file that can be replaced")
        elif not real.parent.is_dir():
            faults.add(name, path, "there is no such directory")
        taken[real] = name
    faults.stop()


def publish(texts: Mapping[Path, str]) -> None:
    """Writes beside, then renames: all of the files are new, or all as before. Raises FilesError."""
    fresh = {path.resolve(): _beside(path, "new") for path in texts}
    old: dict[Path, Path] = {}
    at = Path()
    try:
        for (at, new), text in zip(fresh.items(), texts.values(), strict=True):
            with new.open("x", encoding="utf-8", newline="") as stream:
                stream.write(text)
            if at.exists():
                shutil.copymode(at, new)
        for at, new in fresh.items():
            old[at] = _beside(at, "old")
            if at.exists():
                at.replace(old[at])
            new.replace(at)
    except BaseException as error:
        for path, kept in old.items():
            if kept.exists():
                kept.replace(path)
            elif not fresh[path].exists():
                path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise FilesError(f"{at}: cannot be written: {error.strerror or error}") from None
        raise
    finally:
        for new in fresh.values():
            new.unlink(missing_ok=True)
    for kept in old.values():
        kept.unlink(missing_ok=True)


def _beside(path: Path, kind: str) -> Path:
    real = path.resolve()
    return real.with_name(f".{real.name}.{secrets.token_hex(4)}.{kind}")


# --- read back


def read_pairs(path: Path, faults: Faults) -> list[tuple[str, str, int]]:
    """(mentor id, mentee id, score in millionths) of a pairs.csv."""
    pairs: list[tuple[str, str, int]] = []
    try:
        with closing(lines(path)) as source:
            rows = records(source, ",")
            line, header = next(rows, (1, []))
            missing = [name for name in HEADER[:3] if name not in header]
            if missing:
                raise Unreadable(f"no column {', '.join(missing)}", line)
            at = [header.index(name) for name in HEADER[:3]]
            for line, cells in rows:
                if len(cells) != len(header):
                    faults.add(f"{path}:{line}", f"{len(cells)} cells for {len(header)} columns")
                    continue
                mentor, mentee, score = (cells[i] for i in at)
                if _WHOLE.fullmatch(score):
                    pairs.append((mentor, mentee, int(score)))
                else:
                    faults.add(f"{path}:{line}", "score", f"{shown(score)} — a score is a whole number of millionths")
    except Unreadable as error:
        faults.add(error.at(path), error.what)
    return pairs


def read_report(path: Path, faults: Faults) -> Report | None:
    """What report.json claims; None, with a fault, when it is not told."""
    found = read_object(path, faults)
    told = None if found is None else fitting(path, "", found, _REPORT, faults, other_keys=True)
    if told is None or "prices" not in told:
        return None
    prices = fitting(path, "prices.", told["prices"], _PRICES, faults, other_keys=True)
    if faults:
        return None
    return Report(
        prices["mentors"], prices["mentees"], told["objective"], told["bound"], told["least"], told["input_digest"]
    )


_LARGEST = 1 << 62
_SUM = whole(-_LARGEST, _LARGEST)
_EACH_PRICE: Check = (
    lambda v: isinstance(v, Object) and not v.repeated and all(map(_SUM[0], v.values())),
    "an object that gives each id once, with a whole number",
)
_PRICES = {"mentors": _EACH_PRICE, "mentees": _EACH_PRICE}
_REPORT = {"prices": OBJECT, "objective": _SUM, "bound": _SUM, "least": whole(0, SCALE), "input_digest": TEXT}
