import json
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from made.finds_dark import FindsDark, Models

from lsegdiff_gui.cli import main
from lsegdiff_gui.imaging.picture import Picture


def _evaluate(folder: Path, *options: str) -> int:
    places = ["--images", str(folder / "images"), "--masks", str(folder / "masks")]
    return main(["evaluate", "--model", "skin", *places, *options])


@pytest.fixture
def blind_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in's twin finds what is dark in one view, and nothing in many."""

    def twin(self: FindsDark, picture: Picture, views: int = 8) -> npt.NDArray[np.float32]:
        probability: npt.NDArray[np.float32] = self.encode(picture).twin
        return probability if views == 1 else np.zeros_like(probability)

    monkeypatch.setattr(FindsDark, "twin", twin, raising=False)


@pytest.mark.usefixtures("models", "blind_twin")
def test_that_the_file_holds_a_summary_and_each_picture(folder: Path) -> None:
    assert _evaluate(folder, "--json", str(folder / "figures.json"), "--twin") == 0

    written = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert {picture["stem"] for picture in written["pictures"]} == {"one", "two", "three"}
    assert written["summary"]["pictures"] == 3
    assert written["summary"]["dice"] > 0.97
    for picture in written["pictures"]:
        assert {"dice", "iou", "hd95", "nsd", "present", "found", "spread", "twin_dice"} <= set(picture)
        assert {"presence", "strangeness", "foreground", "sample_dice", "best_dice"} <= set(picture)
        assert picture["equal_twin_dice"] == 0.0
    assert written["summary"]["ahead_of_equal_twin_low"] > 0.9
    assert written["model"]["weights_sha256"] == "ab" * 32


def test_that_a_file_that_cannot_be_written_is_told_before_drafting(
    folder: Path, models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "taken").touch()

    assert _evaluate(folder, "--json", str(folder / "taken" / "figures.json")) == 2

    assert "taken" in capsys.readouterr().err
    assert models.asked == []


@pytest.mark.usefixtures("models")
def test_that_the_summary_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _evaluate(folder) == 0

    lines = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert lines["pictures"] == ["3"]
    mean, low, high = (float(value) for value in lines["dice"])
    assert 0.97 < low <= mean <= high
    assert lines["by_size.over_15.pictures"] == ["3"]
    assert "calibration.edge_error" in lines


@pytest.mark.usefixtures("models")
def test_that_an_index_beside_the_pictures_gives_their_centres(folder: Path) -> None:
    (folder / "index.csv").write_text("stem,centre\none,C1\ntwo,C1\nthree,C2\n", encoding="utf-8")

    assert _evaluate(folder, "--json", str(folder / "figures.json")) == 0

    written = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert {name: part["pictures"] for name, part in written["summary"]["by_centre"].items()} == {
        "C1": 2,
        "C2": 1,
    }
    assert {picture["stem"]: picture["centre"] for picture in written["pictures"]}["three"] == "C2"


@pytest.mark.usefixtures("models")
def test_that_the_reliability_is_drawn(folder: Path) -> None:
    assert _evaluate(folder, "--plot", str(folder / "plots" / "reliability.png")) == 0

    data = np.frombuffer((folder / "plots" / "reliability.png").read_bytes(), np.uint8)
    assert min(cv2.imdecode(data, cv2.IMREAD_COLOR).shape[:2]) > 500


@pytest.mark.usefixtures("models")
def test_that_names_and_limit_choose_the_pictures(folder: Path) -> None:
    (folder / "names.txt").write_text("two\nthree\none\n", encoding="utf-8")
    options = ["--names", str(folder / "names.txt"), "--limit", "2", "--json", str(folder / "figures.json")]

    assert _evaluate(folder, *options) == 0

    written = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert [picture["stem"] for picture in written["pictures"]] == ["two", "three"]


@pytest.mark.usefixtures("models")
def test_that_a_broken_picture_is_named_and_the_rest_is_scored(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "images" / "one.png").write_bytes(b"")

    assert _evaluate(folder, "--json", str(folder / "figures.json")) == 1

    assert "one.png" in capsys.readouterr().err
    written = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert written["summary"]["pictures"] == 2


def test_that_a_picture_on_which_the_model_fails_is_named_and_the_rest_is_scored(
    folder: Path, models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    models.fails_on = frozenset({"two.png"})

    assert _evaluate(folder, "--json", str(folder / "figures.json")) == 1

    said = capsys.readouterr().err
    assert "two.png" in said and "out of memory" in said
    assert "Traceback" not in said
    written = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert {picture["stem"] for picture in written["pictures"]} == {"one", "three"}


@pytest.mark.usefixtures("models")
def test_that_nothing_to_score_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (folder / "images").iterdir():
        path.write_bytes(b"")

    assert _evaluate(folder) == 1

    assert "No picture could be evaluated." in capsys.readouterr().err


def test_that_folders_without_pairs_are_bad_arguments(
    tmp_path: Path, models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "masks").mkdir()

    assert _evaluate(tmp_path) == 2
    assert _evaluate(tmp_path / "gone") == 2

    assert "has a mask of the same name" in capsys.readouterr().err
    assert models.asked == []


@pytest.mark.usefixtures("models")
def test_that_clicks_bring_a_wrong_mask_nearer_to_the_truth(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (
        folder / "masks"
    ).iterdir():  # the truth is not what is dark, but what lies left of the middle
        mask = np.zeros_like(cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE))
        mask[:, : mask.shape[1] // 2] = 255
        cv2.imencode(path.suffix, mask)[1].tofile(path)

    assert _evaluate(folder, "--clicks", "6", "--json", str(folder / "figures.json")) == 0

    written = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    clicks = written["summary"]["clicks"]
    curve = clicks["iou_after_clicks"]
    assert len(curve) == 7
    assert curve == sorted(curve)
    assert curve[-1] > curve[0]
    assert clicks["noc_90"] == 6
    assert clicks["noc_90_failed"] == 3
    assert all(len(picture["click_ious"]) == 7 for picture in written["pictures"])
    assert "after 0, 1, … clicks" in capsys.readouterr().out
