"""Every setting, typed and checked at start, from environment variables VUORO_* or a file of them (.env)."""

import base64
import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

#: A random key of 32 bytes has about 30 different ones.
DISTINCT = 9


class Settings(BaseSettings):
    """What one installation can decide. Names in the environment are VUORO_ and the field's name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="VUORO_", env_file=os.environ.get("VUORO_ENV_FILE", ".env"), extra="ignore", frozen=True
    )

    database_app_url: str = Field("", description="DSN of the API's role vuoro_app; must not bypass row-level security")
    database_worker_url: str = Field("", description="DSN of the worker's role vuoro_worker")
    database_migrator_url: str = Field(
        "", description="DSN of vuoro_migrator, which owns the tables; only `vuoro migrate`"
    )
    database_auth_url: str = Field("", description="DSN of vuoro_auth, which owns the sign-in tokens")
    database_pool_size: int = Field(10, ge=1, le=200, description="connections a process keeps for requests")
    database_statement_timeout_ms: int = Field(15_000, ge=100, description="a statement that takes longer is ended")
    master_keys: SecretStr = Field(
        SecretStr(""),
        description="key ring `id:base64(32 bytes)`, newest first, comma separated; older ones still open old data",
    )
    public_url: str = Field("http://127.0.0.1:8000", description="the address people use, without a slash at the end")
    plain_http: bool = Field(False, description="let people in by http although the address is not this machine's own")
    demo: bool = Field(False, description="offer personas to sign in as; never in a real installation")
    web_dist: Path = Field(Path("frontend/dist"), description="folder of the built web app")
    data_dir: Path = Field(Path(".vuoro"), description="folder of the embedded database and the demo's keys")
    smtp_host: str = Field("", description="mail server; empty: mails are recorded and not sent")
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_starttls: bool = True
    mail_from: str = Field("Vuoro <vuoro@localhost>", description="sender of every mail")
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$")
    metrics_port: int = Field(0, ge=0, le=65535, description="where `vuoro serve` tells Prometheus figures; 0: nowhere")
    worker_metrics_port: int = Field(0, ge=0, le=65535, description="the same of `vuoro worker`")
    metrics_host: str = Field("127.0.0.1", description="the address of these two ports; they ask nobody who they are")
    upload_max_bytes: int = Field(25 * 1024 * 1024, ge=1024, description="largest file that can be uploaded")
    rate_limit_per_second: float = Field(600, gt=0, description="requests a caller may make a second, on average")
    rate_limit_burst: int = Field(1200, ge=1, description="requests a caller may make at once")
    write_limit_per_second: float = Field(300, gt=0, description="changes a caller may make a second, on average")
    write_limit_burst: int = Field(3000, ge=1, description="changes a caller may make at once")
    outward_allow: str = Field(
        "",
        description="host:port, comma separated: machines of an inner network that may be called, by plain http too",
    )
    login_hours_idle: int = Field(12, ge=1, le=168)
    login_days: int = Field(7, ge=1, le=30)

    @field_validator("master_keys")
    @classmethod
    def _keys_are_32_bytes(cls, value: SecretStr) -> SecretStr:
        names: list[str] = []
        for part in filter(None, value.get_secret_value().split(",")):
            name, _, key = part.strip().partition(":")
            try:
                size = len(base64.b64decode(key, validate=True))
            except ValueError:
                size = 0
            if not name or size != 32:
                raise ValueError("each key is `id:base64`, 32 bytes before base64; make one with `vuoro new-key`")
            if len(set(base64.b64decode(key))) < DISTINCT:
                raise ValueError(f"the key {name.strip()} can be guessed; make another with `vuoro new-key`")
            names.append(name.strip())
        if len(set(names)) < len(names):
            raise ValueError("two keys have the same id; the older one could not be found again")
        return value

    @field_validator("public_url")
    @classmethod
    def _no_slash_at_the_end(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("starts with http:// or https://")
        parts = urlsplit(value)
        if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
            raise ValueError("is a host and perhaps a port, without a path, a name or a password")
        return value.rstrip("/")

    @field_validator("outward_allow")
    @classmethod
    def _hosts_have_ports(cls, value: str) -> str:
        for part in filter(None, value.split(",")):
            host, _, port = part.strip().rpartition(":")
            if not host or "/" in host or not port.isdecimal() or not 0 < int(port) < 65536:
                raise ValueError(f"each is host:port, as idp.intranet.example:443; {part.strip()} is not")
        return value

    @model_validator(mode="after")
    def _fit_for_others(self) -> "Settings":
        """What is fine on one machine is not when others come in."""
        faults = []
        if self.demo and (self.secure or not self._is_local(self.public_url)):
            faults.append("VUORO_DEMO: lets anybody sign in as anybody, so VUORO_PUBLIC_URL must be this machine's own")
        if not (self.secure or self.plain_http or self._is_local(self.public_url)):
            faults.append(
                "VUORO_PUBLIC_URL: sign-ins would travel readable by http; use https, or VUORO_PLAIN_HTTP=true where"
                " something else protects them"
            )
        if (
            self.smtp_password.get_secret_value()
            and not self.smtp_starttls
            and not self._is_local(f"//{self.smtp_host}")
        ):
            faults.append("VUORO_SMTP_STARTTLS: without it VUORO_SMTP_PASSWORD would travel readable")
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @staticmethod
    def _is_local(url: str) -> bool:
        host = urlsplit(url).hostname or ""
        return host in ("localhost", "::1") or host.endswith(".localhost") or host.startswith("127.")

    @property
    def secure(self) -> bool:
        """Whether people reach the service by https, which decides the cookie's name and flags."""
        return self.public_url.startswith("https://")

    @property
    def outward_allowed(self) -> frozenset[tuple[str, int]]:
        """Hosts and ports of VUORO_OUTWARD_ALLOW, an IPv6 address without its brackets."""
        parts = (part.strip().rpartition(":") for part in filter(None, self.outward_allow.split(",")))
        return frozenset((host.strip("[]").lower(), int(port)) for host, _, port in parts)

    @property
    def key_ring(self) -> dict[str, bytes]:
        """Master keys by id, newest first."""
        parts = filter(None, self.master_keys.get_secret_value().split(","))
        return {name.strip(): base64.b64decode(key) for name, _, key in (part.partition(":") for part in parts)}


class SettingsError(Exception):
    """The settings cannot be used; the message has one line for each fault."""


@lru_cache
def settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: one line for each wrong or missing setting, by its environment name.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"VUORO_{str(fault['loc'][0]).upper()}: {fault['msg']}"
            if fault["loc"]
            else fault["msg"].removeprefix("Value error, ")
            for fault in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from None


def require(*names: str) -> Settings:
    """The settings, when each named one has a value; else SettingsError naming what is missing."""
    found = settings()
    values = {name: getattr(found, name) for name in names}
    missing = [
        name
        for name, value in values.items()
        if not (value.get_secret_value() if isinstance(value, SecretStr) else value)
    ]
    if missing:
        raise SettingsError("\n".join(f"VUORO_{name.upper()} is missing; see .env.example" for name in missing))
    return found
