"""Runs make targets, all of them even when one fails, and sums up with the seconds of each.

An argument is a target, or lanes of targets that run side by side: "types | lint contracts". What a target of a
lane prints is shown when it ends.
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

printing = Lock()
results: list[tuple[str, int, float]] = []


def run(target: str, *, beside: bool) -> None:
    """Make one target; `beside` others it keeps its words until it has ended."""
    title = f"\n== make {target}"
    if not beside:
        print(title, flush=True)
    began = time.monotonic()
    done = subprocess.run(
        ["make", "--no-print-directory", target], check=False, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if beside else None, stderr=subprocess.STDOUT if beside else None,
    )  # fmt: skip
    with printing:
        results.append((target, done.returncode, time.monotonic() - began))
        if beside:
            print(title, done.stdout.decode(errors="replace"), sep="\n", flush=True)


def main(arguments: list[str]) -> int:
    """The exit status: 1 when any target failed."""
    began = time.monotonic()
    for argument in arguments:
        lanes = [lane.split() for lane in argument.split("|")]
        beside = len(lanes) > 1
        with ThreadPoolExecutor(len(lanes)) as pool:
            for _ in pool.map(lambda lane, beside=beside: [run(target, beside=beside) for target in lane], lanes):
                pass
    failed = [target for target, code, _ in results if code]
    print(f"\n== Sum: {time.monotonic() - began:.0f} s")
    for target, code, seconds in results:
        print(f"  {'failed' if code else 'passed'}  {target:<15} {seconds:6.1f} s")
    print(f"\nChecks: {len(results) - len(failed)} passed, {len(failed)} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
