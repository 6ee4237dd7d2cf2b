"""Folders whose pictures are drafted by several threads: what is written and said stays as with one."""

from pathlib import Path

import pytest
from made.finds_dark import Models, lesion

from lsegdiff_gui.cli import main
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.model import many, preparing
from lsegdiff_gui.model.checkpoint import ModelInfo

COUNT = 12


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that three threads draft."""
    monkeypatch.setattr(many, "at_once", lambda _device, pictures: 3)
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(COUNT):
        write_png(folder / f"{number:02}.png", lesion(60 + number, 50)[0])
    return folder


def segment(pictures: Path, out: Path) -> int:
    return main(["segment", str(pictures), "--out", str(out), "--model", "skin"])


def masks(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.png")}


@pytest.mark.usefixtures("models")
def test_that_the_files_are_those_of_one_thread(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert segment(pictures, tmp_path / "many") == 0
    monkeypatch.setattr(many, "at_once", lambda _device, pictures: 1)
    assert segment(pictures, tmp_path / "one") == 0
    assert len(masks(tmp_path / "one")) == COUNT
    assert masks(tmp_path / "many") == masks(tmp_path / "one")


def test_that_a_picture_that_fails_is_named_and_the_others_are_written(
    pictures: Path, tmp_path: Path, models: Models, capsys: pytest.CaptureFixture[str]
) -> None:
    models.fails_on = frozenset({"04.png"})
    (pictures / "07.png").write_bytes(b"no picture")
    assert segment(pictures, tmp_path / "out") == 1
    said = capsys.readouterr().err
    assert "04.png" in said
    assert "07.png" in said
    assert len(masks(tmp_path / "out")) == COUNT - 2


def test_that_stopping_leaves_whole_files(pictures: Path, tmp_path: Path, models: Models) -> None:
    models.stopped_at = "06.png"
    assert segment(pictures, tmp_path / "out") == 130
    assert sorted(masks(tmp_path / "out")) == [f"{number:02}_mask.png" for number in range(6)]


@pytest.mark.usefixtures("models")
def test_that_openvino_is_prepared_before_as_many_pictures_as_are_worth_it(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = list[str]()

    class Preparing:
        def __init__(self, info: ModelInfo) -> None:
            self.name = info.name

        def wait(self) -> None:
            waited.append(self.name)

    monkeypatch.setattr(preparing, "start_preparing", Preparing)
    for worth, expected in ((COUNT + 1, []), (COUNT, ["skin"])):
        monkeypatch.setattr("lsegdiff_gui.cli.segment._WORTH_PREPARING", worth)
        assert segment(pictures, tmp_path / str(worth)) == 0
        assert waited == expected
