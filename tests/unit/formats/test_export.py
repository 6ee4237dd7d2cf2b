"""Exporting many pictures: names that never clash, failures that cost one picture, nothing half written."""

import contextlib
import errno
import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO

from lsegdiff_gui.annotation.instances import Partition, Tie
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, IGNORE, Label
from lsegdiff_gui.annotation.outgoing import ExportItem, Meaning
from lsegdiff_gui.formats import FormatError
from lsegdiff_gui.formats.export import export
from lsegdiff_gui.formats.names import file_names, picture_files, plan
from lsegdiff_gui.formats.request import ExportRequest, Format
from lsegdiff_gui.imaging import ImageError
from lsegdiff_gui.imaging.read import read_mask

# pycocotools 2.0.11 has not caught up with NumPy 2; what it returns is right.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


def disc(side: int) -> np.ndarray:
    y, x = np.ogrid[:side, : side + 3]
    return ((y - side / 2) ** 2 + (x - side / 2) ** 2 < (side / 3) ** 2).astype(np.uint8)


def item(path: Path, mask: np.ndarray, **attributes: object) -> ExportItem:
    return ExportItem(path, mask.shape[1], mask.shape[0], lambda: mask, attributes)


def by_pycocotools(path: Path) -> COCO:
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


def test_that_both_formats_read_back_to_the_very_same_masks(tmp_path):
    masks = {"a.jpg": disc(20), "b.png": disc(31), "empty.tif": np.zeros((4, 6), np.uint8)}
    out = tmp_path / "new" / "out"
    report = export([item(tmp_path / name, mask) for name, mask in masks.items()], ExportRequest(out))
    assert report.failures == []
    assert report.written == plan([tmp_path / name for name in masks], ExportRequest(out))
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in report.written)
    coco = by_pycocotools(out / "annotations.json")
    assert [image["file_name"] for image in coco.dataset["images"]] == sorted(masks)
    for image in coco.dataset["images"]:
        mask = masks[image["file_name"]]
        assert np.array_equal(read_mask(out / f"{Path(image['file_name']).stem}_mask.png"), mask)
        annotations = coco.imgToAnns[image["id"]]
        assert len(annotations) == int(mask.any())
        assert all(np.array_equal(coco.annToMask(annotation), mask) for annotation in annotations)


@pytest.mark.parametrize(
    ("formats", "expected"),
    [({Format.MASK}, ["a_mask.png"]), ({Format.COCO}, ["annotations.json"]), (set(), [])],
)
def test_that_only_the_formats_asked_for_are_written(tmp_path, formats, expected):
    request = ExportRequest(tmp_path / "out", frozenset(formats))
    report = export([item(tmp_path / "a.png", disc(5))], request)
    assert [path.name for path in report.written] == expected
    assert [path.name for path in (tmp_path / "out").iterdir()] == expected


def test_that_equal_stems_of_different_folders_stay_apart(tmp_path):
    one, two = disc(10), disc(14)
    pictures = [item(tmp_path / "left" / "x.png", one), item(tmp_path / "right" / "x.png", two)]
    out = tmp_path / "out"
    export(pictures, ExportRequest(out))
    assert np.array_equal(read_mask(out / "left_x_mask.png"), one)
    assert np.array_equal(read_mask(out / "right_x_mask.png"), two)
    coco = by_pycocotools(out / "annotations.json")
    assert [image["file_name"] for image in coco.dataset["images"]] == ["left/x.png", "right/x.png"]


def mask_paths(found, out: Path) -> dict[Path, Path]:
    """For each picture the file of its mask."""
    files = picture_files(found, ExportRequest(out, frozenset({Format.MASK})))
    return {path: own[Format.MASK] for path, own in files.items()}


names = st.sampled_from(["x", "X", "y", "a_x", "b_x", "x_2", "x_mask", "e\u0301", "\u00e9", "ß", "SS"])
paths = st.builds(
    lambda folder, stem, suffix: Path("/") / folder / f"{stem}{suffix}",
    st.sampled_from(["a", "b", "deep/a", "out"]),
    names,
    st.sampled_from([".png", ".jpg", "_mask.png"]),
)


@given(st.lists(paths, unique=True, max_size=12), st.randoms())
def test_that_each_picture_has_a_file_of_its_own_whatever_the_order(found, random):
    out = Path("/out")
    targets = mask_paths(found, out)
    assert list(targets) == found
    assert len({target.name.casefold() for target in targets.values()}) == len(found)
    assert not set(targets.values()) & set(found)
    shuffled = random.sample(found, len(found))
    assert mask_paths(shuffled, out) == targets
    assert len(set(file_names(found).values())) == len(found)


def test_that_names_in_the_file_tell_nothing_of_the_machine(tmp_path):
    assert file_names([tmp_path / "a" / "1.png"]) == {tmp_path / "a" / "1.png": "1.png"}


