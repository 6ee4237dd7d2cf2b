"""PNG and COCO, exact in both directions."""

from lsegdiff_gui.formats.errors import FormatError

__all__ = ["FormatError"]
