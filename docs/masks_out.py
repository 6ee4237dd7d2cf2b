"""The part of docs/formats.md about the files that an export writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lsegdiff_gui.formats.kinds_out import KINDS_OUT, MEASURES, SHAPES_OUT
from lsegdiff_gui.ui.dialogs.export_formats import FORMAT_WORDS

Table = Callable[[Sequence[str], Iterable[Sequence[str]]], list[str]]


def masks_out(table: Table) -> list[str]:
    """The lines of the section. table: makes the lines of a table from its head and its rows."""
    kinds = [
        (f"`{kind.format}`", FORMAT_WORDS[kind.format][0], kind.files, kind.holds, kind.loses)
        for kind in KINDS_OUT
    ]
    shapes = [(shape.options, shape.holds, shape.loses) for shape in SHAPES_OUT]
    return [
        "## Masks out",
        "",
        *_OUT.strip().splitlines(),
        "",
        *table(("`--format`", "in the window", "files", "what they hold", "what they lose"), kinds),
        "",
        "**COCO and labelme files** hold a mask in one of these ways:",
        "",
        *table(("options", "what is written", "what it loses"), shapes),
        "",
        *_ANNOTATIONS.strip().splitlines(),
        "",
        "**The table of measurements** is in pixels; (0, 0) is the picture's upper left corner.",
        "",
        *table(("column", "what it is"), [(f"`{name}`", words) for name, words in MEASURES.items()]),
    ]


_OUT = """
*File › Export* and `lsegdiff export PROJECT --format … --out FOLDER` write the same files. Done, approved
and "no lesion" pictures are written unless others are chosen (`--status`). What was done, approved or
exported before is written with the pixels it had then, whatever version of the program made it.

**Size and orientation.** Every file has the picture's own size, upright. With `--orientation sensor` masks,
maps, overlays and copies lie as the camera stored the picture, its EXIF turn undone pixel by pixel; the
annotations then say `orientation: stored`.

**Names.** `--naming mask` gives `NAME_mask.png`, `same` gives `NAME.png`, `isic` gives
`NAME_segmentation.png`, `kvasir` gives `masks/NAME.png`, which with `--format picture` makes the two
folders of Kvasir-SEG. NAME is the picture's. Pictures of one name get their folder's name in front, then a
number; letters of either case are one name. Signs that Windows cannot hold become `_`, names of devices get
one in front, names above 220 bytes are cut and marked. No file takes the place of a picture or of another
file of the export. Files that are there already are replaced only after a yes (`--overwrite`).

**Nothing half written.** A file appears complete under its name, with the permissions of the one before.
A picture that fails costs only itself, and is named. No file carries metadata of the pictures.
"""

_ANNOTATIONS = """
What polygons lose is counted entry by entry, and told after the export, with the picture that lost most. An
island in a hole is an entry's loss where it belongs to another entry. Corners are whole numbers between
pixels: (0, 0) is the upper left corner of the first pixel, (1, 1) its lower right one. pycocotools, and
whoever fills alike, gets the very same mask from what is exact above.

Each instance is an entry, as the window lists them; with `--per label` all pixels of a label are one.

In **COCO files** `iscrowd` is 0, `area` and `bbox` are those of the pixels, numbers start at 1 and follow the
sorted names: the same pictures give the same file. `attributes` hold where a mask comes from: model,
weights and seed, recipe, annotators, edits, status. A picture that somebody confirmed to show no lesion has
no annotation and the attribute `confirmed_no_lesion`. Pixels to be ignored are an annotation of their own
with the attribute `ignore`. `info` says what the masks are for. `--license` names the pictures' licence.

`--append` adds to the `annotations.json` that is there: what it holds keeps its numbers, and fields this
program does not know. Categories are the same where their names are. A picture that is in the file already
is left as it is, and named; with `--overwrite` its annotations are replaced, and its number stays. A file
that is no sound COCO file is refused with a sentence and not touched.

pycocotools, detectron2 and FiftyOne read all of this; supervision reads both run lengths exactly, and fills
polygons by a rule of its own. torchvision before 0.19 wants plain run lengths or polygons. Label Studio and
X-AnyLabeling want polygons.
"""
