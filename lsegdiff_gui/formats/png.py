"""Binary masks as PNG: one channel of 8 bit, 0 outside and 255 inside, the picture's own upright size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.write import encode_png, write_atomically


def mask_png(mask: npt.NDArray[np.uint8]) -> bytes:
    """Encode (H, W) uint8: what is not 0 becomes 255. No metadata."""
    return encode_png(np.where(mask != 0, np.uint8(255), np.uint8(0)))


def write_mask(path: Path, mask: npt.NDArray[np.uint8]) -> None:
    """Write `mask_png` atomically. Raises ImageError where the file cannot be written."""
    write_atomically(path, mask_png(mask))
