"""Names of exported files: one stem for each picture, never one over another, sound on every system."""

import os
from pathlib import Path, PureWindowsPath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.annotation.outgoing import ExportItem
from lsegdiff_gui.formats.export import export
from lsegdiff_gui.formats.names import ENDINGS, MASK_ENDINGS, names_inside, picture_files, plan, portable
from lsegdiff_gui.formats.request import ExportRequest, Format, Naming
from lsegdiff_gui.imaging.read import EXPORTED_ENDINGS, list_pictures, read_mask

ALL = frozenset(Format)


@pytest.mark.parametrize(
    ("naming", "name"),
    [
        (Naming.MASK, "a_mask.png"),
        (Naming.SAME, "a.png"),
        (Naming.ISIC, "a_segmentation.png"),
        (Naming.KVASIR, "masks/a.png"),
    ],
)
def test_that_masks_are_called_as_the_scheme_says(naming, name):
    request = ExportRequest(Path("/out"), frozenset({Format.MASK}), naming=naming)
    assert plan([Path("/in/a.jpg")], request) == [Path("/out", name)]


def test_that_kvasirs_folders_hold_a_picture_and_a_mask_of_one_stem():
    request = ExportRequest(Path("/out"), frozenset({Format.MASK, Format.PICTURE}), naming=Naming.KVASIR)
    files = picture_files([Path("/in/a.JPG"), Path("/in/b.tif")], request)
    assert files[Path("/in/a.JPG")] == {
        Format.MASK: Path("/out/masks/a.png"),
        Format.PICTURE: Path("/out/images/a.jpg"),
    }
    assert files[Path("/in/b.tif")][Format.PICTURE] == Path("/out/images/b.png")
    assert names_inside(list(files), request) == {
        Path("/in/a.JPG"): "images/a.jpg",
        Path("/in/b.tif"): "images/b.png",
    }


@given(st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=300))
def test_that_any_stem_becomes_one_that_every_system_can_hold(stem):
    name = f"{portable(stem)}_segmentation.png"
    assert not set(name) & set('<>:"/\\|?*') and min(name) >= " "
    assert len(os.fsencode(name)) <= 250
    assert PureWindowsPath(name).name == name
    assert not PureWindowsPath(f"{portable(stem)}.png").is_reserved()


@pytest.mark.parametrize("stem", ["con", "NUL", "Com1", "lpt9", "aux.b"])
def test_that_no_file_has_the_name_of_a_device(stem):
    assert portable(stem) == f"_{stem}"


def test_that_long_names_that_differ_at_their_end_stay_apart():
    long = "ä" * 150
    assert portable(long + "1") != portable(long + "2")
    assert portable("é" * 100) == "é" * 100


stems = st.sampled_from(
    ["x", "X", "x_index", "x_mask", "con", "CON", "a:b", "a?b", "é", "e\u0301", "ö" * 125]
)
paths = st.builds(
    lambda folder, stem, suffix: Path("/") / folder / f"{stem}{suffix}",
    st.sampled_from(["a", "b", "out", "out/images", "out/masks"]),
    stems,
    st.sampled_from([".png", ".jpg", ".json", "_mask.png"]),
)


@given(st.lists(paths, unique=True, max_size=8), st.sampled_from(list(Naming)))
def test_that_no_file_of_any_format_takes_the_place_of_another(found, naming):
    request = ExportRequest(Path("/out"), ALL, naming=naming)
    files = [str(file).casefold() for file in plan(found, request)]
    assert len(set(files)) == len(files)
    assert not set(files) & {str(path).casefold() for path in found}
    assert picture_files(reversed(found), request) == picture_files(found, request)


def test_that_the_endings_of_exports_are_those_that_are_no_pictures(tmp_path):
    beside = {*MASK_ENDINGS.values(), *ENDINGS.values()} - {".png", ".json"}
    assert beside == set(EXPORTED_ENDINGS)
    (tmp_path / "a.jpg").touch()
    (tmp_path / "b_index.png").touch()
    for ending in beside:
        (tmp_path / f"a{ending}").touch()
    assert [path.name for path in list_pictures([tmp_path])] == ["a.jpg", "b_index.png"]


@pytest.mark.parametrize("stem", ["tête à tête", "病变 図", "x" * 200, "with  spaces ", "dots...", "aux"])
def test_that_a_mask_of_any_name_is_written_and_read_back(tmp_path, stem):
    mask = np.eye(5, 6, dtype=np.uint8)
    item = ExportItem(tmp_path / f"{stem}.png", 6, 5, lambda: mask)
    report = export([item], ExportRequest(tmp_path / "out", frozenset({Format.MASK})))
    (file,) = report.written
    assert np.array_equal(read_mask(file), mask)
