"""What the application logs."""

from support.logs import lines

__all__ = ["lines"]
