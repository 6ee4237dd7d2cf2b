"""Pictures that were moved are found by their content, pages of files among them."""

import hashlib
from pathlib import Path

import pytest

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.imaging.pages import hash_page
from lsegdiff_gui.project.errors import ProjectError
from lsegdiff_gui.project.pictures import PictureRow
from lsegdiff_gui.project.relinking import Search, missing_pictures, search
from lsegdiff_gui.project.store import Store


@pytest.fixture
def rows(store: Store, tmp_path: Path) -> list[PictureRow]:
    """Three pictures of a folder that is gone: one that was read, a page, and one that was never read."""
    paths = [tmp_path / "gone" / name for name in ("a.png", "stack [3].tif", "unread.png")]
    added = store.add_pictures(paths)
    store.set_identity(added[0].id, sha256(b"picture a"), 4, 4)
    store.set_identity(added[1].id, hash_page(hashlib.sha256(b"a stack"), 3), 4, 4)
    return store.pictures()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_that_names_and_content_find_what_was_moved(rows: list[PictureRow], tmp_path: Path) -> None:
    folder = tmp_path / "new"
    write(folder / "x" / "a.png", b"another picture of that name")
    right = write(folder / "y" / "A.PNG", b"picture a")
    write(folder / "stack.tif", b"a stack")
    unread = write(folder / "unread.png", b"whatever")
    assert missing_pictures(rows) == rows
    result = search(rows, folder)
    assert result.found == {1: right, 2: folder / "stack [3].tif", 3: unread}
    assert (result.changed, result.missing) == ((), 0)


def test_that_content_alone_finds_what_was_renamed(rows: list[PictureRow], tmp_path: Path) -> None:
    folder = tmp_path / "new"
    renamed = write(folder / "b.png", b"picture a")
    write(folder / "other.tif", b"a stack")
    result = search(rows, folder)
    assert result.found == {1: renamed, 2: folder / "other [3].tif"}
    assert result.missing == 1


def test_that_another_content_of_the_same_name_is_told_and_not_taken(
    rows: list[PictureRow], tmp_path: Path
) -> None:
    changed = write(tmp_path / "new" / "a.png", b"retouched")
    result = search(rows, tmp_path / "new")
    assert result == Search({}, (changed,), 3)


def test_that_a_search_can_be_left_and_a_folder_be_missing(rows: list[PictureRow], tmp_path: Path) -> None:
    write(tmp_path / "new" / "a.png", b"picture a")
    assert search(rows, tmp_path / "new", lambda: True) == Search()
    with pytest.raises(ProjectError, match="is not there"):
        search(rows, tmp_path / "nowhere")


def test_that_a_place_that_another_picture_has_is_left_to_it(
    store: Store, rows: list[PictureRow], tmp_path: Path
) -> None:
    moved = store.relink({1: tmp_path / "here" / "a.png", 2: rows[2].path})
    assert [row.path for row in moved] == [tmp_path / "here" / "a.png", rows[1].path]
    assert rows[0].status is Status.NEW
