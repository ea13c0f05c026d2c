"""Settings are checked at the start; each fault is a line with its name."""

import base64

import pytest
from pydantic import ValidationError

from vuoro.core import settings as module
from vuoro.core.settings import Settings, SettingsError, require, settings

KEY = base64.b64encode(bytes(range(32))).decode()
WEAK = base64.b64encode(b"password" * 4).decode()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("VUORO_MASTER_KEYS", "short:AAAA", "32 bytes"),
        ("VUORO_MASTER_KEYS", f":{KEY}", "32 bytes"),
        ("VUORO_MASTER_KEYS", "k:not base64!", "32 bytes"),
        ("VUORO_MASTER_KEYS", f"k:{WEAK}", "guessed"),
        ("VUORO_MASTER_KEYS", f"k:{base64.b64encode(bytes(32)).decode()}", "guessed"),
        ("VUORO_MASTER_KEYS", f"k:{KEY},k:{KEY}", "same id"),
        ("VUORO_PUBLIC_URL", "mentoring.example", "http"),
        ("VUORO_PUBLIC_URL", "https://mentoring.example/vuoro", "without a path"),
        ("VUORO_PUBLIC_URL", "https://me:word@mentoring.example", "without a path"),
        ("VUORO_PUBLIC_URL", "http://mentoring.example", "https"),
        ("VUORO_PUBLIC_URL", "http://10.0.0.5:8000", "https"),
        ("VUORO_DATABASE_POOL_SIZE", "many", "integer"),
        ("VUORO_LOG_LEVEL", "loud", "pattern"),
        ("VUORO_LOGIN_HOURS_IDLE", "0", "greater"),
    ],
)
async def test_a_wrong_setting_is_named(environment, monkeypatch, name, value, told):
    monkeypatch.setenv(name, value)
    settings.cache_clear()
    with pytest.raises(SettingsError, match=f"(?s){name}: .*{told}"):
        settings()


@pytest.mark.parametrize("address", ["https://mentoring.example", "https://localhost", "http://mentoring.example"])
async def test_the_demo_does_not_go_with_an_address_for_others(environment, monkeypatch, address):
    monkeypatch.setenv("VUORO_DEMO", "true")
    monkeypatch.setenv("VUORO_PLAIN_HTTP", "true")
    monkeypatch.setenv("VUORO_PUBLIC_URL", address)
    settings.cache_clear()
    with pytest.raises(SettingsError, match=r"^VUORO_DEMO: lets anybody"):
        settings()


@pytest.mark.parametrize("address", ["http://localhost:8080", "http://127.0.0.1:8000", "http://[::1]:8000"])
async def test_the_demo_and_plain_http_are_for_this_machine(environment, monkeypatch, address):
    monkeypatch.setenv("VUORO_DEMO", "true")
    monkeypatch.setenv("VUORO_PUBLIC_URL", address)
    settings.cache_clear()
    assert settings().demo
    assert not settings().secure


async def test_plain_http_for_others_has_to_be_asked_for(environment, monkeypatch):
    monkeypatch.setenv("VUORO_PUBLIC_URL", "http://mentoring.intranet")
    monkeypatch.setenv("VUORO_PLAIN_HTTP", "true")
    settings.cache_clear()
    assert settings().public_url == "http://mentoring.intranet"


async def test_each_fault_is_a_line_of_its_own(environment, monkeypatch):
    for name, value in (
        ("VUORO_DEMO", "true"),
        ("VUORO_PUBLIC_URL", "http://mentoring.example"),
        ("VUORO_SMTP_HOST", "mail.example"),
        ("VUORO_SMTP_PASSWORD", "word"),
        ("VUORO_SMTP_STARTTLS", "false"),
    ):
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    with pytest.raises(SettingsError) as told:
        settings()
    named = [line.partition(":")[0] for line in str(told.value).splitlines()]
    assert named == ["VUORO_DEMO", "VUORO_PUBLIC_URL", "VUORO_SMTP_STARTTLS"]
    assert "word" not in str(told.value).partition("SMTP_PASSWORD")[0]


async def test_the_key_ring_is_newest_first(environment, monkeypatch):
    monkeypatch.setenv("VUORO_MASTER_KEYS", f"new:{KEY}, old:{KEY}")
    settings.cache_clear()
    assert list(settings().key_ring) == ["new", "old"]
    assert KEY not in repr(settings())


async def test_what_a_command_needs_is_asked_for_by_name(environment, monkeypatch):
    assert require("database_app_url") is settings()
    monkeypatch.delenv("VUORO_DATABASE_WORKER_URL")
    settings.cache_clear()
    with pytest.raises(SettingsError, match=r"VUORO_DATABASE_WORKER_URL is missing; see \.env\.example"):
        require("database_worker_url", "database_app_url")


async def test_the_address_loses_its_last_slash(environment, monkeypatch):
    monkeypatch.setenv("VUORO_PUBLIC_URL", "https://mentoring.example/")
    settings.cache_clear()
    assert settings().public_url == "https://mentoring.example"
    assert settings().secure


def test_settings_cannot_be_changed_while_running():
    with pytest.raises(ValidationError):
        Settings().demo = True


def test_every_setting_that_its_name_does_not_explain_says_what_it_is_for():
    silent = {name for name, field in module.Settings.model_fields.items() if not field.description}
    assert silent <= {
        "smtp_port",
        "smtp_user",
        "smtp_password",
        "smtp_starttls",
        "log_level",
        "login_hours_idle",
        "login_days",
    }
