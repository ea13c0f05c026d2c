"""An offer to Noa (mentor) with Maria (mentee), for what an enrollment means to a pair."""

from support.offers import offer

__all__ = ["offer"]
