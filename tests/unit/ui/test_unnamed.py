"""Who works in the unnamed project."""

from pathlib import Path

from lsegdiff_gui import places
from lsegdiff_gui.ui import unnamed


def test_that_the_first_window_gets_the_unnamed_project_and_the_second_one_of_its_own() -> None:
    first = unnamed.claim()
    second = unnamed.claim()
    assert first.project == places.unnamed_project()
    assert second.project.name == "unnamed-2.lsegdiff"
    first.release()
    third = unnamed.claim()
    assert third.project == first.project
    second.release()
    third.release()


def test_that_a_project_is_set_aside_without_taking_anothers_place(tmp_path: Path) -> None:
    project = tmp_path / "unnamed.lsegdiff"
    project.write_text("first")
    assert unnamed.set_aside(project).read_text() == "first"
    project.write_text("second")
    assert unnamed.set_aside(project).read_text() == "second"
    assert not project.exists()
    assert len(list(tmp_path.iterdir())) == 2
