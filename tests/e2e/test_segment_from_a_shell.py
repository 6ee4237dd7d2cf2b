"""`lsegdiff segment` as another program calls it: a process, files in, files out."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from made.finds_dark import lesion
from made.network import save_random
from pycocotools.coco import COCO

from lsegdiff_gui import places
from lsegdiff_gui.imaging.read import read, read_mask
from lsegdiff_gui.imaging.write import encode_jpeg, write_png
from lsegdiff_gui.training.metrics import dice
from resources.draw_samples import draw

LYING = 6  # EXIF: the camera was turned a quarter


def _lsegdiff(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lsegdiff"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def _as_coco(file: Path, monkeypatch: pytest.MonkeyPatch) -> COCO:
    monkeypatch.setattr("builtins.print", lambda *_args, **_kwargs: None)  # pycocotools talks
    return COCO(str(file))


def _turned_jpeg(upright: np.ndarray) -> bytes:
    """A JPEG whose pixels lie on their side and whose EXIF says so."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + bytes([0, LYING]) + b"\0\0\0\0\0\0"
    lying = encode_jpeg(np.ascontiguousarray(np.rot90(upright)))
    return lying[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + lying[2:]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    write_png(folder / "wide.png", lesion(300, 200)[0])
    write_png(folder / "small.png", lesion(16, 16)[0])
    (folder / "turned.jpg").write_bytes(_turned_jpeg(lesion(120, 240)[0]))
    return folder


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools
def test_that_png_and_coco_hold_the_very_same_masks(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = save_random(tmp_path / "tiny.safetensors").path
    out = tmp_path / "masks"

    ran = _lsegdiff("segment", pictures, "--out", out, "--model", weights, "--threshold", "0.4", "--json")

    assert ran.returncode == 0, ran.stderr
    records = {Path(record["file"]).stem: record for record in map(json.loads, ran.stdout.splitlines())}
    coco = _as_coco(out / "annotations.json", monkeypatch)
    assert len(coco.imgs) == len(records) == 3
    for image in coco.imgs.values():
        stem = Path(image["file_name"]).stem
        mask = read_mask(out / f"{stem}_mask.png")
        picture = read(pictures / image["file_name"])
        assert mask.shape == (picture.height, picture.width) == (image["height"], image["width"])
        annotations = coco.loadAnns(coco.getAnnIds(imgIds=image["id"]))
        decoded = sum((coco.annToMask(annotation) for annotation in annotations), np.zeros_like(mask))
        np.testing.assert_array_equal(decoded, mask)
        assert records[stem]["foreground_fraction"] == pytest.approx(mask.mean())
    assert read_mask(out / "turned_mask.png").shape == (240, 120)


def test_that_the_same_command_gives_the_same_masks(pictures: Path, tmp_path: Path) -> None:
    weights = save_random(tmp_path / "tiny.safetensors").path

    for out in ("first", "second"):
        options = ["--model", weights, "--seed", 3, "--format", "png"]
        assert _lsegdiff("segment", pictures, "--out", tmp_path / out, *options).returncode == 0

    first = {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "second").iterdir()}


def test_that_a_broken_picture_among_good_ones_exits_with_1(pictures: Path, tmp_path: Path) -> None:
    weights = save_random(tmp_path / "tiny.safetensors").path
    (pictures / "cut.jpg").write_bytes((pictures / "turned.jpg").read_bytes()[:900])

    ran = _lsegdiff("segment", pictures, "--out", tmp_path / "masks", "--model", weights, "--format", "png")

    assert ran.returncode == 1
    assert "cut.jpg" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert sorted(path.name for path in (tmp_path / "masks").iterdir()) == [
        "small_mask.png",
        "turned_mask.png",
        "wide_mask.png",
    ]


@pytest.mark.parametrize("domain", ["polyp", "skin"])
def test_that_the_shipped_weights_find_the_drawn_objects(domain: str, tmp_path: Path) -> None:
    samples = sorted(places.bundled("resources", "samples").glob(f"{domain}_*"))

    ran = _lsegdiff("segment", *samples, "--out", tmp_path, "--model", domain, "--format", "png")

    assert ran.returncode == 0, ran.stderr
    found = {path.stem: read_mask(tmp_path / f"{path.stem}_mask.png") for path in samples}
    scores = {stem: dice(mask, draw(stem)[1]) for stem, mask in found.items()}
    assert len(scores) == 3
    assert min(scores.values()) > 0.7, scores
