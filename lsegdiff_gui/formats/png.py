"""Binary masks as PNG: one channel of 8 bit, 0 outside and 255 inside, the picture's own upright size.

What is to be ignored is outside: two values cannot tell a third.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import IGNORE, NONE
from lsegdiff_gui.imaging.write import encode_png, write_atomically


def mask_png(mask: npt.NDArray[np.uint8]) -> bytes:
    """Encode labels, (H, W) uint8: all but background and Ignore become 255. No metadata."""
    return encode_png(np.where((mask != NONE) & (mask != IGNORE), np.uint8(255), np.uint8(0)))


def write_mask(path: Path, mask: npt.NDArray[np.uint8]) -> None:
    """Write `mask_png` atomically. Raises ImageError where the file cannot be written."""
    write_atomically(path, mask_png(mask))
