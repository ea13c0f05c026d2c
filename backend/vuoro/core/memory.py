"""Garbage of processes that run long."""

import gc


def settle() -> None:
    """Keep the start's objects out of garbage collection, and collect seldom: much that is read stays for long.

    A start may go without it until here (`gc.disable`): nearly all that is loaded stays.
    """
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
