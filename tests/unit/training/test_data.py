from pathlib import Path

import numpy as np
import pytest

from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.training.data import DataError, balanced, centres_in, names_in, pair_files, read_pair


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"case \xff\n", "is not a text in UTF-8"), (b"\n \n", "lists no picture")]
)
def test_that_a_list_that_names_nothing_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "train.txt").write_bytes(content)
    with pytest.raises(DataError, match=rf"train\.txt” {sentence}"):
        names_in(tmp_path / "train.txt")


def test_that_a_list_may_begin_with_the_mark_of_its_encoding(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("case 03\n\ncase 01\n", "utf-8-sig")
    assert names_in(tmp_path / "train.txt") == ["case 03", "case 01"]


def test_that_centres_come_by_stem_and_a_table_without_them_tells_none(tmp_path: Path) -> None:
    index = tmp_path / "index.csv"
    assert centres_in(index) == {}
    index.write_text("stem,centre\na,C1\nb,\n", "utf-8")
    assert centres_in(index) == {"a": "C1"}
    index.write_text("name\na\n", "utf-8")
    assert centres_in(index) == {}


def test_that_pairs_come_in_the_order_of_the_list(discs: Path) -> None:
    (discs / "some.txt").write_text("case 03\ncase 01\n", "utf-8")
    pairs = pair_files(discs / "images", discs / "masks", discs / "some.txt")
    assert [pair.stem for pair in pairs] == ["case 03", "case 01"]


def test_that_masks_as_the_program_exports_them_are_found(discs: Path) -> None:
    for path in (discs / "masks").iterdir():
        path.rename(path.with_name(f"{path.stem}_mask.png"))
    pairs = pair_files(discs / "images", discs / "masks")
    assert len(pairs) == 24
    assert all(pair.mask == discs / "masks" / f"{pair.stem}_mask.png" for pair in pairs)


def test_that_a_listed_picture_without_a_file_is_named(discs: Path) -> None:
    (discs / "some.txt").write_text("case 77\n", "utf-8")
    with pytest.raises(DataError, match=r"case 77.*no picture in"):
        pair_files(discs / "images", discs / "masks", discs / "some.txt")


def test_that_a_folder_that_cannot_be_read_is_named(discs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(DataError, match="images” cannot be read: Permission denied"):
        pair_files(discs / "images", discs / "masks")


def test_that_a_mask_of_another_size_is_named_with_both_sizes(discs: Path) -> None:
    write_png(discs / "masks" / "case 05.png", np.zeros((10, 12), np.uint8))
    pair = next(p for p in pair_files(discs / "images", discs / "masks") if p.stem == "case 05")
    with pytest.raises(DataError, match=r"case 05\.png” is 12×10, its picture 80×64"):
        read_pair(pair)


def test_that_small_groups_are_drawn_more_often_but_not_as_often_as_large_ones() -> None:
    weights = balanced(["A"] * 16 + ["B"], 0.5)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[-1] == pytest.approx(4 * weights[0])
    assert weights[-1] < weights[:16].sum()
