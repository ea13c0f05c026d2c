"""How much is tried where more is better: a share in the suite, all of it in `make test-thorough`."""

import os

THOROUGH = "VUORO_THOROUGH" in os.environ


def tries(many: int, share: int = 5) -> int:
    """`many` in `make test-thorough`, else one in `share` of them."""
    return many if THOROUGH else -(-many // share)
