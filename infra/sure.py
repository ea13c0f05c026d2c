"""Runs make targets one after another, all of them even when one fails, and sums up with the seconds of each."""

import subprocess
import sys
import time


def main(targets: list[str]) -> int:
    results = []
    for number, target in enumerate(targets, 1):
        print(f"\n== {number} of {len(targets)}: make {target}", flush=True)
        began = time.monotonic()
        code = subprocess.run(
            ["make", "--no-print-directory", target], check=False, stdin=subprocess.DEVNULL
        ).returncode
        results.append((target, code, time.monotonic() - began))
    failed = [target for target, code, _ in results if code]
    print(f"\n== Sum: {sum(seconds for _, _, seconds in results):.0f} s")
    for target, code, seconds in results:
        print(f"  {'failed' if code else 'passed'}  {target:<15} {seconds:6.1f} s")
    print(f"\nChecks: {len(results) - len(failed)} passed, {len(failed)} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
