"""What the reader hands out: one picture, upright, with the identity of its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.errors import LSegDiffError

NativePixels = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]


class ImageError(LSegDiffError):
    """A picture could not be read or a file could not be written; the text is the sentence for the user."""


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """A decoded picture, upright: the stored orientation is already applied to both arrays.

    rgb8: (H, W, 3) uint8, RGB. What the model and the window use.
    native: (H, W) grey or (H, W, 3) RGB, uint8 or uint16, the values of the file without its alpha.
        The same array as rgb8 for 8-bit colour pictures.
    sha256: hexadecimal SHA-256 of the file's bytes; behind the first page, of these and of "page 2" and so on.
    path: the file it came from, or the page of it as `imaging.pages` names it; None for one made in memory.
    orientation: EXIF orientation as stored in the file, 1 to 8; 1 where the file says nothing.
    tones: (256,) or (65536,) uint8, what each of the native values is shown as, where the file says it (a window
        of DICOM); else None.
    """

    rgb8: npt.NDArray[np.uint8]
    native: NativePixels
    sha256: str
    path: Path | None = None
    orientation: int = 1
    tones: npt.NDArray[np.uint8] | None = None

    @property
    def width(self) -> int:
        """Columns, upright."""
        return int(self.rgb8.shape[1])

    @property
    def height(self) -> int:
        """Rows, upright."""
        return int(self.rgb8.shape[0])
