"""Changing a program's settings by merge-patch; each change is a version with who, when and what."""

from typing import Any

from sqlalchemy import func, select

from vuoro.core import clock
from vuoro.core.actor import Actor
from vuoro.core.db import Db
from vuoro.core.errors import Conflict, Invalid
from vuoro.core.events import announce
from vuoro.programs.events import ExemptDistanceChanged
from vuoro.programs.models import Program, ProgramSettingsVersion
from vuoro.programs.settings import DEFAULTS, ProgramSettings, merged, settings_of
from vuoro.programs.templates import templates

# Pairs began under these: what protects the junior does not change under their feet.
FIXED_ONCE_RUNNING = ("primer_required", "rules.top_exempt_distance")


class FixedOnceRunning(Conflict):
    """What the pairs of a running program were promised stays; params name it."""

    code = "fixed_once_running"

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"This was promised to the pairs that have begun and stays: {', '.join(names)}.", params={"names": names}
        )


async def apply(db: Db, me: Actor, program: Program, patch: dict[str, Any]) -> None:
    """Merge `patch` into the settings of a locked program; a new version when something changes.

    Raises:
        Invalid: the settings would contradict each other.
        FixedOnceRunning: the program runs, and this was promised.
    """
    before = settings_of(program.settings).model_dump()
    template = templates().get(program.template)
    after = merged(before, patch, template.settings() if template else DEFAULTS)
    after = ProgramSettings(**after).model_dump()
    changes = differences(before, after)
    if not changes:
        return
    names = [change["name"] for change in changes]
    _check(after, names)
    fixed = [name for name in names if name in FIXED_ONCE_RUNNING]
    if fixed and program.state in ("running", "closing"):
        raise FixedOnceRunning(fixed)
    program.settings = after
    last = await db.scalar(
        select(func.max(ProgramSettingsVersion.number)).where(
            ProgramSettingsVersion.organization_id == db.organization_id,
            ProgramSettingsVersion.program_id == program.id,
        )
    )
    record(db, me, program, (last or 0) + 1, changes)
    if "rules.top_exempt_distance" in names:
        await db.flush()
        await announce(db, ExemptDistanceChanged(program.id))


def _check(settings: dict[str, Any], names: list[str]) -> None:
    if not any(settings["weights"].values()):
        raise Invalid.at("/settings/weights", "all_zero", "At least one weight is above zero.")
    if settings["remind_after_days"] >= settings["offer_days"] and {"remind_after_days", "offer_days"} & set(names):
        field = "remind_after_days" if "remind_after_days" in names else "offer_days"
        raise Invalid.at(
            f"/settings/{field}",
            "reminder_too_late",
            "An offer is reminded of before it ends: remind earlier than that.",
        )


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """What changed, as [{"name": "rules.min_score", "before", "after"}], by name."""
    old, new = _flat(before), _flat(after)
    return [
        {"name": name, "before": old.get(name), "after": new.get(name)}
        for name in sorted(old | new)
        if old.get(name) != new.get(name)
    ]


def _flat(settings: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return flat


def record(db: Db, me: Actor, program: Program, number: int, changes: list[dict[str, Any]]) -> None:
    """Write a version of the program's settings as they are now."""
    db.add(
        ProgramSettingsVersion(
            organization_id=me.organization_id,
            id=clock.uuid7(),
            program_id=program.id,
            number=number,
            settings=program.settings,
            changes=changes,
            changed_by=me.person_id,
            at=clock.now(),
        )
    )
