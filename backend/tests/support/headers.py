"""What every answer tells a browser: never guess, frame or run it. `weak` names what is missing or lets too much in."""

from collections.abc import Mapping

SAME = "'self'"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
}
# The most that may be let in, by directive; a script of the page itself is named by its hash.
ANSWER = {"default-src": set(), "frame-ancestors": set(), "base-uri": set(), "form-action": set()}
PAGE = {
    **ANSWER,
    "form-action": {SAME}, "script-src": {SAME}, "style-src": {SAME, "'unsafe-inline'"}, "img-src": {SAME, "data:"},
    "font-src": {SAME}, "connect-src": {SAME}, "manifest-src": {SAME}, "worker-src": {SAME},
}  # fmt: skip
# The rest falls back to default-src.
NEEDED = frozenset(ANSWER)


def weak(headers: Mapping[str, str], *, page: bool = False) -> set[str]:
    """Headers and directives that are missing or too weak; `page` of an answer that is a page of the web app."""
    found = {name for name, value in ALWAYS.items() if headers.get(name) != value}
    most, policy = PAGE if page else ANSWER, _policy(headers.get("content-security-policy", ""))
    found |= NEEDED - policy.keys()
    for directive, sources in policy.items():
        hashes = {source for source in sources if page and directive == "script-src" and source[:8] == "'sha256-"}
        if directive not in most or not sources - {"'none'"} - hashes <= most[directive]:
            found.add(directive)
    if not headers.get("cache-control", "").startswith(("private", "no-store", "no-cache", "public, max-age=31536000")):
        found.add("cache-control")
    return found | {"server"} & headers.keys()


def _policy(text: str) -> dict[str, set[str]]:
    parts = [part.split() for part in text.split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}
