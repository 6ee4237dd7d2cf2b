"""Files of several pictures: how many there are, how each is named and read."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from lsegdiff_gui.imaging import ImageError
from lsegdiff_gui.imaging.pages import count_all_pages, count_pages, locate, page_path, parse_pages
from lsegdiff_gui.imaging.read import list_pictures, read, read_thumbnail

PAGES = [np.full((8 + number, 12, 3), 40 * number, np.uint8) for number in range(1, 5)]


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Four pages of different sizes; the second is the smaller copy of the first, the fourth is turned."""
    path = tmp_path / "scan.tif"
    with tifffile.TiffWriter(path) as writer:
        for number, page in enumerate(PAGES):
            writer.write(
                page, photometric="rgb", subfiletype=1 if number == 1 else 0,
                extratags=[(274, 3, 1, 6, True)] if number == 3 else [],
            )  # fmt: skip
    return path


def test_that_pages_are_counted_without_smaller_copies(scan):
    assert count_pages(scan) == 3
    assert count_all_pages([scan, scan.with_name("b.png"), scan.with_name("gone.tif")]) == {scan: 3}


def test_that_a_page_is_named_like_a_file_of_its_own(scan):
    assert page_path(scan, 3) == scan.with_name("scan [3].tif")
    assert locate(scan.with_name("scan [3].tif")) == (scan, 3)
    assert locate(scan) == (scan, None)
    assert locate(scan.with_name("other [3].tif")) == (scan.with_name("other [3].tif"), None)


def test_that_each_page_is_read_with_its_own_size_and_orientation(scan):
    first, second, third = (read(page_path(scan, number)) for number in (1, 2, 3))
    assert np.array_equal(first.rgb8, PAGES[0])
    assert np.array_equal(second.rgb8, PAGES[2])
    assert (third.width, third.height, third.orientation) == (12, 12, 6)
    assert third.path == page_path(scan, 3)
    assert read_thumbnail(page_path(scan, 2), 4)[0, 0, 0] == 120


def test_that_the_file_itself_is_its_first_page(scan):
    assert np.array_equal(read(scan).rgb8, PAGES[0])
    assert read(scan).sha256 == read(page_path(scan, 1)).sha256


def test_that_pages_are_told_apart_by_their_hashes(scan):
    assert len({read(page_path(scan, number)).sha256 for number in (1, 2, 3)}) == 3


def test_that_a_page_that_is_not_there_is_named(scan):
    with pytest.raises(ImageError) as caught:
        read(page_path(scan, 4))
    assert str(caught.value) == (
        "“scan [4].tif” cannot be opened: it has 3 pages and no page 4. Was it replaced by another file?"
    )


def test_that_a_file_that_really_has_such_a_name_is_that_file(scan):
    own = page_path(scan, 2)
    tifffile.imwrite(own, PAGES[3], photometric="rgb")
    assert np.array_equal(read(own).rgb8, PAGES[3])


def test_that_a_page_can_be_listed_like_a_file(scan):
    assert list_pictures([page_path(scan, 2)]) == [page_path(scan, 2)]
    with pytest.raises(ImageError, match=r"gone \[2\]\.tif does not exist"):
        list_pictures([scan.with_name("gone [2].tif")])


def test_that_a_chain_of_pages_that_bites_its_tail_ends(scan):
    data = bytearray(scan.read_bytes())
    with tifffile.TiffFile(scan) as file:
        at = file.pages[3].offset
    entries = int.from_bytes(data[at : at + 2], "little")
    data[at + 2 + 12 * entries : at + 6 + 12 * entries] = (8).to_bytes(4, "little")
    scan.write_bytes(bytes(data))
    assert count_pages(scan) == 3


@pytest.mark.parametrize(
    ("text", "pages"),
    [("1", {1}), ("1, 3-5", {1, 3, 4, 5}), ("2–3,7", {2, 3, 7}), ("", None), ("a", None), ("1-", None), ("-1", None),
     ("1-99999999", None), ("5-1", None), ("0", None), ("0-2", None), ("1" * 5000 + "-2", None)],
)  # fmt: skip
def test_that_numbers_of_pages_are_understood(text, pages):
    assert parse_pages(text) == pages


def test_that_dicom_without_a_suffix_counts_in_a_folder(tmp_path, files, noise):
    (tmp_path / "IM0001").write_bytes(bytes(128) + b"DICM")
    (tmp_path / "DICOMDIR").write_bytes(bytes(128) + b"DICM")
    (tmp_path / "README").write_text("no picture")
    (tmp_path / "b.dcm").touch()
    assert [path.name for path in list_pictures([tmp_path])] == ["b.dcm", "IM0001"]


def test_that_the_mask_of_a_page_beside_its_file_is_no_picture(scan):
    (scan.parent / "scan [3]_mask.png").touch()
    assert list_pictures([scan.parent]) == [scan]


def test_that_a_directory_beyond_all_files_is_no_page(tmp_path):
    path = tmp_path / "far.tif"
    path.write_bytes(b"II+\0\x08\0\0\0" + b"\xff" * 8)
    assert count_pages(path) == 1
    with pytest.raises(ImageError, match="incomplete"):
        read(path)
