"""What the polygons of one picture would lose, before they are written."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.outgoing import Meaning
from lsegdiff_gui.formats.coco import CocoPicture, Held
from lsegdiff_gui.formats.parts import parts_of
from lsegdiff_gui.formats.polygons import Loss
from lsegdiff_gui.formats.request import ExportRequest


def polygon_loss(name: str, mask: npt.NDArray[np.uint8], meaning: Meaning, request: ExportRequest) -> Loss:
    """The loss of a label mask, (H, W) uint8, held as the request says. Up to a second on a large picture.

    Raises FormatError for a label without a name; name: the picture's, for the sentence.
    """
    height, width = mask.shape
    partition = meaning.partition if request.by_instance else None
    parts = parts_of(name, mask, {label.id for label in meaning.labels}, partition)
    held = Held(request.shape, request.tolerance, request.bridge_holes)
    return CocoPicture.of_parts(name, width, height, parts, held=held).loss
