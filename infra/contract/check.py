"""What `make contract-check` runs: lint by two tools, breaks, clients of three languages, the SDK and the example.

Names of parts as arguments run those alone: lint breaks clients sdk.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))

import breaking  # noqa: E402
import clients  # noqa: E402

from e2e import product  # noqa: E402

BIN = ROOT / ".venv" / "bin"
OPENAPI = ROOT / "openapi"
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    "REDOCLY_TELEMETRY": "off",
}
SCOPES = ("people:read", "people:write", "programs:read")


def run(*command: object, cwd: Path = OPENAPI, **more: str) -> tuple[int, str]:
    """The exit status of a command and what it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**ENVIRONMENT, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def lint() -> str | None:
    """Redocly's and Spectral's errors; None when there are none. Spectral's warnings are counted."""
    code, said = run(BIN / "npm", "--silent", "run", "lint")
    print(f"Redocly, recommended-strict: {'errors' if code else '0 errors, 0 warnings'}")
    spectral = HERE / "node_modules" / ".bin" / "spectral"
    other, found = run(
        spectral, "lint", OPENAPI / "openapi.json", "--ruleset", "spectral.yaml", "--format", "json", cwd=HERE
    )
    faults = json.loads(found[found.index("[") : found.rindex("]") + 1]) if "[" in found else []
    errors = [fault for fault in faults if fault["severity"] == 0]
    print(f"Spectral with OWASP's rules: {len(errors)} errors, {len(faults) - len(errors)} warnings and hints")
    if code or errors or (other and not faults):
        return (
            said
            + "\n".join(f"{fault['code']} {fault['path']}" for fault in errors[:30])
            + (found if not faults else "")
        )
    return None


def breaks() -> str | None:
    """What breaks clients since the kept contract."""
    found = breaking.compare(breaking.load(OPENAPI / "kept.json.gz"), breaking.load(OPENAPI / "openapi.json"))
    print(f"Breaks since the kept contract: {len(found)}")
    return "\n".join(map(str, found)) or None


def made_clients() -> str | None:
    """Kotlin, Java and Swift."""
    return "a client failed" if clients.main(ROOT / ".venv" / "contract-clients") else None


def sdk() -> str | None:
    """The TypeScript SDK and the Python example against the whole product with a demo company."""
    types = OPENAPI / "sdk" / "src" / "schema.ts"
    for command in (
        ("openapi-typescript", "openapi.json", "--output", types, "--default-non-nullable=false"), ("tsc", "-p", "sdk"),
    ):  # fmt: skip
        code, said = run(OPENAPI / "node_modules" / ".bin" / command[0], *command[1:])
        if code:
            return said
    size = (OPENAPI / "sdk" / "dist" / "client.js").stat().st_size
    with product() as environment:
        if environment is None:
            return "the product did not start"
        data = environment["VUORO_E2E_DATA"]
        scopes = [part for scope in SCOPES for part in ("--scope", scope)]
        code, said = run(
            BIN / "vuoro", "token", "--organization", "nordlys", "--name", "SDK", *scopes,
            VUORO_ENV_FILE=f"{data}/settings.env",
        )  # fmt: skip
        key = re.search(r"vuoro_live_\S+", said)
        client = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", said)
        if code or key is None or client is None:
            return said
        given = {"VUORO_URL": environment["VUORO_URL"], "VUORO_KEY": key[0], "VUORO_CLIENT": client[0]}
        code, said = run(BIN / "node", "--test", "sdk/try.mjs", **given)
        passed = re.search(r"^# pass (\d+)|^ℹ pass (\d+)", said, re.MULTILINE)
        print(f"TypeScript SDK of {size:,} bytes: {passed[0][2:] if passed else 'failed'}")
        if code:
            return said
        example = ROOT / "docs" / "examples" / "people.py"
        code, said = run(BIN / "python", example, "add", f"E-{time.time_ns()}", "Aino Virta", **given)
        print("Python example: " + said.strip().replace("\n", "; "))
        return said if code else None


PARTS = {"lint": lint, "breaks": breaks, "clients": made_clients, "sdk": sdk}


def main(arguments: list[str]) -> int:
    """The exit status: 1 when a part failed."""
    failed = []
    for name in arguments or PARTS:
        began = time.monotonic()
        fault = PARTS[name]()
        print(f"{'failed' if fault else 'passed'}  {name}  {time.monotonic() - began:.0f} s\n", flush=True)
        if fault:
            failed.append(name)
            print(fault)
    print(f"Contract: {len(arguments or PARTS) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
