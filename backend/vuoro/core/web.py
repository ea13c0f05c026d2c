"""Serves the built web app from memory: hashed assets for ever, index.html for every page of the app."""

import base64
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from vuoro.core.errors import NotFound
from vuoro.core.middleware import problem_response

# `{inline}` takes the hashes of the scripts that stand in index.html itself.
CSP = (
    "default-src 'none'; script-src 'self'{inline}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
NOT_PAGES = ("/v1", "/scim", "/oauth", "/assets", "/.well-known")
# It fetches what pages ask for, so its own policy has to allow that.
WORKER = "/sw.js"
INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
MISSING = (
    b"<!doctype html><meta charset=utf-8><title>Vuoro</title><p>The web app has not been built yet. "
    b"Run <code>make run</code>, which builds it. The API is here."
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the built app, with its compressed forms by encoding."""

    media_type: str
    etag: str
    bodies: dict[str, bytes]


class WebApp:
    """ASGI app over one folder, read whole at start-up."""

    def __init__(self, folder: Path) -> None:
        self.assets: dict[str, Asset] = {}
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and path.suffix not in (".br", ".gz", ".map"):
                bodies = {"identity": path.read_bytes()}
                for name, suffix in (("br", ".br"), ("gzip", ".gz")):
                    squeezed = path.with_name(path.name + suffix)
                    if squeezed.is_file():
                        bodies[name] = squeezed.read_bytes()
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                if kind.startswith("text/") or kind.endswith(("javascript", "json")):
                    kind += "; charset=utf-8"
                tag = hashlib.sha256(bodies["identity"]).hexdigest()[:16]
                self.assets["/" + path.relative_to(folder).as_posix()] = Asset(kind, tag, bodies)
        index = self.assets.get("/index.html")
        scripts = INLINE.findall(index.bodies["identity"]) if index else []
        hashes = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts]
        self.csp = CSP.format(inline="".join(f" 'sha256-{each}'" for each in hashes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        path = request.url.path
        asset = self.assets.get(path) or self.assets.get(f"{path.rstrip('/')}/index.html")
        if asset is None and (
            request.method not in ("GET", "HEAD") or any(path == p or path.startswith(p + "/") for p in NOT_PAGES)
        ):
            return problem_response(NotFound(), request.state.request_id)
        page = asset is None or asset.media_type.startswith("text/html")
        asset = asset or self.assets.get("/index.html")
        if asset is None:
            return Response(MISSING, 503, media_type="text/html; charset=utf-8")
        wanted = request.headers.get("accept-encoding", "")
        encoding = next((name for name in ("br", "gzip") if name in wanted and name in asset.bodies), "identity")
        tag = f'"{asset.etag}-{encoding}"'
        headers = {
            "ETag": tag,
            "Vary": "Accept-Encoding",
            "Cache-Control": "public, max-age=31536000, immutable" if path.startswith("/assets/") else "no-cache",
        }
        if page or path == WORKER:
            headers["Content-Security-Policy"] = self.csp
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(asset.bodies[encoding], headers=headers, media_type=asset.media_type)
