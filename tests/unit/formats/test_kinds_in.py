"""What docs/formats.md says of masks in is what the readers do."""

import json
from pathlib import Path

import numpy as np
from made.annotation_files import annotation, coco, image, imported, picture, planned, rectangle

from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.formats.kinds_in import KINDS_IN
from lsegdiff_gui.imaging.write import write_png


def test_that_every_format_an_entry_can_have_is_described_once(tmp_path: Path) -> None:
    files = [
        coco(tmp_path / "c.json", [image(1, "a.png")], [annotation(1, 1, [rectangle(1, 1, 5, 5)])], "Lesion"),
        tmp_path / "l.json",
        tmp_path / "b_mask.png",
    ]
    files[1].write_text(json.dumps({"shapes": [], "imagePath": "c.png"}), "utf-8")
    write_png(files[2], np.ones((30, 40), np.uint8))
    lines = planned(files, [picture(tmp_path / f"{stem}.png") for stem in "abc"]).lines
    assert [line.source.format for line in lines] == ["coco", "labelme", "png"]
    assert [kind.format for kind in KINDS_IN] == ["coco", "labelme", "png"]


def test_that_overlaps_are_lost_to_the_later_shape_as_the_page_says(tmp_path: Path) -> None:
    shapes = [annotation(1, 1, [rectangle(0, 0, 10, 10)], 1), annotation(2, 1, [rectangle(5, 5, 15, 15)], 2)]
    file = coco(tmp_path / "c.json", [image(1, "a.png")], shapes, "Lesion", "Ignore")
    placed, report = imported(planned([file], [picture(tmp_path / "a.png")]))
    assert "where annotations overlap, the later one has the pixels" in KINDS_IN[0].loses
    assert placed["a.png"].incoming.mask.plane()[7, 7] == IGNORE
    assert report.remarks[0][1] == "Shapes overlap at 25 pixels: the later one has them."
