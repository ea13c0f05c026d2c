"""Garbage of processes that run long."""

import gc


def settle() -> None:
    """Keep the start's objects out of garbage collection, and collect seldom: much that is read stays for long.

    A start may go without it until here (`gc.disable`). Nothing is collected now: of 436,000 objects 3,000 are garbage,
    and looking for them takes as long as a tenth of the whole start.
    """
    gc.enable()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
