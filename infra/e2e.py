"""Browser tests: start the whole product on a free port with throwaway data, run Playwright, stop it."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from setup import find_chromium

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
START_TIMEOUT_S = 180


def main(arguments: list[str]) -> int:
    with product() as environment:
        if environment is None:
            return 1
        tests = [str(BIN / "npm"), "--silent", "run", "e2e", "--", *arguments]
        code = subprocess.run(tests, cwd=ROOT / "frontend", env=environment, check=False).returncode
        if code:
            show_logs(Path(environment["VUORO_E2E_DATA"]))
        return code


@contextmanager
def product() -> Iterator[dict[str, str] | None]:
    """The whole product with throwaway data; yields what a browser test needs to know, None if it did not start."""
    memory = Path("/dev/shm")
    base = memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1_000_000_000 else None
    data = Path(tempfile.mkdtemp(prefix="vuoro-e2e-", dir=base))
    port = free_port()
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "VUORO_URL": f"http://localhost:{port}",
        "VUORO_E2E_DATA": str(data),
        "VUORO_LOGIN_LINK_CMD": f"VUORO_ENV_FILE='{data}/settings.env' '{BIN}/vuoro' login-link",
        "VUORO_CHROMIUM": find_chromium(),
    }
    server = subprocess.Popen(
        [str(BIN / "vuoro"), "demo", "--port", str(port)],
        env={**environment, "VUORO_DATA_DIR": str(data)},
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if ready(server, port):
            yield environment
        else:
            print("The product did not start; its last words are above.")
            show_logs(data)
            yield None
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(data, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def ready(server: "subprocess.Popen[bytes]", port: int) -> bool:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    return False


def show_logs(data: Path) -> None:
    for name in ("api", "worker", "postgres"):
        log = data / "logs" / f"{name}.log"
        if log.exists():
            print(f"-- end of {name}.log")
            print("\n".join(log.read_text(errors="replace").splitlines()[-20:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
