"""What the audit log says of each deed, in people's words."""

import tomllib
from functools import lru_cache
from pathlib import Path

from vuoro.core.words import Localized


@lru_cache
def _words() -> dict[str, Localized]:
    told = tomllib.loads(Path(__file__).with_name("deeds.toml").read_text("utf-8"))
    return {action: Localized(fi=fi, sv=sv, en=en) for action, (fi, sv, en) in told.items()}


def words(action: str) -> Localized:
    """A deed in the three languages; one of an older release that is no longer known, by its own name."""
    return _words().get(action) or Localized(fi=action, sv=action, en=action)
