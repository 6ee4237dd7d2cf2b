"""The table of kinds, on the page of formats and in sentences, says what the reader does."""

import struct

import numpy as np
import pytest

from docs.make_pages import formats_page
from lsegdiff_gui.imaging import ImageError
from lsegdiff_gui.imaging.header import read_header
from lsegdiff_gui.imaging.kinds import KINDS, PICTURE_SUFFIXES, kind_names
from lsegdiff_gui.imaging.read import list_pictures, read


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.format != "dicom"], ids=lambda kind: kind.name
)
def test_that_each_suffix_of_a_kind_is_listed_and_read_as_this_kind(tmp_path, files, noise, kind):
    for suffix in kind.suffixes:
        data = files.encode({".jfif": ".jpg", ".dib": ".bmp"}.get(suffix, suffix), noise)
        (tmp_path / f"a{suffix}").write_bytes(data)
        assert read_header(data).format == kind.format
        assert read(tmp_path / f"a{suffix}").width == 64
    assert len(list_pictures([tmp_path])) == len(kind.suffixes)


def test_that_no_two_kinds_share_a_suffix():
    assert len(PICTURE_SUFFIXES) == sum(len(kind.suffixes) for kind in KINDS)


def test_that_the_page_has_a_line_for_each_kind():
    page = formats_page()
    for kind in KINDS:
        assert f"| {kind.name} | " in page
        assert kind.read in page
        assert kind.refused in page
    assert "above 150 megapixels and files above 1024 MB" in " ".join(page.split())


def test_that_sentences_name_all_kinds(tmp_path):
    assert kind_names() == "JPEG, PNG, TIFF, BMP, WebP or DICOM"
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(ImageError, match=kind_names()):
        read(tmp_path / "a.png")


@pytest.mark.parametrize("bits", [12, 16])
def test_that_what_the_table_refuses_of_jpeg_is_refused_by_name(tmp_path, files, noise, bits):
    path = tmp_path / "a.jpg"
    path.write_bytes(
        files.encode(".jpg", noise).replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11" + bytes([bits]))
    )
    with pytest.raises(ImageError, match=f"it is a {bits}-bit JPEG"):
        read(path)


def test_that_bmp_of_16_bits_is_refused_by_name(tmp_path):
    pixels = np.zeros((4, 4), np.uint16).tobytes()
    header = struct.pack("<IiiHHIIiiII", 124, 4, 4, 1, 16, 3, len(pixels), 0, 0, 0, 0).ljust(124, b"\0")
    start = 14 + len(header)
    path = tmp_path / "a.bmp"
    path.write_bytes(b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + header + pixels)
    with pytest.raises(ImageError, match="it is a BMP with 16 bits a pixel"):
        read(path)
