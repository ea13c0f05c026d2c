"""Which TCP ports of this machine are free."""

import errno
import socket


class PortUnavailableError(Exception):
    """The message is one line for the person who asked for the port."""


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def require_port(port: int) -> int:
    """The port when it can be listened on, a free one for 0; else PortUnavailableError."""
    if port == 0:
        return free_port()
    if not 0 < port < 65536:
        raise PortUnavailableError(f"{port} is not a port: choose one from 1 to 65535.")
    # "localhost" means ::1 first for many browsers, so a stranger there would be in the way as well.
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        problem = _bind_problem(family, host, port)
        if problem == errno.EADDRINUSE:
            raise PortUnavailableError(f"Port {port} is in use. Try: make run PORT={_suggestion(port)}")
        if problem == errno.EACCES and family == socket.AF_INET:
            raise PortUnavailableError(f"Port {port} is reserved for root. Try: make run PORT=8000")
    return port


def _bind_problem(family: socket.AddressFamily, host: str, port: int) -> int | None:
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error.errno
    return None


def _suggestion(taken: int) -> int:
    for port in range(taken + 1, min(taken + 50, 65536)):
        if _bind_problem(socket.AF_INET, "127.0.0.1", port) is None:
            return port
    return free_port()
