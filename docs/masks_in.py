"""The section of docs/formats.md on the files that masks are read from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lsegdiff_gui.formats.importing import MOST_PARTS
from lsegdiff_gui.formats.json_pieces import MOST_BYTES
from lsegdiff_gui.formats.kinds_in import KINDS_IN

Table = Callable[[Sequence[str], Iterable[Sequence[str]]], list[str]]


def masks_in(table: Table) -> list[str]:
    """Its lines."""
    rows = [(kind.name, kind.read, kind.loses, kind.left_out) for kind in KINDS_IN]
    head = ("kind", "what is read", "what is lost", "what is left out, with a sentence")
    words = _WORDS.format(gigabytes=MOST_BYTES / 2**30, parts=MOST_PARTS)
    return ["## Masks in", "", *table(head, rows), "", *words.strip().splitlines()]


_WORDS = """
*File › Import masks*, a file of annotations dropped on the window, and `lsegdiff import PROJECT FILE…`
do the same: first a plan, then, if you say so, the import. The plan names each picture, what would become
of it, and why it is left out if it is.

**Which picture.** By its name: in the chosen folder (`--root`), in `images/` in it, and among the pictures
of the project wherever they lie; of several by their folders, then by the mask's size. A name in a file
leads strictly into the chosen folder: absolute paths, `..`, links out of it and names of devices are left
out. A mask picture is called as its picture is, in another folder or with another ending, or `NAME_mask`,
`NAME_segmentation`, `NAME_lesion`, `NAME_index`; `masks/` goes with `images/` beside it.

**Other sizes** are never guessed. A mask whose sides are the picture's swapped can be turned as the picture
was (`--transpose`), and so can one whose file says `orientation: stored`; any other can be rescaled
(`--rescale`), each pixel taking the value beneath its centre, so that nothing moves. That a mask picture was
made on a picture stored upside down or mirrored (EXIF 2 to 4) cannot be seen by its size.

**Work that is there** is kept, unless you choose otherwise for all pictures or for some: theirs in its
place (`--choice theirs`), or theirs only where you have nothing (`beneath`). Each picture's mask is one
step, which Undo takes back. The mask is the base of its picture from then on, with the file's name and
hash, the time and the annotator kept beside it; drafting such a picture asks first.

**Labels** are those of the same name; others are added with a colour, or chosen (`--label hair=Hair`), or left
out. **Lesions** of the file stay apart: where they touch, cuts part them, and parts of one are tied; where a
cut cannot do it, the import says so. Beyond {parts:,} parts what hangs together is one lesion.

**Limits.** Files up to {gigabytes:g} GB, read entry by entry, so that neither memory nor the window suffers.
"""
