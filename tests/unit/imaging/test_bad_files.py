"""Bad files: each gets one sentence that names it, the cause and what to do, and nothing is decoded."""

import errno
import os
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lsegdiff_gui.imaging import ImageError
from lsegdiff_gui.imaging.read import Limits, list_pictures, read, read_mask, read_thumbnail

SUFFIXES = (".jpg", ".png", ".tif", ".bmp", ".webp")


def sentence(path: Path) -> str:
    """What the user reads; the same whether the picture, its thumbnail or a mask was wanted."""
    texts = set()
    for act in (read, read_mask, lambda path: read_thumbnail(path, 16)):
        with pytest.raises(ImageError) as caught:
            act(path)
        texts.add(str(caught.value))
    assert len(texts) == 1
    return texts.pop()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.95, 0.999])
def test_that_a_file_that_ends_early_is_called_incomplete(tmp_path, files, noise, suffix, kept, capfd):
    data = files.encode(suffix, noise)
    path = tmp_path / f"scan{suffix}"
    path.write_bytes(data[: int(len(data) * kept)])
    assert sentence(path) == (
        f"“scan{suffix}” cannot be opened: it is incomplete, its end is missing. "
        "Copy it again from its source."
    )
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_that_even_one_missing_byte_is_noticed(tmp_path, files, noise, suffix):
    path = tmp_path / f"scan{suffix}"
    path.write_bytes(files.encode(suffix, noise)[:-1])
    assert "incomplete" in sentence(path)


def test_that_the_end_of_a_thumbnail_inside_is_not_taken_for_the_end_of_the_picture(tmp_path, files, noise):
    inside = files.encode(".jpg", noise[:8, :8])
    data = files.encode(".jpg", noise)
    segment = b"\xff\xe1" + struct.pack(">H", len(inside) + 2) + inside
    path = tmp_path / "scan.jpg"
    path.write_bytes((data[:2] + segment + data[2:])[:-500])
    assert "incomplete" in sentence(path)


