"""What the documentation says of each format is what its files give back."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from made.masks import awkward

from docs.make_pages import formats_page
from lsegdiff_gui.annotation.instances import Cut, Partition
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, IGNORE, Label
from lsegdiff_gui.annotation.outgoing import ExportItem, Meaning
from lsegdiff_gui.cli.entry import app
from lsegdiff_gui.formats.coco_in import read_coco
from lsegdiff_gui.formats.export import export
from lsegdiff_gui.formats.found import Drawn
from lsegdiff_gui.formats.kinds_out import KINDS_OUT, MEASURES, SHAPES_OUT, Kept, KindOut, ShapeOut
from lsegdiff_gui.formats.labelme_in import read_labelme
from lsegdiff_gui.formats.measurements import COLUMNS
from lsegdiff_gui.formats.png_in import read_mask_file
from lsegdiff_gui.formats.request import ExportReport, ExportRequest, Format

LABELS = (*DEFAULT_LABELS, Label(7, "Vessel", "#e69f00"))
NUMBERS = {"": 1, "Lesion": 1, "1": 1, "Vessel": 7, "7": 7, "Ignore": IGNORE}
# Parts the large lesion of `several` in two that touch.
PARTED = Partition(cuts=(Cut(((10.5, 0.5), (10.5, 15.5))),))


def several() -> np.ndarray:
    mask = np.zeros((16, 24), np.uint8)
    mask[2:12, 3:20] = 1
    mask[4:7, 5:8] = 0
    mask[13:15, 20:23], mask[0, :4] = 7, IGNORE
    return mask


def sent(mask: np.ndarray, request: ExportRequest, partition: Partition) -> ExportReport:
    meaning = Meaning.of(LABELS, partition)
    height, width = mask.shape
    item = ExportItem(request.folder / "a.png", width, height, lambda: mask, meaning=lambda: meaning)
    return export([item], request)


def read_back(report: ExportReport) -> Drawn:
    file = next(file for file in report.written if file.suffix in (".png", ".json"))
    if file.name == "annotations.json":
        (entry,) = read_coco(file)
    else:
        entry = read_labelme(file) if file.suffix == ".json" else read_mask_file(file, {})
    assert entry.content is not None
    return entry.content.drawn(NUMBERS, entry.width, entry.height)


@pytest.mark.parametrize("kind", [kind for kind in KINDS_OUT if kind.kept], ids=lambda kind: kind.format)
def test_that_a_format_gives_back_what_is_said_of_it_and_not_more(kind: KindOut, tmp_path: Path) -> None:
    mask = several()
    drawn = read_back(sent(mask, ExportRequest(tmp_path, frozenset({kind.format})), PARTED))
    is_lesion = (drawn.labels != 0) & (drawn.labels != IGNORE)
    assert np.array_equal(is_lesion, (mask != 0) & (mask != IGNORE)) == (Kept.PIXELS in kind.kept)
    assert np.array_equal(drawn.labels, mask) == (Kept.LABELS in kind.kept)
    owners = drawn.owners
    both = (5, 4), (5, 16)
    assert (owners is not None and owners[both[0]] != owners[both[1]]) == (Kept.INSTANCES in kind.kept)


@pytest.mark.parametrize("shape", SHAPES_OUT, ids=lambda shape: shape.options)
@pytest.mark.parametrize("kind", [Format.COCO, Format.LABELME])
def test_that_a_shape_is_exact_where_it_is_said_to_be_and_else_tells_its_loss(
    shape: ShapeOut, kind: Format, tmp_path: Path
) -> None:
    request = ExportRequest(
        tmp_path,
        frozenset({kind}),
        shape=shape.shape,
        bridge_holes=shape.bridge_holes,
        tolerance=shape.tolerance,
    )
    mask = awkward()["hole"]
    report = sent(mask, request, Partition())
    assert np.array_equal(read_back(report).labels, mask) == shape.exact
    assert bool(report.losses) != shape.exact
    assert (shape.loses.startswith("nothing")) == shape.exact


def test_that_every_format_column_and_option_is_on_the_page() -> None:
    page = formats_page()
    assert {kind.format for kind in KINDS_OUT} == set(Format)
    assert tuple(MEASURES) == COLUMNS
    for name in [*Format, *COLUMNS]:
        assert f"| `{name}` |" in page
    command = typer.main.get_command(app).commands["export"]
    for option in (option for parameter in command.params for option in parameter.opts):
        assert not option.startswith("--") or option == "--help" or option in page


def test_that_the_files_on_the_page_are_those_that_are_written(tmp_path: Path) -> None:
    mask = np.eye(4, dtype=np.uint8)
    for kind in KINDS_OUT:
        if kind.format in (Format.OVERLAY, Format.PICTURE, Format.PROBABILITY, Format.SPREAD):
            continue
        report = sent(mask, ExportRequest(tmp_path / kind.format, frozenset({kind.format})), Partition())
        for file in report.written:
            assert file.name.replace("a_", "NAME_").replace("a.json", "NAME.json") in kind.files


def test_that_the_attributes_on_the_page_are_those_in_the_file(tmp_path: Path) -> None:
    meaning = Meaning.of(LABELS, Partition())
    items = [
        ExportItem(tmp_path / "a.png", 24, 16, several, meaning=lambda: meaning),
        ExportItem(tmp_path / "b.png", 2, 2, lambda: np.zeros((2, 2), np.uint8), {"status": "no_lesion"}),
    ]
    export(items, ExportRequest(tmp_path, frozenset({Format.COCO})))
    data = json.loads((tmp_path / "annotations.json").read_text("utf-8"))
    page = formats_page()
    assert data["images"][1]["attributes"]["confirmed_no_lesion"] and "`confirmed_no_lesion`" in page
    assert data["annotations"][-1]["attributes"]["ignore"] and "attribute `ignore`" in page
