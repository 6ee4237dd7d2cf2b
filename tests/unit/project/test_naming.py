from pathlib import Path

from lsegdiff_gui import places
from lsegdiff_gui.project.naming import FILE_NAME, shown_name


def test_that_a_project_is_called_like_its_folder_or_its_own_file() -> None:
    assert shown_name(Path("/data/colon 3") / FILE_NAME) == "colon 3"
    assert shown_name(Path("/data/colon 3/second reader.lsegdiff")) == "second reader"


def test_that_the_unnamed_project_has_no_name() -> None:
    assert shown_name(places.unnamed_project()) == ""
    assert shown_name(places.data_folder() / "unnamed-2.lsegdiff") == ""
