"""An offer to Noa (mentor) with Maria (mentee), who is in another branch of the company."""

from support.offers import offer

__all__ = ["offer"]