def test_that_a_progressive_jpeg_that_ends_early_is_called_incomplete(tmp_path, files, noise):
    data = files.encode(".jpg", noise, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    path = tmp_path / "scan.jpg"
    path.write_bytes(data)
    assert read(path).width == 64
    path.write_bytes(data[: len(data) * 2 // 3])
    assert "incomplete" in sentence(path)


def test_that_a_cut_jpeg_that_was_given_an_end_is_called_incomplete(tmp_path, files, noise):
    # Some recovery tools do this; decoders then fill the rest with grey and say nothing.
    data = files.encode(".jpg", noise)
    path = tmp_path / "recovered.jpg"
    path.write_bytes(data[: len(data) // 2] + b"\xff\xd9")
    with pytest.raises(ImageError, match="a part of it is missing"):
        read(path)


def test_that_a_jpeg_whose_lower_part_is_truly_grey_is_read(tmp_path, files):
    blocks = np.full((6, 6, 1), 128)
    blocks[:3] = 40
    path = tmp_path / "grey.jpg"
    path.write_bytes(files.jpeg_of_blocks(blocks))
    assert (read(path).native[-8:] == 128).all()


def test_that_junk_behind_a_jpeg_is_ignored(tmp_path, files, noise):
    path = tmp_path / "scan.jpg"
    path.write_bytes(files.encode(".jpg", noise) + b"\0" * 100 + b"appended")
    assert read(path).width == 64


def test_that_a_png_with_a_wrong_checksum_is_called_damaged(tmp_path, files, noise, capfd):
    data = bytearray(files.encode(".png", noise))
    data[len(data) // 2] ^= 0xFF
    path = tmp_path / "scan.png"
    path.write_bytes(data)
    assert sentence(path) == (
        "“scan.png” cannot be opened: its content is damaged. Copy it again from its source."
    )
    assert capfd.readouterr().err == ""


def test_that_a_png_with_too_few_rows_is_called_damaged(tmp_path, files, noise):
    path = tmp_path / "scan.png"
    path.write_bytes(files.png(noise, colour_type=2, size=(64, 96)))
    assert "damaged" in sentence(path)


def test_that_a_png_without_pixels_is_called_damaged(tmp_path, files):
    ihdr = files.chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0))
    path = tmp_path / "scan.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + ihdr + files.chunk(b"IEND", b""))
    assert "damaged" in sentence(path)


def test_that_a_tiff_whose_strip_lies_behind_its_end_is_called_incomplete(tmp_path, files, noise):
    data = bytearray(files.tiff(noise))
    at = data.index(struct.pack("<HHI", 279, 4, 1)) + 8
    data[at : at + 4] = struct.pack("<I", len(data) * 2)
    path = tmp_path / "scan.tif"
    path.write_bytes(data)
    assert "incomplete" in sentence(path)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "the file is empty (0 bytes)"),
        (b"patient;age\n1;47\n", "it is not a picture"),
        (b"\x00" * 400, "it is not a picture"),
        (b"GIF89a" + b"\0" * 50, "it is a GIF file"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "it is a HEIC file"),
        (b"\0" * 128 + b"DICM" + b"\0" * 50, "it is a DICOM file without a picture"),
        (b"%PDF-1.7\n", "it is a PDF document"),
        (b"PK\x03\x04" + b"\0" * 50, "it is a ZIP archive"),
    ],
)
def test_that_what_is_no_picture_is_named_for_what_it_is(tmp_path, content, cause):
    path = tmp_path / "lesion.png"
    path.write_bytes(content)
    text = sentence(path)
    assert text.startswith(f"“lesion.png” cannot be opened: {cause}. ")
    assert text.split(". ", 1)[1].endswith(".")


@pytest.mark.parametrize("kind", ["png", "tiff", "bmp", "jpeg", "webp"])
def test_that_a_header_of_200_megapixels_is_refused_before_decoding(
    tmp_path, files, noise, kind, monkeypatch
):
    width, height = (20000, 10000) if kind != "webp" else (16000, 12500)
    one = noise[:1, :1]
    if kind == "png":
        data = files.png(one, colour_type=2, size=(width, height))
    elif kind == "tiff":
        data = files.tiff(one)
        data = data.replace(struct.pack("<HHII", 256, 4, 1, 1), struct.pack("<HHII", 256, 4, 1, width))
        data = data.replace(struct.pack("<HHII", 257, 4, 1, 1), struct.pack("<HHII", 257, 4, 1, height))
    elif kind == "bmp":
        data = files.encode(".bmp", one)
        data = data[:18] + struct.pack("<ii", width, height) + data[26:]
    elif kind == "jpeg":
        data = files.encode(".jpg", one)
        data = data.replace(b"\x08\0\1\0\1", b"\x08" + struct.pack(">HH", height, width))
    else:
        data = files.webp_with_exif(files.encode(".webp", one), width, height, 1)

    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(cv2, "imdecode", never)
    path = tmp_path / "huge"
    path.write_bytes(data)
    assert sentence(path) == (
        f"“huge” cannot be opened: it has {width} × {height} pixels (200 megapixels) and at most "
        "150 megapixels can be opened. Reduce it or cut it into parts."
    )


def test_that_a_file_beyond_the_limit_is_not_even_loaded(tmp_path, monkeypatch):
    path = tmp_path / "huge.png"
    path.touch()
    os.truncate(path, 3_000_000)  # sparse
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("loaded"))
    with pytest.raises(
        ImageError, match=r"“huge.png” cannot be opened: it is a file of 3 MB and at most 2 MB"
    ):
        read(path, limits=Limits(file_megabytes=2))


