"""What can be asked of an export, and what came of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.formats.polygons import Loss


class Format(StrEnum):
    """A kind of file. Those for each picture first, then those for all pictures together."""

    MASK = "mask"
    INDEX = "index"
    PROBABILITY = "probability"
    SPREAD = "spread"
    OVERLAY = "overlay"
    PICTURE = "picture"
    LABELME = "labelme"
    COCO = "coco"
    CSV = "csv"


class Naming(StrEnum):
    """How the files of binary masks are called: the schemes of common data sets."""

    MASK = "mask"
    SAME = "same"
    ISIC = "isic"
    KVASIR = "kvasir"


class Shape(StrEnum):
    """How COCO and labelme files hold a mask."""

    RLE = "rle"
    COMPRESSED = "compressed"
    POLYGONS = "polygons"


EXPORTED_AT_FIRST = (Status.DONE, Status.APPROVED, Status.NO_LESION)
"""What somebody has finished: exported unless others are asked for."""

LARGEST_TOLERANCE = 10.0
"""Pixels by which a simplified outline may leave the mask's at most."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Where to, in which formats and how. The folder is made when it is missing.

    naming: of binary masks. as_stored: in the orientation of the picture's sensor, not upright. by_instance: COCO
    and labelme files and tables have an entry for each instance, else for each label. shape: how COCO and labelme
    files hold masks. tolerance, bridge_holes: of polygons, see `polygons_of`. append: the COCO file that is there
    keeps its content and numbers, and is added to. replace: what an appended file says of the same pictures is
    replaced, else they are left out. legend: overlays name their labels. licence: of the pictures, for COCO files.
    """

    folder: Path
    formats: frozenset[Format] = frozenset({Format.MASK, Format.COCO})
    naming: Naming = Naming.MASK
    as_stored: bool = False
    by_instance: bool = True
    shape: Shape = Shape.RLE
    tolerance: float = 0.0
    bridge_holes: bool = False
    append: bool = False
    replace: bool = False
    legend: bool = False
    licence: str = ""

    @property
    def asks_for_polygons(self) -> bool:
        """Whether a file with polygons is written: only these lose anything."""
        return self.shape is Shape.POLYGONS and bool(self.formats & {Format.COCO, Format.LABELME})


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What came of an export.

    failures: (picture or file, sentence). left_out: (picture, sentence) for what there is nothing of to write.
    losses: what polygons do not say of a picture's mask, one for each picture where they say not all.
    cancelled: before the last picture.
    """

    written: list[Path]
    failures: list[tuple[Path, str]]
    cancelled: bool = False
    left_out: tuple[tuple[Path, str], ...] = ()
    losses: tuple[tuple[Path, Loss], ...] = ()
