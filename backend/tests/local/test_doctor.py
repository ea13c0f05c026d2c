"""The doctor's lines: what is wrong is named together with what to do."""

import smtplib
from pathlib import Path

import pytest

from vuoro.core.settings import Settings
from vuoro.local import doctor
from vuoro.local.ports import free_port
from vuoro.local.postgres import temporary_cluster


def settings(**values: object) -> Settings:
    return Settings.model_validate({"database_app_url": "", **values})


def todo(found: Settings) -> str:
    return "\n".join(finding.todo for finding in doctor.findings(found) if finding.todo)


@pytest.fixture
def web(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("<!doctype html>")
    return tmp_path


def test_without_a_database_all_is_well(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    assert doctor.run_doctor(settings(web_dist=web, public_url=f"http://localhost:{port}")) == 0
    assert "All is well" in capsys.readouterr().out


def test_a_role_that_passes_by_row_level_security_is_named(web: Path) -> None:
    with temporary_cluster() as cluster:
        found = settings(
            web_dist=web,
            public_url=f"http://localhost:{free_port()}",
            database_app_url=cluster.dsn("postgres"),
            database_worker_url=cluster.dsn("vuoro_worker").replace(f":{cluster.port}/", ":1/"),
            database_migrator_url=cluster.dsn("vuoro_migrator"),
        )
        said = todo(found)
    assert "VUORO_DATABASE_APP_URL: postgres passes by row-level security" in said
    assert "VUORO_DATABASE_WORKER_URL: the database does not let us in" in said
    assert "VUORO_DATABASE_AUTH_URL is missing" in said
    assert "run vuoro migrate" in said
    assert "VUORO_MASTER_KEYS is missing" in said
    assert cluster.secrets.passwords["vuoro_worker"] not in said


def test_a_missing_web_app_and_a_silent_mail_server_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError("Connection refused")

    monkeypatch.setattr(smtplib, "SMTP", refuse)
    said = todo(settings(web_dist=tmp_path, smtp_host="mail.example", public_url=f"http://localhost:{free_port()}"))
    assert "make build" in said
    assert "Mail: mail.example:587 does not take ours" in said
