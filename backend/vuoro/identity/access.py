"""Who may change the organization, its roles and its machines."""

from vuoro.core.actor import Actor
from vuoro.core.errors import Forbidden


def require_admin(me: Actor) -> None:
    """Forbidden unless the caller is an organization admin (or the worker or shell)."""
    if not (me.is_admin or me.is_system):
        raise Forbidden("This is for the organization's admins.")
