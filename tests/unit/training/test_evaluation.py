import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest
from made.finds_dark import FindsDark, lesion

from lsegdiff_gui.imaging.picture import ImageError, Picture
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.training.data import DataError, Pair, pair_files
from lsegdiff_gui.training.evaluation import PictureScore, centres_beside, evaluate
from lsegdiff_gui.training.summary import summarise, table


class WithTwin(FindsDark):
    """Finds what is dark; its twin does so in one view, and finds nothing in many."""

    def __init__(self, fails_on: frozenset[str] = frozenset()) -> None:
        super().__init__("skin", fails_on)
        self.views: list[int] = []

    def twin(self, picture: Picture, views: int = 8) -> npt.NDArray[np.float32]:
        self.views.append(views)
        probability: npt.NDArray[np.float32] = self.encode(picture).twin
        return probability if views == 1 else np.zeros_like(probability)


@pytest.fixture
def pairs(tmp_path: Path) -> list[Pair]:
    """Three dark ellipses, and a picture without any."""
    for kind in ("images", "masks"):
        (tmp_path / kind).mkdir()
    for name, size in {"a": (320, 240), "b": (200, 300), "c": (64, 64)}.items():
        rgb8, mask = lesion(*size)
        write_png(tmp_path / "images" / f"{name}.png", rgb8)
        write_png(tmp_path / "masks" / f"{name}.png", mask * 255)
    write_png(tmp_path / "images" / "empty.png", np.full((80, 90, 3), 200, np.uint8))
    write_png(tmp_path / "masks" / "empty.png", np.zeros((80, 90), np.uint8))
    return pair_files(tmp_path / "images", tmp_path / "masks")


def test_that_a_segmenter_that_is_right_scores_so(pairs: list[Pair]) -> None:
    segmenter = WithTwin()
    seen: list[PictureScore] = []
    evaluation = evaluate(
        segmenter,  # type: ignore[arg-type]
        pairs,
        twin=True,
        centres={"a": "North"},
        on_picture=seen.append,
    )
    assert [row.stem for row in seen] == ["a", "b", "c", "empty"]
    assert segmenter.views == [1, 8] * 4
    for row in seen[:3]:
        assert row.present and row.found and row.overlaps
        assert min(row.dice, row.diffusion_dice, row.sample_dice, row.best_dice, row.twin_dice or 0) > 0.97
        assert row.equal_twin_dice == 0.0
        assert row.edge_brier is not None and row.edge_brier < 0.05
        assert 0.1 < row.foreground < 0.2
    assert seen[0].centre == "North" and seen[1].centre is None
    nothing = seen[3]
    assert (nothing.present, nothing.found, nothing.dice, nothing.hd95, nothing.nsd) == (
        False,
        False,
        1,
        0,
        1,
    )
    assert nothing.edge_brier is None

    summary = evaluation.summary()
    assert summary["empty_with_mask"] == 0.0
    assert summary["lesions_overlapped"] == 1.0
    assert 0.0 <= summary["twin_seconds"] < 5.0 and "equal_twin_seconds" in summary
    assert summary["ahead_of_twin"] == pytest.approx(0.0, abs=0.01)
    assert summary["ahead_of_equal_twin"] == pytest.approx(
        0.75, abs=0.02
    )  # the empty picture is right in both
    assert summary["with_lesion"]["ahead_of_equal_twin_low"] > 0.9
    assert summary["by_centre"]["North"]["pictures"] == 1
    assert "with_lesion" not in summary["by_centre"]["North"]
    assert sum(part["pictures"] for part in summary["by_size"].values()) == 3
    assert summary["calibration"]["whole_error"] < 0.02
    assert sum(summary["calibration"]["whole_bins"]["counts"]) == 4 * 256 * 256
    json.dumps(evaluation.to_dict(), allow_nan=False)


def test_that_without_the_twin_its_figures_are_left_out(pairs: list[Pair]) -> None:
    segmenter = WithTwin()
    summary = evaluate(segmenter, pairs[:1]).summary()  # type: ignore[arg-type]
    assert segmenter.views == []
    assert not any("ahead_of_twin" in name or name.startswith("twin_dice") for name in summary)
    assert "with_lesion" not in summary


