"""The web app from memory: one page for every route of it, hashed files for ever, nothing from outside its folder."""

import base64
import gzip
import hashlib

import httpx
import pytest
from support.headers import weak

from vuoro.core import web
from vuoro.core.middleware import Around
from vuoro.core.settings import settings
from vuoro.core.web import WebApp


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Vuoro</title>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("let a = 1;")
    (tmp_path / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(b"let a = 1;"))
    (tmp_path / "assets" / "app-1a2b.js.map").write_text("{}")
    (tmp_path.parent / "secret.txt").write_text("secret")
    return tmp_path


@pytest.fixture
async def client(folder, environment):
    transport = httpx.ASGITransport(Around(WebApp(folder), settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        client.headers["accept-encoding"] = "identity"
        yield client


@pytest.mark.parametrize("path", ["/", "/today", "/pairs/0197", "/sign-in", "/index.html"])
async def test_every_page_is_the_app_with_a_strict_policy(client, path):
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Vuoro" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert weak(answer.headers, page=True) == set()


@pytest.mark.parametrize(
    ("there", "instead", "named"),
    [
        ("script-src 'self'", "script-src 'self' 'unsafe-inline'", "script-src"),
        ("script-src 'self'", "script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval'", "script-src"),
        ("connect-src 'self'", "connect-src *", "connect-src"), ("img-src 'self'", "img-src https:", "img-src"),
        ("frame-ancestors 'none'", "", "frame-ancestors"), ("base-uri 'none'; ", "", "base-uri"),
        ("default-src 'none'; ", "", "default-src"), ("font-src 'self'", "object-src 'self'", "object-src"),
        ("form-action 'self'; ", "", "form-action"),
    ],
)  # fmt: skip
async def test_a_page_with_a_weaker_policy_is_noticed(folder, environment, monkeypatch, there, instead, named):
    assert there in web.CSP
    monkeypatch.setattr(web, "CSP", web.CSP.replace(there, instead))
    transport = httpx.ASGITransport(Around(WebApp(folder), settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        assert weak((await client.get("/")).headers, page=True) == {named}


async def test_the_page_own_script_may_run_and_no_other(folder, environment):
    script = "\n  document.title = 'dark';\n"
    (folder / "index.html").write_text(f"<!doctype html><script>{script}</script><script src=/x.js></script>")
    transport = httpx.ASGITransport(Around(WebApp(folder), settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        policy = (await client.get("/")).headers["content-security-policy"]
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{allowed}';" in policy


async def test_the_service_worker_may_fetch_and_an_icon_may_nothing(folder, environment):
    for name in ("sw.js", "icon.svg"):
        (folder / name).write_text("//")
    transport = httpx.ASGITransport(Around(WebApp(folder), settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        worker, icon = [(await client.get(path)).headers["content-security-policy"] for path in ("/sw.js", "/icon.svg")]
    assert "connect-src 'self'" in worker
    assert "connect-src" not in icon


@pytest.mark.parametrize("path", ["/reference", "/reference/"])
async def test_the_api_reference_is_a_page_of_its_own_under_the_same_policy(folder, environment, path):
    (folder / "reference").mkdir()
    (folder / "reference" / "index.html").write_text("<!doctype html><title>Reference</title>")
    transport = httpx.ASGITransport(Around(WebApp(folder), settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answer, app = await client.get(path), await client.get("/")
    assert "Reference" in answer.text
    assert answer.headers["content-security-policy"] == app.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-cache"


async def test_a_hashed_file_is_kept_for_ever_and_sent_compressed(client):
    plain = await client.get("/assets/app-1a2b.js")
    packed = await client.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip"})
    assert "immutable" in plain.headers["cache-control"]
    assert (packed.headers["content-encoding"], packed.text, plain.text) == ("gzip", "let a = 1;", "let a = 1;")
    assert plain.headers["etag"] != packed.headers["etag"]
    assert plain.headers["vary"] == "Accept-Encoding"


async def test_an_unchanged_file_is_304(client):
    first = await client.get("/")
    again = await client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/assets/missing.js", "/v1/missing", "/assets/app-1a2b.js.map", "/.well-known/x", "/scim/v2"]
)
async def test_what_is_no_page_is_a_problem_404(client, path):
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/passwd"]
)
async def test_nothing_outside_the_folder_is_sent(client, path):
    assert "secret" not in (await client.get(path)).text


async def test_a_page_takes_reads_alone(client):
    assert (await client.post("/today")).status_code == 404


async def test_without_a_built_app_the_answer_says_so(tmp_path, environment):
    transport = httpx.ASGITransport(Around(WebApp(tmp_path / "missing"), settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answer = await client.get("/")
    assert answer.status_code == 503
    assert "make run" in answer.text
