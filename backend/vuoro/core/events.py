"""News inside one transaction: a lower domain announces, a higher one that `app` composed reacts before the commit."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from vuoro.core.db import Db

E = TypeVar("E")
_reactions: dict[type[Any], list[Callable[[Db, Any], Awaitable[None]]]] = {}


def reacts_to(event: type[E]) -> Callable[[Callable[[Db, E], Awaitable[None]]], Callable[[Db, E], Awaitable[None]]]:
    """Register a reaction, which runs in the announcing transaction and fails it when it raises."""

    def register(reaction: Callable[[Db, E], Awaitable[None]]) -> Callable[[Db, E], Awaitable[None]]:
        _reactions.setdefault(event, []).append(reaction)
        return reaction

    return register


async def announce(db: Db, event: object) -> None:
    """Run every reaction to this event, in the order of their registration."""
    for reaction in _reactions.get(type(event), ()):
        await reaction(db, event)
