"""The order of file names, as a text that sorts by itself: in SQL, with an index."""

from __future__ import annotations

import os
import re

_DIGITS = re.compile(r"\d+")
# Longer runs of digits than this are no numbers that anybody counts with.
_WIDTH = 12


def base_name(path: str | bytes) -> str:
    """The last part of a path as the project stores it."""
    text = os.fsdecode(path)
    return text[max(text.rfind("/"), text.rfind("\\")) + 1 :]


def order_of(path: str | bytes) -> str:
    """The key of a path's name: 2 before 10, upper and lower case alike."""
    padded = _DIGITS.sub(lambda digits: digits.group().zfill(_WIDTH), base_name(path).casefold())
    # A name that is not text has halves of characters that SQLite would refuse.
    return padded.encode("utf-8", "replace").decode("utf-8")
