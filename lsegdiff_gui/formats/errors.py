"""What can go wrong with files of annotations, in sentences."""

from __future__ import annotations

from lsegdiff_gui.errors import LSegDiffError


class FormatError(LSegDiffError):
    """A file of annotations cannot be made or understood; the text is the sentence for the user."""
