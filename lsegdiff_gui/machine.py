"""What this machine gives the process."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

MULTIPLIES_BF16 = {"amx_bf16": "AMX", "avx512_bf16": "AVX-512 BF16"}
"""What makes a processor multiply bfloat16 natively, as Linux and PyTorch name it → as makers do. Without one PyTorch
computes it ten times slower."""


def usable_cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@contextmanager
def first_import(module: str) -> Iterator[None]:
    """Around what imports a large module for the first time: what it makes stays, and is never searched for garbage.

    Python's collector would go through all of it a dozen times while it is made, and again in each large collection
    after: with torch that took a seventh of a start. `gc.unfreeze` undoes it. The next time nothing is done: what
    has come since may well become garbage.
    """
    if module in sys.modules:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
