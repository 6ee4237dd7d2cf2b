"""Every format, written and read back: lossless ones give the very same mask, the others the loss they state."""

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from made.masks import awkward
from made.stored import jpeg_with_exif, stored
from pycocotools.coco import COCO

from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, IGNORE, Label
from lsegdiff_gui.annotation.outgoing import ExportItem, Meaning
from lsegdiff_gui.formats.coco_in import read_coco
from lsegdiff_gui.formats.export import export
from lsegdiff_gui.formats.labelme_in import read_labelme
from lsegdiff_gui.formats.png_in import read_mask_file
from lsegdiff_gui.formats.request import ExportReport, ExportRequest, Format, Naming, Shape
from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.imaging.write import encode_jpeg, write_png

# pycocotools 2.0.11 has not caught up with NumPy 2; what it returns is right.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")

LABELS = (*DEFAULT_LABELS, Label(7, "Vessel", "#e69f00"))
NUMBERS = {"": 1, "Lesion": 1, "1": 1, "Vessel": 7, "7": 7, "Ignore": IGNORE}


def by_our_reader(report: ExportReport, shape: tuple[int, int]) -> np.ndarray:
    """The first mask in the only mask file that was written."""
    file = next(file for file in report.written if file.suffix in (".png", ".json"))
    if file.name == "annotations.json":
        (entry,) = read_coco(file)
    elif file.suffix == ".json":
        entry = read_labelme(file)
    else:
        entry = read_mask_file(file, {})
    assert entry.content is not None and not entry.left_out
    assert (entry.height, entry.width) == shape
    return entry.content.drawn(NUMBERS, entry.width, entry.height).labels


def by_pycocotools(report: ExportReport, shape: tuple[int, int]) -> np.ndarray:
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(next(file for file in report.written if file.name == "annotations.json")))
    mask = np.zeros(shape, np.uint8)
    for annotation in coco.dataset["annotations"]:
        mask[coco.annToMask(annotation) > 0] = annotation["category_id"]
    return mask


@dataclass(frozen=True)
class Way:
    """Out by a request, and back by a reader. loses: what it may lose, "" if nothing.

    Losses are those of entries: where all pixels of a label are one, that is what the whole mask loses.
    """

    name: str
    formats: frozenset[Format]
    read: Callable[[ExportReport, tuple[int, int]], np.ndarray] = by_our_reader
    shape: Shape = Shape.RLE
    bridge_holes: bool = False
    tolerance: float = 0.0
    naming: Naming = Naming.MASK
    by_instance: bool = True
    loses: str = ""

    def request(self, folder: Path, **more: bool) -> ExportRequest:
        return ExportRequest(
            folder,
            self.formats,
            naming=self.naming,
            shape=self.shape,
            bridge_holes=self.bridge_holes,
            tolerance=self.tolerance,
            by_instance=self.by_instance,
            **more,
        )


MASK, INDEX = frozenset({Format.MASK}), frozenset({Format.INDEX})
COCO_FILE, LABELME = frozenset({Format.COCO}), frozenset({Format.LABELME})
WAYS = (
    *(Way(f"PNG, {naming}", MASK, naming=naming) for naming in Naming),
    Way("index", INDEX),
    Way("COCO", COCO_FILE),
    Way("COCO by label", COCO_FILE, by_instance=False),
    Way("COCO by pycocotools", COCO_FILE, by_pycocotools),
    Way("compressed COCO", COCO_FILE, shape=Shape.COMPRESSED),
    Way("compressed COCO by pycocotools", COCO_FILE, by_pycocotools, Shape.COMPRESSED),
    Way("COCO, bridged polygons", COCO_FILE, shape=Shape.POLYGONS, bridge_holes=True),
    Way("bridged polygons by pycocotools", COCO_FILE, by_pycocotools, Shape.POLYGONS, True),
    Way("COCO, polygons", COCO_FILE, shape=Shape.POLYGONS, by_instance=False, loses="holes"),
    Way(
        "polygons by pycocotools", COCO_FILE, by_pycocotools, Shape.POLYGONS, by_instance=False, loses="holes"
    ),
    Way(
        "simplified", COCO_FILE, by_pycocotools, Shape.POLYGONS, True, 1.5, by_instance=False, loses="corners"
    ),
    Way("labelme masks", LABELME),
    Way("labelme polygons", LABELME, shape=Shape.POLYGONS, by_instance=False, loses="holes"),
    Way("bridged labelme polygons", LABELME, shape=Shape.POLYGONS, bridge_holes=True),
)
NAMES = ("plain.png", "tête à tête 图.png", "with  spaces .tif", f"{'n' * 200}.png", "CON.jpg")
LOSSLESS = [way for way in WAYS if not way.loses]


