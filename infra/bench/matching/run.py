"""Our matcher beside others on the same companies, in the same run: `make bench-matching` (LARGE=1 for the big ones).

Each solver works in a process of its own, so that its memory is its own. The others get the finished scores and only
solve; ours reads the market, scores, solves, proves and explains. Greedy takes the best pair left, again and again.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from instances import company
from vuoro.matching.engine.grid import eligible
from vuoro.matching.engine.market import Market
from vuoro.matching.engine.solve import solve
from vuoro.matching.engine.verify import verify

SMALL = [(100, 100, 1), (500, 500, 1), (500, 500, 3), (2_000, 2_000, 1)]
LARGE = [(10_000, 10_000, 1), (100_000, 20_000, 1)]
# The others hold every score at once; the slower ones are asked where they can answer within a minute.
MOST_CELLS = {"scipy": 10**8, "or-tools": 4 * 10**6, "greedy": 10**8, "mentor-match": 250_000}


def ours(market: Market) -> dict[str, object]:
    """The whole way, and the independent check of its proof."""
    import ortools.graph.python.min_cost_flow  # noqa: F401, PLC0415 - loaded once, as in a worker

    began = time.perf_counter()
    solution = solve(market)
    seconds = time.perf_counter() - began
    pairs = [(pair.mentor, pair.mentee, pair.score) for pair in solution.pairs]
    began = time.perf_counter()
    verdict = verify(market, pairs, solution.mentor_prices, solution.mentee_prices)
    return {
        "seconds": seconds,
        "objective": solution.objective,
        "pairs": len(pairs),
        "accepted": verdict.accepted,
        "check": time.perf_counter() - began,
        "phases": {phase: round(spent, 3) for phase, spent in solution.seconds.items()},
    }


def scipy(market: Market) -> dict[str, object]:
    """Linear sum assignment of the finished matrix; capacities of one only."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    scores = np.maximum(eligible(market), 0)
    began = time.perf_counter()
    rows, cols = linear_sum_assignment(scores, maximize=True)
    seconds = time.perf_counter() - began
    chosen = scores[rows, cols]
    return {"seconds": seconds, "objective": int(chosen.sum()), "pairs": int((chosen > 0).sum())}


def or_tools(market: Market) -> dict[str, object]:
    """Minimum-cost flow over all eligible pairs."""
    from vuoro.matching.engine.flow import Arcs, flow  # noqa: PLC0415

    scores = eligible(market)
    col, row = np.nonzero(scores.T >= 0)
    arcs = Arcs(col.astype(np.int64), row.astype(np.int64), scores[row, col].astype(np.int64))
    mentors = np.array([p.capacity for p in market.mentors], np.int64)
    mentees = np.array([p.capacity for p in market.mentees], np.int64)
    began = time.perf_counter()
    taken = flow(arcs, mentors, mentees)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "objective": int(arcs.gain[taken].sum()), "pairs": int(taken.sum())}


def greedy(market: Market) -> dict[str, object]:
    """The best pair that is left, until none is."""
    scores = eligible(market)
    mentor_left, mentee_left = [p.capacity for p in market.mentors], [p.capacity for p in market.mentees]
    began = time.perf_counter()
    cells = np.flatnonzero(scores >= 0)
    order = cells[np.argsort(-scores.ravel()[cells], kind="stable")]
    total = pairs = 0
    for row, col in zip(*(part.tolist() for part in np.divmod(order, scores.shape[1])), strict=True):
        if mentee_left[row] and mentor_left[col]:
            mentee_left[row] -= 1
            mentor_left[col] -= 1
            total, pairs = total + int(scores[row, col]), pairs + 1
    return {"seconds": time.perf_counter() - began, "objective": total, "pairs": pairs}


def mentor_match(market: Market) -> dict[str, object]:
    """The British civil service's package, in an environment of its own; capacities of one only."""
    scores = np.maximum(eligible(market), 0)
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--no-input", "mentor-match==7.0.1"]
        subprocess.run(install, check=True, stdout=sys.stderr)
    told = subprocess.run(
        [python, "-c", MENTOR_MATCH], input=json.dumps(scores.tolist()), capture_output=True, text=True, check=True
    )
    answer = json.loads(told.stdout)
    rows, cols = np.array(answer["pairs"], np.int64).T
    chosen = scores[rows, cols]
    return {"seconds": answer["seconds"], "objective": int(chosen.sum()), "pairs": int((chosen > 0).sum())}


ENVIRONMENT = Path(__file__).parents[3] / ".vuoro" / "bench-mentor-match"
MENTOR_MATCH = """
import json, sys, time
from types import SimpleNamespace
from matching.process import calculate_matches, prepare_matrix
grid = [[SimpleNamespace(score=score) for score in row] for row in json.load(sys.stdin)]
began = time.perf_counter()
pairs = calculate_matches(prepare_matrix(grid))
print(json.dumps({"seconds": time.perf_counter() - began, "pairs": pairs}))
"""
SOLVERS = {"ours": ours, "scipy": scipy, "or-tools": or_tools, "greedy": greedy, "mentor-match": mentor_match}


def measure(solver: str, size: tuple[int, int, int], seed: int) -> dict[str, object]:
    """One solver on one company, in this process; `mb` is the most memory it held beyond the company itself."""
    market = company(size[0], size[1], seed, capacity=size[2])
    _ = market.mentors, market.mentees
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = SOLVERS[solver](market)
    return {**found, "mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}


def table(sizes: list[tuple[int, int, int]], seed: int) -> bool:
    """Prints all results; whether ours was proven and no other better."""
    good = True
    print(f"{'mentors × mentees':>22} {'solver':>12} {'seconds':>9} {'MB':>6} {'pairs':>7} {'of the best':>12}")
    for size in sizes:
        found: dict[str, dict[str, object]] = {}
        for solver in SOLVERS:
            too_many = size[0] * size[1] > MOST_CELLS.get(solver, size[0] * size[1])
            if too_many or (solver in ("scipy", "mentor-match") and size[2] > 1):
                continue
            command = [sys.executable, __file__, "--one", solver, "--size", *map(str, size), "--seed", str(seed)]
            found[solver] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        best = max(int(one["objective"]) for one in found.values())  # type: ignore[call-overload]
        name = f"{size[0]:,} × {size[1]:,}" + (f" (1–{size[2]})" if size[2] > 1 else "")
        for solver, one in found.items():
            share = int(one["objective"]) / max(1, best)  # type: ignore[call-overload]
            print(
                f"{name:>22} {solver:>12} {one['seconds']:9.3f} {one['mb']:6.0f} {one['pairs']:7,} {share:12.5%}",
                flush=True,
            )
            name = ""
        mine = found["ours"]
        good &= bool(mine["accepted"]) and mine["objective"] == best
        proof = "accepted" if mine["accepted"] else "REFUSED"
        print(f"{'':>22} proof {proof} in {mine['check']:.3f} s · {mine['phases']}")
    return good


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--one", choices=SOLVERS)
    parser.add_argument("--size", type=int, nargs=3)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, tuple(options.size), options.seed)))
        sys.exit(0)
    print(f"seed {options.seed}")
    sys.exit(0 if table(SMALL + (LARGE if options.large else []), options.seed) else 1)
