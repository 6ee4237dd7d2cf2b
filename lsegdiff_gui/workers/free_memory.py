"""Memory that nothing holds goes back to the system: a long sitting must not grow by the gaps between blocks."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache


@cache
def _trim() -> Callable[[int], int] | None:
    """glibc's malloc_trim, which empties the gaps of all heaps; None with other C libraries, which do so themselves."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        function = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
    function.argtypes, function.restype = [ctypes.c_size_t], ctypes.c_int
    trim: Callable[[int], int] = function
    return trim


def give_memory_back() -> None:
    """Return what is free to the system. Takes some milliseconds: never call it on the GUI thread."""
    if (trim := _trim()) is not None:
        trim(0)
