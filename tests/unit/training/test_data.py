from pathlib import Path

import numpy as np
import pytest

from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.model.grid import GRID
from lsegdiff_gui.training.data import DataError, load_set, pair_files, read_pair, split_pairs


def test_that_without_lists_train_and_select_share_nothing_and_cover_all(discs: Path) -> None:
    train, select = ({pair.stem for pair in split_pairs(discs, part)} for part in ("train", "select"))
    assert not train & select
    assert len(train | select) == 24
    assert len(train) > len(select) > 0


def test_that_lists_decide_and_may_name_stems_with_spaces(discs: Path) -> None:
    (discs / "train.txt").write_text("case 03\ncase 01\n", "utf-8")
    (discs / "index.csv").write_text("stem,centre\ncase 03,C9\ncase 01,C2\n", "utf-8")
    pairs = split_pairs(discs, "train")
    assert [pair.stem for pair in pairs] == ["case 03", "case 01"]
    assert [pair.group for pair in pairs] == ["discs/C9", "discs/C2"]


def test_that_a_listed_picture_without_a_file_is_named(discs: Path) -> None:
    (discs / "train.txt").write_text("case 77\n", "utf-8")
    with pytest.raises(DataError, match=r"case 77.*no picture in"):
        split_pairs(discs, "train")


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"case \xff\n", "is not a text in UTF-8"), (b"\n \n", "lists no picture")]
)
def test_that_a_list_that_names_nothing_is_named(discs: Path, content: bytes, sentence: str) -> None:
    (discs / "train.txt").write_bytes(content)
    with pytest.raises(DataError, match=rf"train\.txt” {sentence}"):
        split_pairs(discs, "train")


def test_that_a_list_may_begin_with_the_mark_of_its_encoding(discs: Path) -> None:
    (discs / "train.txt").write_text("case 03\n", "utf-8-sig")
    assert [pair.stem for pair in split_pairs(discs, "train")] == ["case 03"]


def test_that_a_folder_that_cannot_be_read_is_named(discs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(DataError, match="images” cannot be read: Permission denied"):
        pair_files(discs / "images", discs / "masks")


def test_that_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a folder: training data are folders"):
        split_pairs(tmp_path / "nowhere", "train")


def test_that_a_mask_of_another_size_is_named(discs: Path) -> None:
    write_png(discs / "masks" / "case 05.png", np.zeros((10, 12), np.uint8))
    pair = next(p for p in pair_files(discs / "images", discs / "masks") if p.stem == "case 05")
    with pytest.raises(DataError, match=r"case 05\.png” is 12×10"):
        read_pair(pair)


def test_that_pictures_land_on_the_grid_and_small_groups_are_drawn_more_often(discs: Path) -> None:
    (discs / "train.txt").write_text("\n".join(f"case {i:02}" for i in range(9)), "utf-8")
    (discs / "index.csv").write_text(
        "stem,centre\n" + "\n".join(f"case {i:02},{'A' if i else 'B'}" for i in range(9)), "utf-8"
    )
    loaded = load_set(split_pairs(discs, "train"), GRID)
    assert loaded.pictures.shape == (9, 3, 256, 256)
    assert loaded.masks.shape == (9, 1, 256, 256)
    assert set(np.unique(loaded.masks)) == {0, 1}
    assert loaded.weights.sum() == pytest.approx(1.0)
    assert loaded.weights[0] > loaded.weights[1]
