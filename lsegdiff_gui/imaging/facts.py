"""Size and orientation of a picture file, without decoding it."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from lsegdiff_gui.imaging.broken import BrokenFile
from lsegdiff_gui.imaging.header import read_header
from lsegdiff_gui.imaging.pages import locate
from lsegdiff_gui.imaging.picture import ImageError

# The headers of a JPEG stand before its pixels; behind large thumbnails and profiles only the whole file tells.
_JPEG_START = 2**18
_JPEG = b"\xff\xd8"


@dataclass(frozen=True, slots=True)
class Facts:
    """width, height: of the upright picture; orientation: as stored, 1 to 8."""

    width: int
    height: int
    orientation: int


def read_facts(path: Path) -> Facts:
    """Read the header of a picture file, or of the page that `imaging.pages` names so.

    Raises ImageError for what cannot be read, or is no picture.
    """
    place, named = locate(path)
    page = 1 if named is None else named
    try:
        if not stat.S_ISREG(place.stat().st_mode):
            raise ImageError(f"“{path}” is not a file. Choose a picture.")
        with place.open("rb") as file:
            data = file.read(_JPEG_START)
            if not data.startswith(_JPEG):
                data += file.read()
            try:
                header = read_header(data, page)
            except BrokenFile:
                rest = file.read()
                if not rest:
                    raise
                header = read_header(data + rest, page)
    except OSError as problem:
        raise ImageError(f"“{path}” cannot be read: {problem.strerror or 'unknown reason'}.") from problem
    except BrokenFile as problem:
        raise ImageError(f"“{path.name}” cannot be opened: {problem.cause}. {problem.advice}") from problem
    if header.orientation >= 5:  # the stored rows are the columns of the scene
        return Facts(header.height, header.width, header.orientation)
    return Facts(header.width, header.height, header.orientation)
