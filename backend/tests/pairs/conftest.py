"""An offer to Noa (mentor) with Maria (mentee), who is in another branch of the company; a mail server."""

from support.mailbox import mailbox
from support.offers import offer

__all__ = ["mailbox", "offer"]
