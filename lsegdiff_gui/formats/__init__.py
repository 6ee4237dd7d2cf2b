"""PNG and COCO, exact in both directions."""

from lsegdiff_gui.formats.coco import FormatError

__all__ = ["FormatError"]
