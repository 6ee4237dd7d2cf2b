"""What files say of pictures, whatever their format: names, sizes, and what is marked, in the file's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
Owners = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Source:
    """A file masks are read from. format: "coco", "labelme" or "png"; sha256: of its bytes."""

    path: Path
    format: str
    sha256: str


@dataclass(frozen=True, eq=False)
class Drawn:
    """What is marked on a picture: two planes of (H, W).

    labels: 0 background, else the number of a label. owners: 0 background, else the number, from 1, of the lesion
    that a pixel belongs to; None where what hangs together is one lesion.
    overlapping: pixels that several shapes claimed; the last of them has these.
    """

    labels: U8
    owners: Owners | None = None
    overlapping: int = 0


class Content(Protocol):
    """The masks that a file holds of one picture, small enough to keep for ten thousand pictures."""

    @property
    def categories(self) -> Sequence[str]:
        """The file's names of what is marked, in order; "" where it tells only lesion from background."""

    def drawn(self, numbers: Mapping[str, int], width: int, height: int, *, by_shape: bool = True) -> Drawn:
        """Draw it at the size that the file has it in. numbers: for each category a label, 0: leave it out.

        by_shape: each shape of the file is one lesion; else `owners` is None.
        Raises FormatError or ImageError where it is broken, or was replaced since.
        """


@dataclass(frozen=True)
class Entry:
    """What one file says of one picture.

    name: the picture's as the file has it; of a mask that is a picture itself, the mask's own. width, height: the
    mask's, 0 where the file does not say. left_out, remarks: sentences on what of it is not read, and how the rest
    is understood. refusal: why none of it is read, "" if it is; content is None then. attributes: the file's own.
    """

    source: Source
    name: str
    width: int
    height: int
    content: Content | None
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    refusal: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
