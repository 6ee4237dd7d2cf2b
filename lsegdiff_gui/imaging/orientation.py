"""The way back from the upright picture to the rows and columns of its sensor."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.facts import read_facts
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.pages import locate
from lsegdiff_gui.imaging.read import read

Plane = TypeVar("Plane", bound=npt.NDArray[np.generic])

UPRIGHT = 1
"""The EXIF orientation of a picture that is stored as it is seen."""

TRANSPOSED_FROM = 5
"""From this orientation on the stored rows are the columns of the scene."""

# Orientation to whether what is upright is mirrored left-right and top-bottom, before it is transposed.
_MIRRORED = {
    2: (True, False),
    3: (True, True),
    4: (False, True),
    6: (True, False),
    7: (True, True),
    8: (False, True),
}


def stored_orientation(path: Path) -> int:
    """The EXIF orientation of a picture file, 1 to 8. Raises ImageError as `read` does."""
    file, page = locate(path)
    # The header of a file tells that of its first page only.
    return read_facts(file).orientation if page is None else read(path).orientation


def as_stored(pixels: Plane, orientation: int) -> Plane:
    """Undo an EXIF orientation (1 to 8): upright pixels (H, W, …) as the file stores them, without loss."""
    across, down = _MIRRORED.get(orientation, (False, False))
    turned = pixels[:: -1 if down else 1, :: -1 if across else 1]
    if orientation >= TRANSPOSED_FROM:
        turned = turned.swapaxes(0, 1)
    return np.ascontiguousarray(turned)  # type: ignore[return-value]


def box_as_stored(box: Box, width: int, height: int, orientation: int) -> Box:
    """Where a box of the upright picture of this size lies in the stored one."""
    across, down = _MIRRORED.get(orientation, (False, False))
    x0, x1 = (width - box.x1, width - box.x0) if across else (box.x0, box.x1)
    y0, y1 = (height - box.y1, height - box.y0) if down else (box.y0, box.y1)
    return Box(y0, x0, y1, x1) if orientation >= TRANSPOSED_FROM else Box(x0, y0, x1, y1)
