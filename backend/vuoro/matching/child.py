"""The solve in a process of its own: it holds the interpreter for as long as it runs, so not in ours.

Run as `python -m vuoro.matching.child`: a market as JSON lines on standard input; progress, pairs and
the rest of the solution as JSON lines on standard output, each short enough to hold nobody up. With `--ask`,
two lines come before the market, a question about two people and a certificate; the answer is one line.
"""

import argparse
import asyncio
import contextlib
import ctypes
import gc
import json
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from vuoro.matching.engine.market import Market, MarketError, load
from vuoro.matching.engine.score import Component, Evidence
from vuoro.matching.engine.solution import Best, MatchedPair, Progress, Solution, Stale, Unmatched

_ROOT = str(Path(__file__).resolve().parents[2])
_PAIRS_A_LINE = 500
#: What is asked about whom: (parting or forcing, mentor, mentee).
Question = tuple[Literal["parting", "forcing"], str, str]
_PASSED_ON = ("PATH", "LANG", "TZ", "PYTHONTZPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


class MatchError(Exception):
    """A run that gave no solution."""


class MatchCancelledError(MatchError):
    """Somebody stopped the run."""


class MatchTimedOutError(MatchError):
    """The run took longer than it may."""


class MatchCrashedError(MatchError):
    """`last_line` is the last the child wrote on standard error."""

    def __init__(self, returncode: int | None, last_line: str) -> None:
        super().__init__(f"the matching process ended with {returncode}: {last_line}")
        self.returncode, self.last_line = returncode, last_line


async def run(
    market_json: bytes,
    on_progress: Callable[[Progress], Awaitable[None]],
    cancel: asyncio.Event,
    timeout_s: float,
    memory_mb: int | None = None,
) -> Solution:
    """Solves what `market.dump` wrote. Raises MarketError or a MatchError: cancelled, timed out, crashed.

    Cancelled or out of time, it gives the best that was found so far, unproven; the errors are for when there is none.
    However it ends, the child is gone when this returns; it also dies with the thread that called this.
    """
    if cancel.is_set():
        raise MatchCancelledError
    process = await _start([] if memory_mb is None else ["--memory-mb", str(memory_mb)])
    heard = _Heard()
    talk = asyncio.create_task(_talk(process, market_json, on_progress, heard))
    stop = asyncio.create_task(cancel.wait())
    try:
        done, _ = await asyncio.wait({talk, stop}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if talk in done:
            return talk.result()
        if heard.best is None:
            raise MatchCancelledError if stop in done else MatchTimedOutError
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        for task in (talk, stop):
            task.cancel()
        await asyncio.gather(talk, stop, return_exceptions=True)
        await process.wait()
    return await asyncio.to_thread(_rebuilt, market_json, heard.best)


def _rebuilt(market_json: bytes, best: Best) -> Solution:
    from vuoro.matching.engine.solve import rebuild  # noqa: PLC0415

    return rebuild(load(market_json), best)


async def ask(market_json: bytes, certificate: str, question: Question, timeout_s: float) -> Any:
    """What `about` says of two people. Raises what it raises, or a MatchError: timed out, crashed.

    However it ends, the child is gone when this returns.
    """
    process = await _start(["--ask"])
    asked = json.dumps(question).encode() + b"\n" + certificate.encode() + b"\n" + market_json
    try:
        said, errors = await asyncio.wait_for(process.communicate(asked), timeout_s)
    except TimeoutError as error:
        raise MatchTimedOutError from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode or not said:
        raise MatchCrashedError(process.returncode, errors.decode(errors="replace").strip()[-500:])
    answer = json.loads(said)
    if "stale" in answer:
        raise Stale
    return answer["found"]


def about(market: Market, certificate: str, question: Question) -> Any:
    """`explain.parting` as [cost, the mentor's next, the mentee's next], or `explain.forcing`; it takes its time.

    Raises:
        Stale: the certificate does not prove this market's matching.
    """
    from vuoro.matching.engine import explain  # noqa: PLC0415 - with it scipy, which no start waits for

    what, mentor, mentee = question
    body = json.loads(certificate)
    mentors, mentees = (
        {one["person_id"]: one["price"] for one in body[f"{side}_prices"]} for side in ("mentor", "mentee")
    )
    pairs = [(one["mentor_id"], one["mentee_id"]) for one in body["pairs"]]
    if what == "forcing":
        return explain.forcing(market, (mentors, mentees), pairs, mentor, mentee, body["least"])
    found = explain.parting(market, (mentors, mentees), pairs, mentor, mentee, body["least"])
    return [found.cost, found.mentor_next, found.mentee_next]


async def _start(arguments: Sequence[str]) -> asyncio.subprocess.Process:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"PYTHONPATH": _ROOT, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "vuoro.matching.child", "--parent", str(os.getpid()), *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        start_new_session=True,  # a Ctrl-C meant for the worker is not meant for the child
    )


@dataclass
class _Heard:
    """The best matching that the child has told whole."""

    best: Best | None = None
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def best_is(self, said: dict[str, Any]) -> None:
        """The pairs heard since the last time are the best by now."""
        self.best, self.pairs = Best(tuple(self.pairs), said["gap"], said["round"]), []


async def _talk(
    process: asyncio.subprocess.Process,
    market_json: bytes,
    on_progress: Callable[[Progress], Awaitable[None]],
    heard: _Heard,
) -> Solution:
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    errors: deque[bytes] = deque(maxlen=20)

    async def write(pipe: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            for at in range(0, len(market_json), 1 << 16):
                pipe.write(market_json[at : at + (1 << 16)])
                await pipe.drain()
        pipe.close()

    async def listen(pipe: asyncio.StreamReader) -> None:
        async for line in _lines(pipe):
            errors.append(line)

    pairs: list[MatchedPair] = []
    unmatched: list[Unmatched] = []
    rest: dict[str, Any] | None = None
    others = [asyncio.create_task(write(process.stdin)), asyncio.create_task(listen(process.stderr))]
    try:
        async for line in _lines(process.stdout):
            for kind, value in json.loads(line).items():
                if kind == "progress":
                    await on_progress(Progress(**value))
                elif kind == "best_pairs":
                    heard.pairs += [(mentor, mentee) for mentor, mentee in value]
                elif kind == "best":
                    heard.best_is(value)
                elif kind == "error":
                    raise MarketError(value["place"], value["code"], **value["params"])
                elif kind == "pair":
                    pairs.append(_pair(value))
                elif kind == "unmatched":
                    unmatched.append(Unmatched(**value))
                else:
                    rest = value
        await asyncio.gather(*others)
    finally:
        for task in others:
            task.cancel()
    returncode = await process.wait()
    if returncode or rest is None:
        said = [line for line in errors if line.strip()]
        raise MatchCrashedError(returncode, said[-1].decode(errors="replace").strip()[:500] if said else "")
    rest["checks"] = tuple(rest["checks"])
    return Solution(**rest, pairs=tuple(pairs), unmatched=tuple(unmatched))


async def _lines(pipe: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Lines of any length; between chunks the loop serves others."""
    rest = b""
    while chunk := await pipe.read(1 << 16):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line
        await asyncio.sleep(0)
    if rest:
        yield rest


def _pair(raw: list[Any]) -> MatchedPair:
    mentor, mentee, score, pinned, top_exempt, components = raw
    parts = tuple(
        Component(name, value, weight, tuple(Evidence(*item) for item in evidence))
        for name, value, weight, evidence in components
    )
    return MatchedPair(mentor, mentee, score, pinned, top_exempt, parts)


# --- in the child


def main() -> int:
    """The child: reads a market, writes progress and the solution as lines of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int)
    parser.add_argument("--memory-mb", type=int)
    parser.add_argument("--ask", action="store_true")
    options = parser.parse_args()
    die_with_parent(options.parent)
    os.nice(10)
    gc.disable()  # all that is read stays till the end
    if options.memory_mb:
        import resource  # noqa: PLC0415 - not on every system, and only asked for where it is

        limit = options.memory_mb << 20
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    (answer_about if options.ask else answer)(sys.stdin.buffer.read(), _say)
    return 0


def answer_about(asked: bytes, say: Callable[[dict[str, Any]], None]) -> None:
    """What the child says to a question about two people."""
    question, certificate, market_json = asked.split(b"\n", 2)
    try:
        say({"found": about(load(market_json), certificate.decode(), json.loads(question))})
    except (Stale, MarketError):  # a pin of somebody who has left, say
        say({"stale": True})


def answer(market_json: bytes, say: Callable[[dict[str, Any]], None]) -> None:
    """What the child does with its input; `say` gets a small object at a time."""

    def best(found: Best) -> None:
        for low in range(0, len(found.pairs), _PAIRS_A_LINE):
            say({"best_pairs": found.pairs[low : low + _PAIRS_A_LINE]})
        say({"best": {"gap": found.gap, "round": found.round}})

    from vuoro.matching.engine.solve import solve  # noqa: PLC0415

    try:
        solution = solve(load(market_json), lambda progress: say({"progress": asdict(progress)}), best)
    except MarketError as error:
        say({"error": {"place": error.place, "code": error.code, "params": error.params}})
        return
    for pair in solution.pairs:
        say({"pair": [getattr(pair, name) for name in MatchedPair.__slots__]})
    for person in solution.unmatched:
        say({"unmatched": asdict(person)})
    rest = {name: getattr(solution, name) for name in Solution.__dataclass_fields__}
    say({"rest": {name: value for name, value in rest.items() if name not in ("pairs", "unmatched")}})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    if "pair" not in message:
        sys.stdout.flush()


def die_with_parent(parent: int | None) -> None:
    """Ends this process with its parent, on Linux; None asks for nothing."""
    if sys.platform == "linux" and parent is not None:
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