def test_that_pictures_on_different_drives_keep_different_names(tmp_path, monkeypatch):
    def different(_: object) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr(os.path, "commonpath", different)
    found = [tmp_path / "a" / "1.png", tmp_path / "b" / "1.png"]
    named = file_names(found)
    assert len(set(named.values())) == 2
    assert not any(name.startswith("/") for name in named.values())


def test_that_a_mask_in_the_folder_of_the_pictures_never_replaces_a_picture(tmp_path):
    (tmp_path / "x_mask.png").write_bytes(b"a picture of that name")
    pictures = [item(tmp_path / "x.png", disc(4)), item(tmp_path / "x_mask.png", disc(5))]
    report = export(pictures, ExportRequest(tmp_path, frozenset({Format.MASK})))
    assert [path.name for path in report.written] == ["x_2_mask.png", "x_mask_mask.png"]
    assert (tmp_path / "x_mask.png").read_bytes() == b"a picture of that name"


def test_that_dots_and_links_in_paths_change_no_name_and_endanger_no_picture(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    monkeypatch.chdir(tmp_path / "a")
    spelt = [Path("x.png"), Path("../b/x.png"), Path("../a/y.png"), Path("y_mask.png")]
    whole = [tmp_path / "a" / "x.png", tmp_path / "b" / "x.png", tmp_path / "a" / "y.png"]
    assert [file_names(spelt)[path] for path in spelt[:3]] == [file_names(whole)[path] for path in whole]
    masks = mask_paths(spelt, tmp_path / "link")
    assert [masks[path].name for path in spelt[:3]] == ["a_x_mask.png", "b_x_mask.png", "y_2_mask.png"]


def test_that_a_picture_that_fails_costs_only_itself(tmp_path):
    def broken() -> np.ndarray:
        raise ImageError("“bad.png” cannot be opened: it is not a picture.")

    def too_large() -> np.ndarray:
        raise MemoryError

    pictures = [
        ExportItem(tmp_path / "bad.png", 5, 5, broken),
        ExportItem(tmp_path / "huge.png", 5, 5, too_large),
        ExportItem(tmp_path / "replaced.png", 5, 5, lambda: disc(9)),
        item(tmp_path / "good.png", disc(8)),
    ]
    report = export(pictures, ExportRequest(tmp_path / "out"))
    assert [path.name for path in report.written] == ["good_mask.png", "annotations.json"]
    assert [path.name for path, _ in report.failures] == ["bad.png", "huge.png", "replaced.png"]
    assert report.failures[0][1] == "“bad.png” cannot be opened: it is not a picture."
    assert "does not fit into the memory" in report.failures[1][1]
    assert "12 × 9 pixels and the picture 5 × 5" in report.failures[2][1]
    data = json.loads((tmp_path / "out" / "annotations.json").read_text("utf-8"))
    assert [image["file_name"] for image in data["images"]] == ["good.png"]


@pytest.mark.parametrize(("kind", "named"), [(Format.MASK, "a.png"), (Format.COCO, "annotations.json")])
def test_that_a_full_disk_is_told_and_keeps_the_old_files(tmp_path, monkeypatch, kind, named):
    (tmp_path / "annotations.json").write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    report = export([item(tmp_path / "a.png", disc(5))], ExportRequest(tmp_path, frozenset({kind})))
    assert report.written == []
    assert [path.name for path, _ in report.failures] == [named]
    assert all("is full" in sentence for _, sentence in report.failures)
    assert [path.name for path in tmp_path.iterdir()] == ["annotations.json"]
    assert (tmp_path / "annotations.json").read_text() == "old"


def test_that_a_folder_that_cannot_be_made_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "taken").touch()
    with pytest.raises(ImageError, match="is a file, not a folder"):
        export([], ExportRequest(tmp_path / "taken"))

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(ImageError, match=r"cannot be made \(Permission denied\)"):
        export([], ExportRequest(tmp_path / "new"))


def test_that_masks_are_made_one_at_a_time_and_origins_read_afterwards(tmp_path):
    events: list[str] = []

    def make(name: str, attributes: dict[str, object]) -> np.ndarray:
        events.append(f"mask {name}")
        attributes["seconds"] = 2
        return disc(5)

    pictures = []
    for name in ("a", "b"):
        attributes: dict[str, object] = {}
        pictures.append(
            ExportItem(
                tmp_path / name, 8, 5, lambda name=name, origin=attributes: make(name, origin), attributes
            )
        )
    export(pictures, ExportRequest(tmp_path / "out"), lambda done, of: events.append(f"{done} of {of}"))
    assert events == ["0 of 2", "mask a", "1 of 2", "mask b", "2 of 2"]
    data = json.loads((tmp_path / "out" / "annotations.json").read_text("utf-8"))
    assert data["annotations"][0]["attributes"] == {"seconds": 2}


def test_that_the_size_of_a_picture_may_be_unknown_beforehand(tmp_path):
    report = export([ExportItem(tmp_path / "a.png", 0, 0, lambda: disc(5))], ExportRequest(tmp_path / "out"))
    assert report.failures == []
    assert by_pycocotools(tmp_path / "out" / "annotations.json").dataset["images"][0]["width"] == 8


