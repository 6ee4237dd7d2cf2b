"""`lsegdiff export`: a project's masks to files, with the exit statuses that other tools rely on."""

import json
from pathlib import Path

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import BaseChange, StatusChange
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.cli import main
from lsegdiff_gui.imaging.read import read, read_mask
from lsegdiff_gui.imaging.write import write_png
from lsegdiff_gui.project.store import Store

WIDTH, HEIGHT = 90, 70


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """done and flagged are drafted, none is confirmed to show no lesion, new was never opened."""
    path = tmp_path / "work.lsegdiff"
    statuses = {
        "done": Status.DONE,
        "flagged": Status.FLAGGED,
        "none": Status.NO_LESION,
        "new": Status.NEW,
    }
    with Store.open(path) as store:
        for number, (name, status) in enumerate(statuses.items()):
            file = tmp_path / "pictures" / f"{name}.png"
            file.parent.mkdir(exist_ok=True)
            write_png(file, np.full((HEIGHT, WIDTH, 3), 90 + number, np.uint8))
            (row,) = store.add_pictures([file])
            if status is Status.NEW:
                continue
            store.set_identity(row.id, f"{number:064x}", WIDTH, HEIGHT)
            document = store.load_document(row.id, WIDTH, HEIGHT)
            base = BaseChange(Base.empty(), Base.of_draft(draft(number)))
            document.apply(base)
            store.record(row.id, base)
            say = StatusChange(document.status, status)
            document.apply(say)
            store.record(row.id, say)
    return path


def final_mask(project: Path, name: str) -> np.ndarray:
    with Store.open(project, must_exist=True) as store:
        row = next(row for row in store.pictures() if row.path.stem == name)
        document = store.load_document(row.id, WIDTH, HEIGHT)
    document.rebuild_base()
    return document.final_mask()


def export(project: Path, out: Path, *options: str) -> int:
    return main(["export", str(project), "--out", str(out), *options])


def test_that_what_is_finished_is_exported_and_the_rest_named(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert export(project, out, "--format", "mask", "--format", "coco") == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "annotations.json",
        "done_mask.png",
        "none_mask.png",
    ]
    assert np.array_equal(read_mask(out / "done_mask.png"), final_mask(project, "done"))
    assert not read_mask(out / "none_mask.png").any()
    data = json.loads((out / "annotations.json").read_text("utf-8"))
    done, none = data["images"]
    assert done["attributes"]["model"] == "polyp" and done["attributes"]["status"] == "done"
    assert none["attributes"]["confirmed_no_lesion"] is True
    assert {each["image_id"] for each in data["annotations"]} == {done["id"]}
    said = capsys.readouterr().err
    assert "2 pictures will be written: 1 done, 1 confirmed without lesion." in said
    assert "Left out, because their status is not chosen: 1 new, 1 flagged." in said
    assert "3 files written" in said


def test_that_a_project_may_be_named_by_its_folder(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    project.rename(folder / "project.lsegdiff")
    assert export(folder, tmp_path / "out", "--format", "mask") == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["done_mask.png", "none_mask.png"]


def test_that_every_format_is_written_with_every_option(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    formats = ("mask", "index", "probability", "spread", "overlay", "picture", "labelme", "coco", "csv")
    given = [word for name in formats for word in ("--format", name)]
    options = (
        "--status done --naming kvasir --shape polygons --simplify 1 --bridge-holes --per label --legend"
    )
    assert export(project, out, *given, *options.split(), "--license", "CC0") == 0
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.*")) == [
        "annotations.json",
        "done.json",
        "done_index.png",
        "done_overlay.jpg",
        "done_probability.png",
        "done_spread.png",
        "images/done.png",
        "labelmap.txt",
        "masks/done.png",
        "measurements.csv",
    ]
    assert read(out / "done_probability.png").native.dtype == np.uint16
    data = json.loads((out / "annotations.json").read_text("utf-8"))
    assert data["licenses"][0]["name"] == "CC0"
    assert isinstance(data["annotations"][0]["segmentation"], list)


def test_that_nothing_is_replaced_unless_it_is_asked_for(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "done_mask.png").write_text("mine")
    assert export(project, out, "--format", "mask") == 2
    assert "--overwrite" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["done_mask.png"]
    assert (out / "done_mask.png").read_text() == "mine"
    assert export(project, out, "--format", "mask", "--overwrite") == 0
    assert read_mask(out / "done_mask.png").any()


def test_that_a_coco_file_grows_without_being_replaced(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert export(project, out, "--format", "coco", "--status", "done") == 0
    assert export(project, out, "--format", "coco", "--status", "flagged") == 2
    assert export(project, out, "--format", "coco", "--status", "flagged", "--append") == 0
    images = json.loads((out / "annotations.json").read_text("utf-8"))["images"]
    assert [(image["id"], image["file_name"]) for image in images] == [(1, "done.png"), (2, "flagged.png")]


def test_that_a_broken_coco_file_is_a_sentence_and_stays(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "annotations.json").write_text("{")
    assert export(project, tmp_path, "--format", "coco", "--append") == 2
    assert "It was left as it is" in capsys.readouterr().err
    assert (tmp_path / "annotations.json").read_text() == "{"


def test_that_a_picture_that_is_gone_costs_only_itself(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pictures" / "done.png").unlink()
    assert export(project, tmp_path / "out", "--format", "overlay") == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["none_overlay.jpg"]
    assert "done.png does not exist" in capsys.readouterr().err


def test_that_nothing_to_export_is_told_with_what_there_is(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(project, tmp_path / "out", "--format", "mask", "--status", "approved") == 2
    assert "there are 1 new, 1 done, 1 confirmed without lesion, 1 flagged" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("wrong", [["--format", "gif"], ["--format", "mask", "--simplify", "-1"], []])
def test_that_wrong_arguments_exit_with_2(project: Path, tmp_path: Path, wrong: list[str]) -> None:
    assert export(project, tmp_path / "out", *wrong) == 2


def test_that_a_project_that_is_not_there_is_a_sentence_and_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(tmp_path / "none.lsegdiff", tmp_path / "out", "--format", "mask") == 2
    assert "none.lsegdiff" in capsys.readouterr().err
    assert not (tmp_path / "none.lsegdiff").exists()