def test_that_a_picture_that_fails_is_handed_over_and_the_rest_is_scored(pairs: list[Pair]) -> None:
    pairs[1].image.write_bytes(b"")
    failed: dict[str, Exception] = {}
    segmenter = WithTwin(frozenset({"a.png"}))
    evaluation = evaluate(
        segmenter,  # type: ignore[arg-type]
        pairs,
        on_failure=lambda pair, problem: failed.update({pair.stem: problem}),
    )
    assert {stem: type(problem) for stem, problem in failed.items()} == {"a": RuntimeError, "b": ImageError}
    assert [row.stem for row in evaluation.pictures] == ["c", "empty"]
    with pytest.raises(RuntimeError, match="out of memory"):
        evaluate(segmenter, pairs)  # type: ignore[arg-type]


def row(**figures: object) -> dict[str, object]:
    usual = SimpleNamespace(
        dice=0.9, iou=0.8, hd95=4.0, nsd=0.9, present=True, found=True, overlaps=True, spread=0.1, seconds=1.0,
        foreground=0.2, presence=0.9, strangeness=0.2, twin_entropy=0.3, centre=None,
    )  # fmt: skip
    return vars(usual) | figures


def test_that_lesions_are_sorted_by_size_and_empty_pictures_by_none() -> None:
    shares = {"under_3": [0.001, 0.0299], "3_to_15": [0.03, 0.1], "over_15": [0.15, 1.0]}
    rows = [row(foreground=share) for part in shares.values() for share in part]
    rows.append(row(present=False, overlaps=False, foreground=0.0, presence=0.1))
    summary = summarise(rows)
    assert {name: part["pictures"] for name, part in summary["by_size"].items()} == dict.fromkeys(shares, 2)
    assert summary["empty_with_mask"] == 1.0
    assert summary["presence_auroc"] == 1.0
    assert summary["with_lesion"]["pictures"] == 6
    assert "by_centre" not in summary


def test_that_doubt_is_measured_against_the_twins_entropy() -> None:
    dices = np.linspace(0.5, 0.99, 20)
    rows = [row(dice=float(d), spread=float(1 - d), twin_entropy=float(np.sin(40 * d) + 2)) for d in dices]
    doubt = summarise(rows)["doubt"]
    assert doubt["excess_aurc"] == pytest.approx(0.0)
    assert doubt["twin"]["excess_aurc"] > 0.02
    assert doubt["twin"]["excess_ratio"] == pytest.approx(0.0)
    assert doubt["twin"]["excess_ratio_high"] == pytest.approx(0.0)
    assert "equal_twin" not in doubt
    assert doubt["spearman"] == pytest.approx(1.0)


def test_that_the_table_shows_each_figure_with_its_interval() -> None:
    lines = {line.split()[0]: line.split()[1:] for line in table(summarise([row(), row(iou=0.5)]))}
    assert lines["pictures"] == ["2"]
    assert lines["dice"] == ["0.9000", "0.9000", "0.9000"]
    assert lines["thresholded_jaccard"] == ["0.4000", "0.0000", "0.8000"]
    assert lines["by_size.over_15.pictures"] == ["2"]
    assert "hd95" in lines and "by_size.over_15.hd95" not in lines
    assert lines["doubt.spearman"] == ["–"]
    assert "dice_low" not in lines


def test_that_centres_are_read_from_the_index_beside_the_pictures(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    index = tmp_path / "index.csv"
    assert centres_beside(tmp_path / "images") == {}
    index.write_text("stem,centre,foreground_fraction\na,C1,0.1\nb,,0.2\n", encoding="utf-8-sig")
    assert centres_beside(tmp_path / "images") == {"a": "C1"}
    index.write_text("stem,foreground_fraction\na,0.1\n", encoding="utf-8")
    assert centres_beside(tmp_path / "images") == {}
    index.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(DataError, match=r"index\.csv"):
        centres_beside(tmp_path / "images")
