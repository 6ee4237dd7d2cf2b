"""Mask pictures read: what their values mean."""

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.png_in import read_coded, read_label_map, read_mask_file
from lsegdiff_gui.imaging.write import encode_jpeg, write_png

MARK = np.zeros((30, 40), np.uint8)
MARK[5:20, 8:30] = 1
MARK[8:10, 10:14] = 0


def palette_png(indices: np.ndarray, colours: list[tuple[int, int, int]], bits: int) -> bytes:
    """A PNG of numbers, `bits` each, packed as the standard says."""
    height, width = indices.shape
    planes = [(indices >> bit) & 1 for bit in reversed(range(bits))]
    rows = np.packbits(np.stack(planes, axis=-1).astype(np.uint8).reshape(height, width * bits), axis=1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 3, 0, 0, 0))]
    parts += [(b"PLTE", b"".join(map(bytes, colours))), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("values", [(0, 1), (0, 255), (0, 65535)])
def test_that_two_values_are_background_and_lesion(tmp_path: Path, values: tuple[int, int]) -> None:
    kind = np.uint16 if max(values) > 255 else np.uint8
    write_png(tmp_path / "m.png", np.array(values, kind)[MARK])
    coded = read_coded(tmp_path / "m.png", {})
    assert np.array_equal(coded.plane, MARK)
    assert coded.names == {1: ""}


@pytest.mark.parametrize("value", [0, 1, 255])
def test_that_a_mask_of_one_value_is_empty_or_full(tmp_path: Path, value: int) -> None:
    write_png(tmp_path / "m.png", np.full((3, 4), value, np.uint8))
    assert np.array_equal(read_coded(tmp_path / "m.png", {}).plane, np.full((3, 4), min(value, 1)))


def test_that_numbers_are_classes_and_the_last_two_are_ignored(tmp_path: Path) -> None:
    numbers = MARK * 3
    numbers[0, :5], numbers[1, :5], numbers[2, :5] = 7, 254, 255
    for kind in (np.uint8, np.uint16):
        write_png(tmp_path / "m.png", numbers.astype(kind))
        coded = read_coded(tmp_path / "m.png", {})
        assert np.array_equal(coded.plane, numbers)
        assert coded.names == {3: "3", 7: "7", 254: "Ignore", 255: "Ignore"}


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_that_a_palette_gives_its_numbers_even_where_its_colours_are_equal(tmp_path: Path, bits: int) -> None:
    numbers = (np.arange(30 * 40).reshape(30, 40) % min(2**bits, 20)).astype(np.uint8)
    colours = [(0, 0, 0)] * 2 + [(10, 200, 30)] * (2**bits - 2)
    (tmp_path / "m.png").write_bytes(palette_png(numbers, colours, bits))
    assert np.array_equal(read_coded(tmp_path / "m.png", {}).plane, numbers)


def test_that_colours_are_classes_by_a_map_or_by_themselves(tmp_path: Path) -> None:
    colours = np.array([(0, 0, 0), (255, 0, 0), (0, 0, 255)], np.uint8)
    numbers = MARK.copy()
    numbers[25:] = 2
    write_png(tmp_path / "m.png", colours[numbers])
    coded = read_coded(tmp_path / "m.png", {})
    assert set(coded.names.values()) == {"#ff0000", "#0000ff"}
    (tmp_path / "labelmap.txt").write_text(
        "# label:color_rgb:parts:actions\nbackground:0,0,0::\nnevus:255,0,0::\nbad\n"
    )
    named = read_coded(tmp_path / "m.png", read_label_map(tmp_path / "labelmap.txt"))
    by_name = {name: number for number, name in named.names.items()}
    assert np.array_equal(named.plane == by_name["nevus"], MARK == 1)
    assert np.array_equal(named.plane == by_name["#0000ff"], numbers == 2)


@pytest.mark.parametrize("quality", [60, 75, 95])
def test_that_the_noise_of_jpeg_is_no_lesion(tmp_path: Path, quality: int) -> None:
    blob = np.zeros((300, 400), np.uint8)
    cv2.ellipse(blob, (200, 150), (90, 60), 20, 0, 360, 255, -1)
    (tmp_path / "m.jpg").write_bytes(encode_jpeg(blob, quality))
    coded = read_coded(tmp_path / "m.jpg", {})
    differing = np.count_nonzero(coded.plane != blob // 255)
    assert differing < 20
    # The same noise in a file without loss.
    write_png(
        tmp_path / "m.png", cv2.imdecode(np.fromfile(tmp_path / "m.jpg", np.uint8), cv2.IMREAD_GRAYSCALE)
    )
    again = read_coded(tmp_path / "m.png", {})
    assert np.array_equal(again.plane, coded.plane)
    assert "shades" in again.remark


@pytest.mark.parametrize(
    ("pixels", "said"),
    [
        (np.tile(np.arange(256, dtype=np.uint8), (30, 1)), "many shades"),
        (np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8), "photograph"),
        (np.arange(3000, dtype=np.uint16).reshape(50, 60), "16-bit values"),
    ],
)
def test_that_what_is_no_mask_is_told(tmp_path: Path, pixels: np.ndarray, said: str) -> None:
    write_png(tmp_path / "m.png", pixels)
    with pytest.raises(FormatError, match=said):
        read_coded(tmp_path / "m.png", {})
    entry = read_mask_file(tmp_path / "m.png", {})
    assert entry.content is None and said in entry.refusal
