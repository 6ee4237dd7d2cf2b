"""Pages of files that were moved or renamed are found again, each as its page."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from lsegdiff_gui.imaging.pages import page_path
from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.project.pictures import PictureRow
from lsegdiff_gui.project.relinking import missing_pictures, search
from lsegdiff_gui.project.store import Store


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    pages = [np.full((6, 8, 3), 50 * number, np.uint8) for number in range(3)]
    path = tmp_path / "old" / "scan.tif"
    path.parent.mkdir()
    path.write_bytes(np.asarray(cv2.imencodemulti(".tif", pages)[1]).tobytes())
    return path


@pytest.fixture
def rows(tmp_path: Path, scan: Path) -> list[PictureRow]:
    """Three pages that were read, and one that was not."""
    with Store.open(tmp_path / "p.lsegdiff") as store:
        rows = store.add_pictures([page_path(scan, number) for number in (1, 2, 3)])
        for row in rows:
            picture = read(row.path)
            store.set_identity(row.id, picture.sha256, picture.width, picture.height)
        return store.pictures()


def test_that_a_page_is_there_while_its_file_is(scan, rows):
    assert missing_pictures(rows) == []
    scan.unlink()
    assert len(missing_pictures(rows)) == 3


@pytest.mark.parametrize("name", ["scan.tif", "renamed.tif"])
def test_that_pages_are_found_by_name_and_by_content(tmp_path, scan, rows, name):
    new = tmp_path / "new" / name
    new.parent.mkdir()
    scan.rename(new)
    found = search(rows, tmp_path / "new")
    assert found.found == {row.id: page_path(new, number) for number, row in enumerate(rows, 1)}
    assert (found.missing, found.changed) == (0, ())


def test_that_a_file_of_that_name_with_other_pages_is_not_taken(tmp_path, scan, rows):
    new = tmp_path / "new" / "scan.tif"
    new.parent.mkdir()
    other = [np.full((6, 8, 3), 99, np.uint8)] * 3
    new.write_bytes(np.asarray(cv2.imencodemulti(".tif", other)[1]).tobytes())
    scan.unlink()
    found = search(rows, tmp_path / "new")
    assert (dict(found.found), found.changed, found.missing) == ({}, (new,), 3)
