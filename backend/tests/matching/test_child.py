import asyncio
import base64
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Coroutine
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest

from vuoro.matching import child
from vuoro.matching.engine.market import Market, MarketError, Participant, dump
from vuoro.matching.engine.solution import Progress, Solution
from vuoro.matching.engine.solve import solve

T = TypeVar("T")
ROOT = Path(child.__file__).parents[2]
MARKET = Market(
    [
        Participant("m", "mentor", job_level=1, languages={"fi": 4}, topics=frozenset("a")),
        Participant("n", "mentor", job_level=1, languages={"fi": 4}),
        Participant("e", "mentee", job_level=6, languages={"fi": 4}, topics=frozenset("a")),
    ],
    [("m", None), ("n", None), ("e", None)],
    date(2026, 12, 1),
)


def go(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(work, 60))


async def quiet(_: Progress) -> None:
    pass


async def run(data: bytes, **options: Any) -> Solution:
    return await child.run(data, quiet, asyncio.Event(), options.pop("timeout_s", 30), **options)


def replace_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
    """Another program in the child's place."""
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{code}'\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))


def test_the_child_gives_the_same_answer_as_a_solve_here() -> None:
    heard: list[Progress] = []

    async def work() -> Solution:
        async def listen(progress: Progress) -> None:
            heard.append(progress)

        return await child.run(dump(MARKET), listen, asyncio.Event(), 30, memory_mb=4000)

    assert go(work()) == solve(MARKET)
    assert [p.phase for p in heard] == ["reading", "scoring", "proving", "done"]


def test_a_wrong_market_is_told_by_its_place() -> None:
    with pytest.raises(MarketError) as error:
        go(run(dump(replace(MARKET, goal="glory"))))  # type: ignore[arg-type]
    assert (error.value.place, error.value.code) == ("goal", "not_a_goal")
    assert error.value.params == {"value": "glory"}


def test_a_cancelled_run_leaves_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[asyncio.subprocess.Process] = []
    real = asyncio.create_subprocess_exec

    async def spy(*command: str, **options: Any) -> asyncio.subprocess.Process:
        started.append(await real(*command, **options))
        return started[-1]

    async def work() -> None:
        monkeypatch.setattr(asyncio, "create_subprocess_exec", spy)
        cancel = asyncio.Event()

        async def stop(_: Progress) -> None:
            cancel.set()
            await asyncio.sleep(30)

        await child.run(dump(MARKET), stop, cancel, 30)

    with pytest.raises(child.MatchCancelledError):
        go(work())
    (process,) = started
    assert process.returncode == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_a_run_stopped_or_out_of_time_keeps_the_best_so_far(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = solve(MARKET)
    some = [(pair.mentor, pair.mentee) for pair in whole.pairs]
    progress = {"progress": asdict(Progress("proving", 1, 1, None, 0.5, 0.7))}
    lines = [{"best_pairs": some}, {"best": {"gap": 0.5, "round": 1}}, {"best_pairs": [("n", "e")]}, progress]
    said = base64.b64encode("\n".join(map(json.dumps, lines)).encode()).decode()
    code = f'import base64, time; print(base64.b64decode("{said}").decode(), flush=True); time.sleep(60)'
    replace_child(monkeypatch, tmp_path, code)

    async def work(timeout_s: float) -> Solution:
        cancel = asyncio.Event()

        async def stop(_: Progress) -> None:
            if timeout_s == 30:
                cancel.set()

        return await child.run(dump(MARKET), stop, cancel, timeout_s)

    for seconds in (30, 4):
        kept = go(work(seconds))
        assert [(pair.mentor, pair.mentee) for pair in kept.pairs] == some
        assert (kept.proven, kept.gap, kept.rounds) == (False, 0.5, 1)
        assert kept.bound >= whole.objective


def test_a_run_cancelled_before_it_starts_starts_nothing() -> None:
    async def work() -> None:
        cancel = asyncio.Event()
        cancel.set()
        await child.run(b"", quiet, cancel, 30)

    with pytest.raises(child.MatchCancelledError):
        go(work())


def test_a_run_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    replace_child(monkeypatch, tmp_path, "import time; time.sleep(60)")
    start = time.monotonic()
    with pytest.raises(child.MatchTimedOutError):
        go(run(b"x" * 5_000_000, timeout_s=0.5))
    assert time.monotonic() - start < 20


def test_a_crash_is_told_with_the_last_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code = 'import sys; print("first", file=sys.stderr); sys.exit("no memory\\n\\n")'
    replace_child(monkeypatch, tmp_path, code)
    with pytest.raises(child.MatchCrashedError) as error:
        go(run(b""))
    assert (error.value.returncode, error.value.last_line) == (1, "no memory")


def test_a_child_that_says_nothing_has_crashed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    replace_child(monkeypatch, tmp_path, "pass")
    with pytest.raises(child.MatchCrashedError) as error:
        go(run(b""))
    assert (error.value.returncode, error.value.last_line) == (0, "")


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is on address space")
def test_a_child_without_enough_memory_is_a_crash_not_a_hang() -> None:
    with pytest.raises(child.MatchCrashedError):
        go(run(dump(MARKET) + b"\n" * 50_000_000, memory_mb=60))


def test_a_failing_listener_ends_the_run() -> None:
    async def work() -> None:
        async def broken(_: Progress) -> None:
            raise LookupError("no such run")

        await child.run(dump(MARKET), broken, asyncio.Event(), 30)

    with pytest.raises(LookupError, match="no such run"):
        go(work())


def test_the_loop_goes_on_while_the_child_works() -> None:
    async def work() -> float:
        worst, done = 0.0, asyncio.Event()

        async def beat() -> None:
            nonlocal worst
            while not done.is_set():
                start = time.monotonic()
                await asyncio.sleep(0.005)
                worst = max(worst, time.monotonic() - start)

        task = asyncio.create_task(beat())
        await run(dump(MARKET))
        done.set()
        await task
        return worst

    assert go(work()) < 2


@pytest.mark.skipif(sys.platform != "linux", reason="asked of the Linux kernel")
def test_the_child_dies_with_its_parent() -> None:
    code = (
        "import asyncio, sys\n"
        "from vuoro.matching import child\n"
        "real = asyncio.create_subprocess_exec\n"
        "async def spy(*command, **options):\n"
        "    process = await real(*command, **options)\n"
        "    print(process.pid, flush=True)\n"
        "    return process\n"
        "asyncio.create_subprocess_exec = spy\n"
        "async def never(pipe): await asyncio.sleep(60)\n"
        "async def work():\n"
        "    await child.run(b' ' * 100_000_000, never, asyncio.Event(), 60)\n"
        "asyncio.run(work())\n"
    )
    here = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=here, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        state = ""
        with contextlib.suppress(OSError):
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state in ("", "Z"):
            return
        time.sleep(0.05)
    pytest.fail("the child lives on")


def test_what_the_child_says_is_small_lines() -> None:
    said: list[dict[str, Any]] = []
    child.answer(dump(MARKET), said.append)
    assert [next(iter(line)) for line in said[-4:]] == ["progress", "pair", "unmatched", "rest"]
    assert all(len(json.dumps(line)) < 5_000 for line in said)
    said.clear()
    child.answer(b"{", said.append)
    assert said[0]["error"]["code"] == "malformed"
