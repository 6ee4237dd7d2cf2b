"""Importing a large module without Python's collector searching what it makes."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


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
