"""Where the migrations are, for whoever runs them or asks how far they go."""

from pathlib import Path

from alembic.config import Config

_PACKAGE = Path(__file__).resolve().parents[1]
#: Inside the package where it is installed, beside it in the repository.
FOLDER = next(path for path in (_PACKAGE / "migrations", _PACKAGE.parent / "migrations") if path.is_dir())


def config() -> Config:
    """Alembic's settings; migrations import what they share (walls.py) from their own folder."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    found.set_main_option("prepend_sys_path", str(FOLDER))
    found.set_main_option("path_separator", "os")
    return found