def sent(mask: np.ndarray, way: Way, folder: Path, name: str = "a.png", **more: bool) -> ExportReport:
    height, width = mask.shape
    meaning = Meaning.of(LABELS, Partition())
    item = ExportItem(folder / name, width, height, lambda: mask, meaning=lambda: meaning)
    report = export([item], way.request(folder / "out", **more))
    assert report.failures == []
    return report


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_that_every_mask_comes_back_or_its_loss_is_the_one_that_was_stated(way: Way, tmp_path: Path) -> None:
    for number, mask in enumerate(awkward().values()):
        report = sent(mask, way, tmp_path / str(number))
        back = way.read(report, mask.shape)
        if not way.loses:
            assert np.array_equal(back, mask)
            assert report.losses == ()
            continue
        ((_, loss),) = report.losses or ((None, None),)
        added, missing = np.count_nonzero(back > mask), np.count_nonzero(back < mask)
        assert (loss.added, loss.missing) == (added, missing) if loss else not (added or missing)
        assert way.loses == "corners" or missing == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", LOSSLESS, ids=lambda way: way.name)
def test_that_any_name_carries_the_very_same_mask(way: Way, name: str, tmp_path: Path) -> None:
    mask = awkward()["island in a hole"]
    report = sent(mask, way, tmp_path, name)
    assert np.array_equal(way.read(report, mask.shape), mask)
    if Format.COCO in way.formats or Format.LABELME in way.formats:
        data = json.loads(report.written[0].read_text("utf-8"))
        assert name in (data.get("imagePath"), data.get("images", [{}])[0].get("file_name"))


@pytest.mark.parametrize("way", [way for way in LOSSLESS if way.formats != MASK], ids=lambda way: way.name)
def test_that_several_labels_and_ignored_pixels_come_back(way: Way, tmp_path: Path) -> None:
    mask = np.random.default_rng(1).choice(np.array([0, 1, 7, IGNORE], np.uint8), (14, 19))
    mask[5:9, 5:15], mask[6:8, 7:9] = 7, 1
    assert np.array_equal(way.read(sent(mask, way, tmp_path), mask.shape), mask)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("way", LOSSLESS, ids=lambda way: way.name)
def test_that_masks_of_turned_pictures_fit_the_upright_and_the_stored_one(
    way: Way, orientation: int, tmp_path: Path
) -> None:
    mask = np.zeros((24, 40), np.uint8)
    mask[2:9, 3:21], mask[4:6, 5:8], mask[20, 39] = 1, 0, 1
    pixels = np.repeat(mask[..., None] * np.uint8(200), 3, axis=2)
    jpeg = jpeg_with_exif(encode_jpeg(stored(pixels, orientation)), orientation)
    (tmp_path / "a.jpg").write_bytes(jpeg)
    upright = sent(mask, way, tmp_path, "a.jpg")
    assert np.array_equal(way.read(upright, mask.shape), mask)
    turned = sent(mask, way, tmp_path, "a.jpg", as_stored=True)
    on_sensor = stored(mask, orientation)
    assert np.array_equal(way.read(turned, on_sensor.shape), on_sensor)


@pytest.mark.parametrize("as_stored", [False, True])
@pytest.mark.parametrize("orientation", [1, 3, 6, 7])
def test_that_copies_and_overlays_lie_as_their_mask_does(
    orientation: int, as_stored: bool, tmp_path: Path
) -> None:
    rgb8 = np.kron(np.array([[10, 240], [90, 160]], np.uint8), np.ones((16, 24), np.uint8))
    rgb8 = np.repeat(rgb8[..., None], 3, axis=2)
    (tmp_path / "a.jpg").write_bytes(jpeg_with_exif(encode_jpeg(stored(rgb8, orientation)), orientation))
    mask = np.zeros((32, 48), np.uint8)
    request = ExportRequest(
        tmp_path / "out", frozenset({Format.PICTURE, Format.OVERLAY}), as_stored=as_stored
    )
    report = export([ExportItem(tmp_path / "a.jpg", 48, 32, lambda: mask)], request)
    expected = stored(rgb8, orientation) if as_stored else rgb8
    for file in report.written:
        assert b"Exif" not in file.read_bytes()
        found = read(file)
        assert found.orientation == 1
        assert np.abs(found.rgb8.astype(int) - expected).max() < 12


def test_that_a_copy_of_16_bit_is_the_same_and_has_no_text(tmp_path: Path) -> None:
    deep = np.random.default_rng(2).integers(0, 65536, (9, 13, 3), dtype=np.uint16)
    write_png(tmp_path / "a.png", deep)
    mask = np.eye(9, 13, dtype=np.uint8)
    request = ExportRequest(tmp_path / "out", frozenset({Format.PICTURE, Format.MASK, Format.COCO}))
    report = export([ExportItem(tmp_path / "a.png", 13, 9, lambda: mask)], request)
    copy = next(file for file in report.written if file.parent.name == "images")
    assert np.array_equal(read(copy).native, deep)
    data = json.loads((tmp_path / "out" / "annotations.json").read_text("utf-8"))
    assert data["images"][0]["file_name"] == "images/a.png"