def test_that_a_cancelled_export_leaves_whole_masks_and_no_annotations(tmp_path):
    answers = iter([False, True])
    pictures = [item(tmp_path / name, disc(5)) for name in ("a.png", "b.png")]
    report = export(pictures, ExportRequest(tmp_path / "out"), is_cancelled=lambda: next(answers))
    assert report.cancelled
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a_mask.png"]


def test_that_a_picture_given_twice_is_written_once(tmp_path):
    report = export([item(tmp_path / "a.png", disc(5))] * 2, ExportRequest(tmp_path / "out"))
    assert [path.name for path in report.written] == ["a_mask.png", "annotations.json"]


def test_that_a_label_without_a_name_fails_that_picture(tmp_path):
    mask = np.full((4, 4), 200, np.uint8)
    report = export([item(tmp_path / "a.png", mask)], ExportRequest(tmp_path / "out"))
    assert "label 200" in report.failures[0][1]
    assert issubclass(FormatError, Exception)


def test_that_only_pictures_whose_mask_is_written_are_done(tmp_path):
    (tmp_path / "out" / "taken_mask.png").mkdir(parents=True)
    pictures = [item(tmp_path / name, disc(5)) for name in ("a.png", "taken.png", "z.png")]
    done: list[str] = []
    report = export(pictures, ExportRequest(tmp_path / "out"), on_done=lambda path: done.append(path.name))
    assert done == ["a.png", "z.png"]
    assert [path for path, _ in report.failures] == [tmp_path / "taken.png"]


def test_that_a_name_that_is_not_utf_8_comes_back_from_the_coco_file(tmp_path):
    name = os.fsdecode(b"b\xff\xc3\xa4.png")
    export([item(tmp_path / name, disc(5))], ExportRequest(tmp_path / "out", frozenset({Format.COCO})))
    data = json.loads((tmp_path / "out" / "annotations.json").read_text("utf-8"))
    assert data["images"][0]["file_name"] == name


def two_parts() -> np.ndarray:
    mask = np.zeros((8, 9), np.uint8)
    mask[1:3, 1:4] = mask[5:7, 1:4] = 1
    mask[1:7, 7] = IGNORE
    return mask


def exported(folder: Path, meaning: Meaning, **wanted: bool) -> COCO:
    picture = ExportItem(folder / "a.png", 9, 8, two_parts, meaning=lambda: meaning)
    report = export([picture], ExportRequest(folder / "out", **wanted))
    assert report.failures == []
    return by_pycocotools(folder / "out" / "annotations.json")


@pytest.mark.parametrize(
    ("ties", "by_instance", "areas"),
    [((), True, [6, 6, 6]), ((), False, [12, 6]), ((Tie((1, 1), (1, 5)),), True, [12, 6])],
)
def test_that_lesions_are_annotated_one_by_one_unless_whole_labels_are_wanted(
    tmp_path, ties, by_instance, areas
):
    meaning = Meaning.of(DEFAULT_LABELS, Partition(ties=ties))
    coco = exported(tmp_path, meaning, by_instance=by_instance)
    assert [annotation["area"] for annotation in coco.dataset["annotations"]] == areas
    united = sum(coco.annToMask(annotation) for annotation in coco.dataset["annotations"])
    assert np.array_equal(united, two_parts() != 0)


def test_that_the_categories_are_the_labels_even_those_nobody_has_used(tmp_path):
    labels = (*DEFAULT_LABELS, Label(7, "Vessel & scar", "#e69f00"))
    coco = exported(tmp_path, Meaning.of(labels, Partition()))
    named = [(category["id"], category["name"]) for category in coco.dataset["categories"]]
    assert named == [(1, "Lesion"), (7, "Vessel & scar"), (IGNORE, "Ignore")]


def test_that_a_png_of_the_same_mask_leaves_out_what_is_to_be_ignored(tmp_path):
    exported(tmp_path, Meaning.of(DEFAULT_LABELS, Partition()))
    assert np.array_equal(read_mask(tmp_path / "out" / "a_mask.png"), two_parts() == 1)


def test_that_pictures_of_different_labels_share_one_table_of_categories(tmp_path):
    one = Meaning.of((Label(1, "Lesion", "#56b4e9"),), Partition())
    two = Meaning.of((Label(1, "Lesion", "#56b4e9"), Label(2, "Vessel", "#e69f00")), Partition())
    pictures = [
        ExportItem(tmp_path / f"{name}.png", 0, 0, lambda: disc(5), meaning=lambda meaning=meaning: meaning)
        for name, meaning in (("a", two), ("b", one))
    ]
    export(pictures, ExportRequest(tmp_path / "out", frozenset({Format.COCO})))
    coco = by_pycocotools(tmp_path / "out" / "annotations.json")
    assert [category["id"] for category in coco.dataset["categories"]] == [1, 2]
