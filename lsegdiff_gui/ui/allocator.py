"""How the C library hands out memory: said once at the start, so that a long day's work does not swell the process."""

from __future__ import annotations

import ctypes
import sys

# malloc.h of glibc
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8

# glibc keeps a heap for each thread, and lets large blocks in once some were freed: after a thousand pictures they held
# a quarter more than at the hundredth, of nothing but gaps. Blocks from this size on go back to the system when freed.
_APART_FROM = 1 << 20
_HEAPS = 2


def keep_compact() -> None:
    """Have few heaps and large blocks apart from them; before threads are started. Other systems need it not."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _HEAPS)
        mallopt(_M_MMAP_THRESHOLD, _APART_FROM)
