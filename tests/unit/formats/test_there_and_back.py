"""An import finds again what an export wrote: pictures by their names, labels by theirs, turned ones, and lesions."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made.annotation_files import imported, planned
from made.masks import awkward

from lsegdiff_gui.annotation.instances import Cut, Partition, Tie, instances
from lsegdiff_gui.annotation.labels import IGNORE, Label, Labels
from lsegdiff_gui.annotation.outgoing import ExportItem, Meaning
from lsegdiff_gui.formats.export import export
from lsegdiff_gui.formats.import_plan import Choices, Fit
from lsegdiff_gui.formats.request import ExportRequest, Format, Naming, Shape
from lsegdiff_gui.imaging.write import encode_jpeg, write_png

LABELS: Labels = (
    Label(1, "Lesion", "#56b4e9"),
    Label(2, "Größe ✓", "#e69f00"),
    Label(9, "Hair", "#009e73"),
    Label(IGNORE, "Ignore", "#999999"),
)

# Formats that hold masks without loss, and with the labels' names.
EXACT: dict[str, dict[str, Any]] = {
    "coco": {"formats": {Format.COCO}},
    "coco, by label": {"formats": {Format.COCO}, "by_instance": False},
    "coco, compressed": {"formats": {Format.COCO}, "shape": Shape.COMPRESSED},
    "coco, bridged": {"formats": {Format.COCO}, "shape": Shape.POLYGONS, "bridge_holes": True},
    "labelme": {"formats": {Format.LABELME}},
    "labelme, bridged": {"formats": {Format.LABELME}, "shape": Shape.POLYGONS, "bridge_holes": True},
    "index": {"formats": {Format.INDEX}},
}
BINARY = {f"mask, {naming}": {"formats": {Format.MASK}, "naming": naming} for naming in Naming}


def there_and_back(
    folder: Path,
    picture: Path,
    labels: np.ndarray,
    options: dict[str, Any],
    partition: Partition | None = None,
) -> tuple[np.ndarray, Partition]:
    """The labels and the partition that come back from an export of one picture."""
    height, width = labels.shape
    request = ExportRequest(folder, **{**options, "formats": frozenset(options["formats"])})
    meaning = Meaning(LABELS, partition or Partition())
    item = ExportItem(picture, width, height, labels.copy, {"status": "done"}, lambda: meaning)
    report = export([item], request)
    assert not report.failures
    own = [path for path in report.written if path.suffix in (".png", ".json")]
    made = planned(own, [picture], LABELS, root=picture.parent)
    placed, done = imported(made, Choices(fits=frozenset(Fit)))
    assert not done.failures and not done.left_out, made.lines
    assert made.added == ()
    incoming = placed[picture.name].incoming
    return incoming.mask.plane(), incoming.partition


def picture_of(folder: Path, name: str, shape: tuple[int, int], dtype: type = np.uint8) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_png(folder / name, np.full((*shape, 3), 90, dtype))
    return folder / name


@pytest.mark.parametrize("options", EXACT.values(), ids=EXACT)
@pytest.mark.parametrize("name", ["island in a hole", "touching corners", "empty", "one by one, full"])
def test_that_labels_come_back_by_their_names(tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    mask = awkward()[name]
    labels = mask * np.uint8(2)
    labels[: mask.shape[0] // 2][mask[: mask.shape[0] // 2] != 0] = 1
    labels[:1, -2:][mask[:1, -2:] != 0] = IGNORE
    picture = picture_of(tmp_path / "in", "a.png", mask.shape, np.uint16)
    back, _ = there_and_back(tmp_path / "out", picture, labels, options)
    assert np.array_equal(back, labels)


@pytest.mark.parametrize("options", BINARY.values(), ids=BINARY)
def test_that_binary_masks_of_every_naming_scheme_come_back(tmp_path: Path, options: dict[str, Any]) -> None:
    mask = awkward()["holes that touch"]
    picture = picture_of(tmp_path / "in", "a.png", mask.shape)
    back, _ = there_and_back(tmp_path / "out", picture, mask, options)
    assert np.array_equal(back, mask)


@pytest.mark.parametrize("options", [*EXACT.values(), BINARY["mask, mask"]], ids=[*EXACT, "mask"])
@pytest.mark.parametrize(
    "stem", ["läsion ü", "a b  c", "x" * 200, "病変" * 30, "1.2.3", "case_mask", "UPPER", "a_segmentation"]
)
def test_that_pictures_of_any_name_are_found_again(
    tmp_path: Path, stem: str, options: dict[str, Any]
) -> None:
    labels = awkward()["hole"]
    picture = picture_of(tmp_path / "in", f"{stem}.png", labels.shape)
    back, _ = there_and_back(tmp_path / "out", picture, labels, options)
    assert np.array_equal(back, labels)


@pytest.mark.parametrize("options", [*EXACT.values(), BINARY["mask, mask"]], ids=[*EXACT, "mask"])
@pytest.mark.parametrize("orientation", [1, 3, 5, 6, 7, 8])
def test_that_masks_lie_on_turned_pictures_as_before(
    tmp_path: Path, orientation: int, options: dict[str, Any]
) -> None:
    labels = awkward()["island in a hole"]
    stored = labels.shape if orientation < 5 else labels.shape[::-1]
    jpeg = encode_jpeg(np.full((*stored, 3), 90, np.uint8))
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([orientation]) + b"\0\0\0\0\0\0"
    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:])
    back, _ = there_and_back(tmp_path / "out", picture, labels, options)
    assert np.array_equal(back, labels)
    if orientation >= 5 or Format.COCO in options["formats"]:
        # In the sensor's orientation they are turned back, as the plan has offered.
        back, _ = there_and_back(tmp_path / "stored", picture, labels, {**options, "as_stored": True})
        assert np.array_equal(back, labels)


@pytest.mark.parametrize("kind", ["coco", "coco, compressed", "coco, bridged", "labelme", "labelme, bridged"])
def test_that_lesions_come_back_as_they_were_told_apart(tmp_path: Path, kind: str) -> None:
    labels = np.zeros((60, 90), np.uint8)
    labels[5:30, 5:60] = 1
    labels[40:50, 10:20] = labels[40:50, 60:80] = 2
    parted = Partition((Tie((12, 42), (62, 42)),), (Cut(((30.5, 1.5), (30.5, 35.5))),))
    picture = picture_of(tmp_path / "in", "a.png", labels.shape)
    back, partition = there_and_back(tmp_path / "out", picture, labels, EXACT[kind], parted)
    assert np.array_equal(back, labels)
    before, after = ([lesion.region for lesion in instances(labels, each)] for each in (parted, partition))
    assert len(before) == len(after) == 3
    for one, other in zip(before, after, strict=True):
        assert one.box == other.box and np.array_equal(one.inside, other.inside)
