"""Garbage of processes that run long."""

import gc


def settle() -> None:
    """Keep the start's objects out of garbage collection, and collect seldom: much that is read stays for long."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
