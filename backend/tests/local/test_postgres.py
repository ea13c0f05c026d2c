"""The embedded server for real: first start, second start, crash, strangers in the way, and the logins' limits."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vuoro.local import postgres
from vuoro.local.folder import DataFolder, FolderInUseError, LocalError
from vuoro.local.postgres import Cluster, start, temporary_cluster

BACKEND = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with temporary_cluster() as running:
        yield running


@pytest.fixture
def data(tmp_path: Path) -> Path:
    # The server runs as another user when the tests run as root, and pytest closes its folders to others.
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    return tmp_path / "data"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_root_runs_it_in_a_folder_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    package = postgres.binaries().parents[1]
    for part in (package, package.with_suffix(".libs")):
        shutil.copytree(part, tmp_path / part.name, symlinks=True)
    closed = tmp_path / postgres.binaries().relative_to(package.parent)
    monkeypatch.setattr(postgres, "binaries", lambda: closed)
    folder = DataFolder.open(tmp_path / "data")
    try:
        running = start(folder, throwaway=True)
        try:
            assert value(running.dsn("vuoro_app"), "select 1") == 1
        finally:
            postgres.stop_server(running.process)
    finally:
        folder.close()


def value(dsn: str, query: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


@pytest.mark.parametrize("role", ["migrator", "app", "worker", "auth"])
def test_no_login_bypasses_row_level_security(cluster: Cluster, role: str) -> None:
    dsn = cluster.environment()[f"VUORO_DATABASE_{role.upper()}_URL"]
    powers = (
        "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user"
    )
    assert value(dsn, "select current_user") == f"vuoro_{role}"
    assert value(dsn, powers) is False


def test_migrator_hands_tables_to_the_sign_in_role_and_grants_to_the_app(cluster: Cluster) -> None:
    with psycopg.connect(cluster.dsn("vuoro_migrator")) as connection:
        connection.execute("create schema walls")
        connection.execute("create table walls.tokens (id int)")
        connection.execute("grant usage, create on schema walls to vuoro_auth")
        connection.execute("alter table walls.tokens owner to vuoro_auth")
        connection.execute("grant usage on schema walls to vuoro_app")
        connection.execute("grant select on walls.tokens to vuoro_app")
    assert value(cluster.dsn("vuoro_app"), "select count(*) from walls.tokens") == 0


@pytest.mark.parametrize("role", ["vuoro_app", "vuoro_worker", "vuoro_auth"])
def test_other_logins_make_no_schema_and_no_table(cluster: Cluster, role: str) -> None:
    for statement in ("create schema mine", "create table public.mine (id int)"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            psycopg.connect(cluster.dsn(role)) as connection,
        ):
            connection.execute(statement)


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://vuoro_app:wrong@127.0.0.1:{cluster.port}/vuoro").close()


def test_text_is_unicode_and_sorts_alike_everywhere(cluster: Cluster) -> None:
    locale = "select datlocprovider::text || ' ' || datlocale from pg_database where datname = 'vuoro'"
    assert value(cluster.dsn("vuoro_app"), locale) == "b C.UTF-8"
    assert value(cluster.dsn("vuoro_app"), "select upper('häpäisy åäö')") == "HÄPÄISY ÅÄÖ"


def test_data_and_passwords_live_on_after_a_stop_and_after_a_crash(data: Path) -> None:
    first = start(DataFolder.open(data))
    with psycopg.connect(first.dsn("vuoro_migrator")) as connection:
        connection.execute("create table kept as select 1 as n")
    first.stop()
    second = start(DataFolder.open(data))
    assert second.secrets.values == first.secrets.values
    with psycopg.connect(second.dsn("vuoro_migrator")) as connection:
        connection.execute("insert into kept values (2)")
    os.kill(second.process.pid, signal.SIGKILL)
    second.process.wait()
    second.restart()
    assert value(second.dsn("vuoro_migrator"), "select count(*) from kept") == 2
    second.stop()


def test_secrets_are_closed_to_others(data: Path) -> None:
    folder = DataFolder.open(data)
    folder.secrets()
    assert (data / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert (data / "logs").stat().st_mode & 0o777 == 0o700
    folder.close()


def test_a_start_goes_on_from_every_moment_of_a_kill(data: Path) -> None:
    program = """
        from pathlib import Path
        from vuoro.local.folder import DataFolder
        from vuoro.local.postgres import start
        import sys, time
        start(DataFolder.open(Path(sys.argv[1])))
        print("up", flush=True)
        time.sleep(60)
    """
    for moment in (0.15, 0.3, 0.5, None):
        child = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program), str(data)], cwd=BACKEND, stdout=subprocess.PIPE
        )
        if moment is None:
            assert child.stdout is not None
            child.stdout.readline()
        else:
            time.sleep(moment)
        child.kill()
        child.communicate()
    cluster = start(DataFolder.open(data))
    assert value(cluster.dsn("vuoro_app"), "select 1") == 1
    cluster.stop()


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(data: Path) -> None:
    start(DataFolder.open(data)).stop()
    (data / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{data / 'pg'}\n1\n5432\n\n127.0.0.1\n\nready   \n")
    cluster = start(DataFolder.open(data))
    assert value(cluster.dsn("vuoro_app"), "select 1") == 1
    cluster.stop()


def test_the_second_user_of_a_folder_reads_who_has_it(data: Path) -> None:
    folder = DataFolder.open(data)
    with pytest.raises(FolderInUseError, match=f"process {os.getpid()}"):
        DataFolder.open(data)
    folder.close()
    DataFolder.open(data).close()


def test_a_database_without_its_secrets_is_refused_in_one_line(data: Path) -> None:
    folder = DataFolder.open(data)
    (data / "pg").mkdir()
    (data / "pg" / "PG_VERSION").write_text("18\n")
    with pytest.raises(LocalError, match=r"secrets\.json is missing"):
        folder.secrets()
    folder.close()


def test_a_database_of_another_version_is_refused_in_one_line(data: Path) -> None:
    folder = DataFolder.open(data)
    (data / "pg").mkdir()
    (data / "pg" / "PG_VERSION").write_text("17\n")
    with pytest.raises(LocalError, match=r"PostgreSQL 17, this is 18.*FRESH=1"):
        start(folder)
    folder.close()


def test_a_full_disk_is_said_before_anything_is_made(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DataFolder.open(data)
    monkeypatch.setattr(postgres, "NEEDED_BYTES", 10**18)
    with pytest.raises(LocalError, match="is full"):
        start(folder)
    assert not (data / "pg").exists()
    folder.close()


def test_wipe_leaves_what_is_not_ours(data: Path) -> None:
    folder = DataFolder.open(data)
    folder.secrets()
    (data / "letter.txt").write_text("mine")
    folder.wipe()
    assert sorted(path.name for path in data.iterdir()) == ["letter.txt", "lock", "logs", "run"]
    folder.close()


def test_abandoned_throwaway_servers_are_cleared_away(data: Path) -> None:
    base = data.parent
    abandoned, held = base / "vuoro-pg-old", base / "vuoro-pg-held"
    for path in (abandoned, held):
        DataFolder.open(path).close()
        os.utime(path, (0, 0))
    holder = DataFolder.open(held)
    os.utime(held, (0, 0))
    postgres._remove_abandoned(base)
    assert not abandoned.exists()
    assert held.exists()
    holder.close()
