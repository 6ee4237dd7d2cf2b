"""`lsegdiff import`, from files to the project."""

import json
from pathlib import Path

import numpy as np
import pytest
from made.annotation_files import annotation, coco, image, picture, rectangle

from lsegdiff_gui.annotation.document import Status
from lsegdiff_gui.cli import main
from lsegdiff_gui.project.store import Store

SQUARE = [rectangle(2, 3, 12, 9)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two pictures, and a COCO file of both, of one that it lacks, and of one that is nowhere."""
    for name in ("a.png", "b.png", "new.png"):
        picture(tmp_path / "images" / name)
    file = tmp_path / "p.lsegdiff"
    with Store.open(file) as store:
        store.add_pictures([tmp_path / "images" / name for name in ("a.png", "b.png")])
    names = ("a.png", "b.png", "new.png", "gone.png")
    images = [image(number, name) for number, name in enumerate(names, start=1)]
    shapes = [annotation(number, number, SQUARE, 1 + number % 2) for number in range(1, 5)]
    coco(tmp_path / "all.json", images, shapes, "lesion", "Hair")
    return file


def masks(project: Path) -> dict[str, tuple[int, Status]]:
    """For each picture the label it has in the square, and its status."""
    found = {}
    with Store.open(project) as store:
        for row in store.pictures():
            final = (
                store.load_document(row.id, row.width, row.height).final if row.width else np.zeros((30, 40))
            )
            found[row.path.name] = (int(final[4, 5]), row.status)
    return found


def test_that_masks_are_imported_and_the_picture_that_is_nowhere_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(project), str(project.with_name("all.json")), "--annotator", "Ada"]) == 1
    done = Status.IN_PROGRESS
    assert masks(project) == {"a.png": (2, done), "b.png": (1, done), "new.png": (2, done)}
    told = capsys.readouterr().err
    assert "gone.png: There is no picture “gone.png” in the project" in told
    assert "3 pictures got a mask, one was left out." in told
    with Store.open(project) as store:
        assert [label.name for label in store.labels()] == ["Lesion", "Hair", "Ignore"]
        document = store.load_document(1, 40, 30)
        assert document.base.origin is not None
        assert (document.base.origin.file, document.base.origin.annotator) == ("all.json", "Ada")
        assert len(document.history.commands) == 1


def test_that_a_dry_run_says_it_all_and_writes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.read_bytes()
    status = main(
        ["import", str(project), str(project.with_name("all.json")), "--dry-run", "--json", "--no-add"]
    )
    assert status == 1
    assert project.read_bytes() == before
    output = capsys.readouterr()
    lines = [json.loads(line) for line in output.out.splitlines()]
    assert [(line["name"], line["outcome"]) for line in lines] == [
        ("a.png", "new"), ("b.png", "new"), ("new.png", "left out"), ("gone.png", "left out"),
    ]  # fmt: skip
    assert lines[0]["labels"] == {"Hair": "Hair"}
    assert "Nothing was written." in output.err


@pytest.mark.parametrize(("choice", "label"), [("keep", 1), ("theirs", 2), ("beneath", 1)])
def test_that_work_is_treated_as_chosen(project: Path, choice: str, label: int) -> None:
    file = str(project.with_name("all.json"))
    main(["import", str(project), file, "--label", "Hair=Lesion"])
    assert masks(project)["a.png"][0] == 1
    main(["import", str(project), file, "--choice", choice])
    assert masks(project)["a.png"][0] == label


def test_that_all_done_is_status_0_and_doing_it_again_changes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = coco(project.with_name("one.json"), [image(1, "a.png")], [annotation(1, 1, SQUARE)], "Lesion")
    assert main(["import", str(project), str(file)]) == 0
    assert main(["import", str(project), str(file), "--choice", "theirs", "--json"]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["outcome"] == "unchanged"
    assert "one had the same already" in output.err


def test_that_a_new_project_can_be_made_of_the_pictures_beside_the_file(
    tmp_path: Path, project: Path
) -> None:
    fresh = tmp_path / "fresh.lsegdiff"
    assert main(["import", str(fresh), str(tmp_path / "all.json")]) == 2
    assert not fresh.exists()
    assert main(["import", str(fresh), str(tmp_path / "all.json"), "--new"]) == 1
    assert set(masks(fresh)) == {"a.png", "b.png", "new.png"}


def test_that_a_project_may_be_named_by_its_folder_and_is_made_with_it(tmp_path: Path, project: Path) -> None:
    folder = tmp_path / "study" / "first"
    assert main(["import", str(folder), str(tmp_path / "all.json"), "--new"]) == 1
    assert set(masks(folder / "project.lsegdiff")) == {"a.png", "b.png", "new.png"}
    assert main(["import", str(folder), str(tmp_path / "all.json")]) == 1


def test_that_a_dry_run_makes_no_project(
    tmp_path: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert main(["import", str(tmp_path / "study"), str(tmp_path / "all.json"), "--new", "--dry-run"]) == 1
    assert "Nothing was written." in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_that_masks_of_other_sizes_need_a_word(project: Path) -> None:
    file = coco(
        project.with_name("t.json"), [image(1, "a.png", 30, 40)], [annotation(1, 1, SQUARE)], "Lesion"
    )
    assert main(["import", str(project), str(file)]) == 1
    assert main(["import", str(project), str(file), "--transpose"]) == 0
    file = coco(
        project.with_name("r.json"), [image(1, "b.png", 80, 60)], [annotation(1, 1, SQUARE)], "Lesion"
    )
    assert main(["import", str(project), str(file), "--rescale"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gone.json"], "does not exist"),
        (["all.json", "--label", "Wart=Lesion"], "names no category"),
        (["all.json", "--label", "Hair=Wart"], "There is no label"),
        (["all.json", "--root", "nowhere"], "is not a folder"),
        (["all.json", "--choice", "mine"], "choice"),
    ],
)
def test_that_bad_arguments_are_told_before_anything_is_written(
    project: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.read_bytes()
    arguments = [str(project.with_name(arguments[0])), *arguments[1:]]
    assert main(["import", str(project), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert project.read_bytes() == before


def test_that_a_file_that_is_none_is_named_and_the_others_are_imported(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = project.with_name("bad.json")
    bad.write_text("{")
    assert main(["import", str(project), str(bad), str(project.with_name("all.json"))]) == 1
    assert "“bad.json” is not a file of annotations in JSON: it ends too early" in capsys.readouterr().err
    assert masks(project)["a.png"][0] == 2
