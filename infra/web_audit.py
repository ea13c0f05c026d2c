"""Measures the web app against its targets: Lighthouse, times on a slow phone, sizes. Exit status 1 when one is missed.

The median of three runs counts; `make web-audit ARGS=1` makes one. On a loaded machine the times are not the app's.
"""

import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict

from e2e import BIN, ROOT, product

MANAGER_MOBILE = 90
# At 1.6 Mbit/s, 150 ms and a quarter of the processor, which is Lighthouse's usual phone. Times in ms.
SLOW = {"FCP": 1000, "LCP": 2500, "TBT": 200, "CLS": 0.02, "interaction": 200}


def least(page: str, form: str, score: str) -> int:
    """The lowest score that is good enough."""
    if score != "performance":
        return 100
    if form == "desktop":
        return 98
    return MANAGER_MOBILE if page.startswith("manager") else 95


def main(arguments: list[str]) -> int:
    rows = sizes()
    with product() as environment:
        if environment is None:
            return 1
        command = [str(BIN / "node"), "infra/audit/measure.mjs", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    rows += measured([json.loads(line) for line in done.stdout.splitlines()])
    width = max(len(name) for name, *_ in rows)
    print(f"\n  {'':{width}}  {'target':>12}  {'result':>10}")
    for name, target, result, met in rows:
        print(f"  {name:{width}}  {target:>12}  {result:>10}  {'' if met else 'missed'}")
    missed = sum(not met for *_, met in rows)
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    print(f"\nWeb audit: {len(rows) - missed} met, {missed} missed (load {load:.1f} on {processors} processors)")
    return 1 if missed or done.returncode else 0


def sizes() -> list[tuple[str, str, str, bool]]:
    command = [str(BIN / "npm"), "--silent", "run", "size", "--", "--json"]
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    done = subprocess.run(command, cwd=ROOT / "frontend", env=environment, capture_output=True, text=True, check=False)
    limits = [part for part in json.loads(done.stdout) if not part["name"].startswith(("Lazy", "src/"))]
    return [
        (part["name"], f"<= {part['sizeLimit'] / 1000:.0f} kB", f"{part['size'] / 1000:.1f} kB", part["passed"])
        for part in limits
    ]


def measured(lines: list[dict]) -> list[tuple[str, str, str, bool]]:  # type: ignore[type-arg]
    """One row for each figure, the median of its runs."""
    figures = defaultdict(list)
    for line in lines:
        place = (line["page"], line["form"])
        for kind in ("scores", "times"):
            for name, value in line[kind].items():
                figures[(*place, kind, name)].append(value)
        if line["faults"]:
            print(f"  {', '.join(place)}: {', '.join(line['faults'])}")
    rows = []
    for (page, form, kind, name), values in figures.items():
        value = statistics.median(values)
        title = f"{page}, {form}: {name}"
        if kind == "scores":
            target = least(page, form, name)
            rows.append((title, f">= {target}", f"{value:.0f}", value >= target))
        elif form == "mobile":
            unit = "" if name == "CLS" else " ms"
            shown = f"{value:.3f}" if name == "CLS" else f"{value:.0f} ms"
            rows.append((title, f"<= {SLOW[name]}{unit}", shown, value <= SLOW[name]))
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
