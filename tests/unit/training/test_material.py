"""Which pictures a run learns from, which are held back, and which are left out, each with its reason."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.model.grid import GRID
from lsegdiff_gui.training.data import DataError
from lsegdiff_gui.training.material import Found, Material, find, load


def stems(found: Found, part: str) -> list[str]:
    return [pair.stem for pair in found.pairs[part]]


def reasons(material: Material) -> dict[str, str]:
    return {item.path.name: item.reason for item in material.left_out}


def test_that_without_lists_train_and_select_share_nothing_and_cover_all(discs: Path) -> None:
    found = find([discs])
    train, select = set(stems(found, "train")), set(stems(found, "select"))
    assert not train & select
    assert len(train | select) == 24
    assert len(train) > len(select) >= 2
    assert found.left_out == []


def test_that_what_is_held_back_stays_so_when_pictures_are_added(discs: Path) -> None:
    before = set(stems(find([discs]), "select"))
    picture = read(discs / "images" / "case 01.png").rgb8
    for i in range(40):
        write_png(discs / "images" / f"later {i:02}.png", picture)
        write_png(discs / "masks" / f"later {i:02}.png", picture[..., 0])
    assert before <= set(stems(find([discs]), "select"))


def test_that_lists_decide_and_may_name_stems_with_spaces(discs: Path) -> None:
    (discs / "train.txt").write_text("case 03\ncase 01\n", "utf-8")
    (discs / "select.txt").write_text("case 07\n", "utf-8")
    (discs / "index.csv").write_text("stem,centre\ncase 03,C9\ncase 01,C2\n", "utf-8")
    found = find([discs])
    assert [(p.stem, p.group) for p in found.pairs["train"]] == [
        ("case 03", "discs/C9"),
        ("case 01", "discs/C2"),
    ]
    assert stems(found, "select") == ["case 07"]
    assert found.left_out == []


def test_that_what_select_or_test_lists_is_never_trained_on(discs: Path) -> None:
    (discs / "select.txt").write_text("case 07\ncase 08\n", "utf-8")
    (discs / "test.txt").write_text("case 01\ncase 02\n", "utf-8")
    found = find([discs])
    assert stems(found, "select") == ["case 07", "case 08"]
    assert len(stems(found, "train")) == 20
    assert not {"case 01", "case 02", "case 07", "case 08"} & set(stems(found, "train"))


def test_that_a_list_for_training_alone_gives_up_some_of_its_pictures(discs: Path) -> None:
    listed = [f"case {i:02}" for i in range(12)]
    (discs / "train.txt").write_text("\n".join(listed), "utf-8")
    found = find([discs])
    assert len(stems(found, "select")) >= 2
    assert sorted(stems(found, "train") + stems(found, "select")) == listed


def test_that_each_picture_that_cannot_be_used_is_left_out_with_its_reason(discs: Path) -> None:
    images, masks = discs / "images", discs / "masks"
    (images / "case 01.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    (masks / "case 02.png").write_bytes(b"nothing of a picture")
    write_png(masks / "case 03.png", np.zeros((10, 12), np.uint8))
    (masks / "case 04.png").unlink()
    (images / "case 05.png").unlink()
    (images / "notes.docx").write_bytes(b"PK")
    picture = read(images / "case 08.png").rgb8
    (images / "case 07.png").unlink()
    (images / "case 07.tif").write_bytes(cv2.imencode(".tif", picture[..., ::-1])[1].tobytes())
    (images / "case 09.jpg").write_bytes(b"of the same name")

    material = load(find([discs]), 64)

    said = reasons(material)
    assert "cannot be opened" in said["case 01.png"]
    assert "case 02.png” cannot be opened" in said["case 02.png"]
    assert "is 12×10, its picture 80×64" in said["case 03.png"]
    assert "no mask of the same name" in said["case 04.png"]
    assert "a mask without a picture" in said["case 05.png"]
    assert "none of a picture's" in said["notes.docx"]
    assert "“case 09.jpg” has the same name" in said["case 09.png"]
    twice = {"case 07.tif", "case 08.png"}
    assert len(twice & said.keys()) == 1
    (left,) = twice & said.keys()
    (kept,) = twice - {left}
    assert f"the same picture as “{images / kept}”" in said[left]
    assert sum(map(len, material.pairs.values())) == 24 - 7 + 0
    for part, pictures in material.sets.items():
        assert len(pictures) == len(material.pairs[part])


def test_that_of_a_picture_in_both_parts_the_one_to_choose_by_stays(discs: Path) -> None:
    write_png(discs / "images" / "case 20.png", read(discs / "images" / "case 01.png").rgb8)
    (discs / "select.txt").write_text("case 20\ncase 21\n", "utf-8")
    material = load(find([discs]), 64)
    assert "case 20" in [pair.stem for pair in material.pairs["select"]]
    assert list(reasons(material)) == ["case 01.png"]


def test_that_a_listed_picture_that_is_not_there_is_left_out_by_its_list(discs: Path) -> None:
    (discs / "train.txt").write_text("case 03\ncase 77\n", "utf-8")
    (discs / "select.txt").write_text("case 04\n", "utf-8")
    (discs / "masks" / "case 09.png").unlink()
    (item,) = find([discs]).left_out
    assert item.path == Path("case 77")
    assert "train.txt” lists it" in item.reason


def test_that_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a folder: training data are folders"):
        find([tmp_path / "nowhere"])


def test_that_pictures_land_on_the_grid_and_reading_is_told(discs: Path) -> None:
    (discs / "index.csv").write_text(
        "stem,centre\n" + "\n".join(f"case {i:02},{'A' if i > 2 else 'B'}" for i in range(24)), "utf-8"
    )
    told: list[tuple[int, int]] = []
    material = load(find([discs]), 96, on_read=lambda count, of: told.append((count, of)))
    assert told == [(i, 24) for i in range(1, 25)]
    train = material.sets["train"]
    assert train.pictures.shape == (len(material.pairs["train"]), 3, 96, 96)
    assert train.masks.shape[1:] == (1, GRID, GRID)
    assert set(np.unique(train.masks)) == {0, 1}
    assert train.weights.sum() == pytest.approx(1.0)
    weight = {pair.group: w for pair, w in zip(material.pairs["train"], train.weights, strict=True)}
    assert weight["discs/B"] > weight["discs/A"]


def test_that_too_few_pictures_are_a_sentence(discs: Path) -> None:
    for i in range(5, 24):
        (discs / "masks" / f"case {i:02}.png").unlink()
    material = load(find([discs]), 64)
    with pytest.raises(
        DataError, match="3 pictures are left to train on, and at least 8 are needed; 19 were"
    ):
        material.require_enough()