def test_that_values_that_are_no_pixels_are_refused(tmp_path, files):
    path = tmp_path / "height map.tif"
    path.write_bytes(files.encode(".tif", np.full((5, 5), np.nan, np.float32)))
    assert "its values are float32 numbers. Save it with 8 or 16 bits" in sentence(path)


def test_that_a_twelve_bit_jpeg_says_so(tmp_path, files, noise):
    data = files.encode(".jpg", noise)
    path = tmp_path / "a.jpg"
    path.write_bytes(data.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"))
    assert "it is a 12-bit JPEG" in sentence(path)


def test_that_a_decoded_size_other_than_announced_is_refused(tmp_path, files, noise, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(files.encode(".png", noise))
    monkeypatch.setattr(cv2, "imdecode", lambda *_: noise[:-1])
    with pytest.raises(ImageError, match="damaged"):
        read(path)


def test_that_too_little_memory_is_a_sentence(tmp_path, files, noise, monkeypatch):
    def full(*_: object) -> None:
        raise MemoryError

    path = tmp_path / "a.png"
    path.write_bytes(files.encode(".png", noise))
    monkeypatch.setattr(cv2, "imdecode", full)
    with pytest.raises(ImageError, match=r"“a\.png” cannot be opened: it does not fit into the memory"):
        read(path)


class TestPlaces:
    def test_that_a_missing_file_is_named_with_its_folder(self, tmp_path):
        path = tmp_path / "gone.png"
        expected = f"{path} does not exist. Was it moved or renamed?"
        assert sentence(path) == expected
        with pytest.raises(ImageError) as caught:
            list_pictures([path])
        assert str(caught.value) == expected

    def test_that_a_folder_is_not_read_as_a_picture(self, tmp_path):
        assert sentence(tmp_path) == f"{tmp_path} is a folder, not a picture. Open it as a folder."

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_that_a_pipe_is_not_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.png")
        assert sentence(tmp_path / "pipe.png") == f"{tmp_path / 'pipe.png'} is not a file. Choose a picture."

    def test_that_a_file_without_permission_says_so(self, tmp_path, monkeypatch):
        path = tmp_path / "a.png"
        path.write_bytes(b"x")
        monkeypatch.setattr(Path, "read_bytes", _denied(path))
        assert sentence(path) == (
            f"{path} cannot be read: permission denied. Change its permissions or copy it."
        )

    def test_that_an_unreadable_folder_is_named(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "scandir", _denied(tmp_path))
        with pytest.raises(ImageError) as caught:
            list_pictures([tmp_path])
        assert str(caught.value).startswith(f"{tmp_path} cannot be read: permission denied.")

    def test_that_a_folder_without_pictures_is_named(self, tmp_path):
        (tmp_path / "readme.txt").touch()
        with pytest.raises(ImageError) as caught:
            list_pictures([tmp_path])
        assert str(caught.value) == (
            f"The folder {tmp_path} holds no pictures (JPEG, PNG, TIFF, BMP, WebP or DICOM). Choose another folder."
        )

    def test_that_a_disk_that_fails_is_a_sentence(self, tmp_path, monkeypatch):
        path = tmp_path / "a.png"
        path.write_bytes(b"x")

        def broken(_: Path) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(Path, "read_bytes", broken)
        assert sentence(path) == f"{path} cannot be read: Input/output error. Is its disk connected?"


def _denied(path: Path):
    def raise_it(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    return raise_it


@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_flipped_and_cut_bytes_never_raise_anything_else(tmp_path, files, data):
    suffix = data.draw(st.sampled_from(SUFFIXES))
    pixels = np.arange(24 * 20 * 3, dtype=np.uint16).reshape(24, 20, 3).astype(np.uint8)
    content = bytearray(files.encode(suffix, pixels))
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "fuzzed"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        picture = read(path)
    except ImageError as problem:
        assert str(problem).startswith("“fuzzed” cannot be opened: ")
    else:
        assert picture.rgb8.dtype == np.uint8
        assert picture.rgb8.shape[2] == 3
