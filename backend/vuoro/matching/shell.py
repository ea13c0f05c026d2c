"""`vuoro match`: the best pairs of a people file, with their proof, and the check of such a proof. No database."""

import argparse
import gc
import io
import json
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from vuoro.matching.child import die_with_parent
from vuoro.matching.engine.market import SCALE, Market, MarketError, digest
from vuoro.matching.engine.solution import Progress, Solution
from vuoro.matching.engine.solve import solve
from vuoro.matching.engine.verify import verify
from vuoro.matching.files.people import read_people
from vuoro.matching.files.program import make_market, read_program
from vuoro.matching.files.results import check_targets, pairs_text, publish, read_pairs, read_report, report_text
from vuoro.matching.files.text import SHOWN, Faults, FilesError, shown

_BAR = 24
#: What binds most of those without a pair, in words.
RULES = {
    "same_person": "nobody is paired with themself",
    "unknown_line": "a chain of managers is not known up to the top",
    "reporting_line": "one is above the other",
    "top_too_close": "too close below the head of everyone",
    "same_team": "both are in one team",
    "excluded": "one excluded the other",
    "past_partner": "they were a pair before",
    "rejected": "the pair was rejected",
    "no_shared_language": "no language that both speak well enough",
    "seniority_gap": "the mentee is not far enough above the mentor",
    "tenure": "the mentor is here for too short a time",
    "score_too_low": "too low a score",
    "all_taken": "those who fit are better paired with others",
    "nobody_there": "there is nobody on the other side",
}


def main() -> int:
    """`vuoro match`, in the process that `apart.run` starts: its own id and the paths are the arguments.

    SIGTERM ends it at once, even in the middle of a call of the solver, but not while it writes its files.
    """
    die_with_parent(int(sys.argv[1]))
    paths = {name: Path(path) for name, path in json.loads(sys.argv[2]).items()}
    return run(argparse.Namespace(**{"what": None, "report": None, **paths}))


def run(options: argparse.Namespace) -> int:
    """`vuoro match` and `vuoro match verify`; the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name of a file may be of another encoding
    gc.disable()  # everything that is read stays till the end: collecting only costs time
    try:
        status, told = _verify(options) if options.what == "verify" else _match(options)
    except (FilesError, MarketError) as error:
        print(_in_file(options.program, error) if isinstance(error, MarketError) else error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("vuoro: stopped; nothing was written", file=sys.stderr)
        return 130
    finally:
        gc.enable()
    print("\n".join(told))
    return status


def _match(options: argparse.Namespace) -> tuple[int, list[str]]:
    start = time.perf_counter()
    targets = {"--out": options.out} | ({"--report": options.report} if options.report else {})
    check_targets(targets, {"--people": options.people, "--program": options.program})
    with _Line() as line:
        market = _read(options, line)
        read = time.perf_counter()
        solution = solve(market, line.progress)
    texts = {options.out: pairs_text(solution)}
    if options.report:
        seconds = {"read": read - start, **solution.seconds, "total": time.perf_counter() - start}
        texts[options.report] = report_text(solution, market.goal, digest(market), seconds, _peak_mb())
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    publish(texts)
    return 0, _summary(market, solution, time.perf_counter() - start, list(targets.values()))


def _verify(options: argparse.Namespace) -> tuple[int, list[str]]:
    with _Line() as line:
        faults, market = Faults(), _read(options, line)
        pairs, report = read_pairs(options.pairs, faults), read_report(options.report, faults)
        faults.stop()
        assert report is not None
        line.tell("checking", 0.5)
        least = report.least if market.floor else None
        verdict = verify(market, pairs, report.mentor_prices, report.mentee_prices, least)
    reasons = list(verdict.faults)
    for name, told in (("objective", report.objective), ("bound", report.bound)):
        if told != verdict.objective:
            reasons.append(f"{options.report}: {name}: {told}, but the scores add up to {verdict.objective}")
    if report.input_digest != digest(market):
        reasons.append(f"{options.report}: input_digest: people or programme are not those of this report")
    if reasons:
        return 1, ["Refused:", *_first(reasons)]
    return 0, [f"Accepted: {len(pairs):,} pairs, sum {_decimal(verdict.objective)}", _best(market, 0)]


def _read(options: argparse.Namespace, line: "_Line") -> Market:
    line.tell("reading", 0.0)
    faults = Faults()
    people = read_people(options.people, faults)
    program = read_program(options.program, faults)
    line.clear()
    for notice in people.notices:
        print(notice, file=sys.stderr)
    faults.stop()
    return make_market(options.program, program, people, faults)


def _in_file(path: Path, error: MarketError) -> str:
    if error.code == "pinned_against_rule":
        pair = f"{shown(error.params['mentor'])} with {shown(error.params['mentee'])}"
        return f"{path}: {error.place}: {pair} — the rule {error.params['rule']} forbids this pair"
    return f"{path}: {error}"


def _peak_mb() -> float:
    """The most memory this process held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would tell a larger parent's peak instead
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    import psutil  # noqa: PLC0415 - only where there is no /proc

    told = psutil.Process().memory_info()
    return float(getattr(told, "peak_wset", told.rss)) / 2**20


# --- what is told


class _Line:
    """One line of progress on a terminal's standard error; silent anywhere else."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._long = 0

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def progress(self, progress: Progress) -> None:
        """What the solver tells."""
        words = progress.phase
        if progress.round:
            words += f", round {progress.round}, {progress.pairs:,} pairs"
        if progress.gap is not None:
            words += f", gap {progress.gap:.4%}"
        self.tell(words, progress.fraction)

    def tell(self, words: str, fraction: float) -> None:
        """Shows the bar and the words instead of what stood there."""
        if self._on:
            full = round(_BAR * min(1.0, fraction))
            text = f"[{'#' * full}{'.' * (_BAR - full)}] {words}"[: shutil.get_terminal_size().columns - 1]
            print(f"\r{text.ljust(self._long)}", end="", file=sys.stderr, flush=True)
            self._long = len(text)

    def clear(self) -> None:
        """Leaves the line empty for others."""
        if self._on and self._long:
            print(f"\r{' ' * self._long}\r", end="", file=sys.stderr, flush=True)
            self._long = 0


def _summary(market: Market, solution: Solution, seconds: float, written: Sequence[Path]) -> list[str]:
    scores = [pair.score for pair in solution.pairs]
    lowest = f", the lowest score {_decimal(min(scores))}" if scores else ""
    binding = Counter(one.rule for one in solution.unmatched).most_common(5)
    return [
        f"{len(scores):,} pairs, sum {_decimal(solution.objective)}{lowest}",
        _best(market, solution.gap),
        f"{len(solution.unmatched):,} without a pair",
        *(f"  {count:,} {rule}: {RULES.get(rule, rule)}" for rule, count in binding),
        f"{seconds:.2f} s; written: {', '.join(map(str, written))}",
    ]


def _best(market: Market, gap: float) -> str:
    if gap:
        return f"not proven to be the best, but at least {1 - gap:.4%} of it"
    if market.goal == "coverage":
        return "proven: no other matching has more pairs, nor as many and a higher sum"
    if market.fairness or market.floor or market.stay:
        return "proven: no other matching suits this programme's goal better"
    return "proven: no other matching sums up to more"


def _decimal(millionths: int) -> str:
    return f"{millionths / SCALE:,.6f}"


def _first(reasons: list[str]) -> list[str]:
    more = len(reasons) - SHOWN
    return reasons[:SHOWN] + ([f"… and {more:,} more"] if more > 0 else [])


if __name__ == "__main__":
    sys.exit(main())
