"""Pictures in and out of numpy: the only reader and the only atomic writer."""

from lsegdiff_gui.imaging.picture import ImageError

__all__ = ["ImageError"]
