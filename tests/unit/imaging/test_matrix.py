"""Files made by Pillow and tifffile, read to the very values that went in or that these read back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps

from lsegdiff_gui.imaging import ImageError
from lsegdiff_gui.imaging.pages import page_path
from lsegdiff_gui.imaging.read import read

HEIGHT, WIDTH = 40, 57  # no multiples of tiles, of bytes of bits, or of each other

GREY = np.add.outer(np.arange(HEIGHT) * 3, np.arange(WIDTH) * 2).astype(np.uint8)
RGB = np.ascontiguousarray(np.dstack([GREY, GREY[::-1], np.roll(GREY * 3, 9, axis=1)]))
ALPHA = np.roll(GREY, 21, axis=1)
DEEP = np.add.outer(np.arange(HEIGHT) * 911, np.arange(WIDTH) * 389).astype(np.uint16)
DEEP_RGB = np.ascontiguousarray(np.dstack([DEEP, DEEP[::-1], DEEP // 3]))
INKS = np.ascontiguousarray(np.dstack([RGB, GREY[:, ::-1] // 3]))
BITS = GREY > 100
PALETTE = np.random.default_rng(5).integers(0, 65536, (3, 256)).astype(np.uint16)


def over_black(colours: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    opaque = int(np.iinfo(alpha.dtype).max)
    weights = alpha if colours.ndim == 2 else alpha[..., None]
    return np.rint(colours * (weights / opaque)).astype(colours.dtype)


def on_paper(inks: np.ndarray) -> np.ndarray:
    opaque = int(np.iinfo(inks.dtype).max)
    paper = 1 - inks / opaque
    return np.rint(paper[..., :3] * paper[..., 3:] * opaque).astype(inks.dtype)


def by_pillow(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def read_by_pillow(data: bytes, mode: str) -> np.ndarray:
    return np.asarray(_opened(data).convert(mode))


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))  # noqa: TID251 (the oracle)


def by_tifffile(values: np.ndarray, **options: Any) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, values, **options)
    return file.getvalue()


def pillow_files() -> Iterator[tuple[str, bytes, np.ndarray]]:
    colour, grey = Image.fromarray(RGB), Image.fromarray(GREY)
    clear = Image.fromarray(np.dstack([RGB, ALPHA]))
    few = colour.quantize(50)
    for sampling, progressive in product((0, 1, 2), (False, True)):
        data = by_pillow(colour, "JPEG", quality=90, subsampling=sampling, progressive=progressive)
        yield f"jpeg-{sampling}-{progressive}", data, read_by_pillow(data, "RGB")
    data = by_pillow(colour, "JPEG", quality=90, keep_rgb=True)
    yield "jpeg-stored-as-rgb", data, read_by_pillow(data, "RGB")
    data = by_pillow(grey, "JPEG", quality=90)
    yield "jpeg-grey", data, read_by_pillow(data, "L")
    yield "png-1", by_pillow(Image.fromarray(BITS), "PNG"), BITS.astype(np.uint8) * 255
    yield "png-grey", by_pillow(grey, "PNG"), GREY
    yield "png-16", by_pillow(Image.fromarray(DEEP), "PNG"), DEEP
    yield "png-palette", by_pillow(few, "PNG"), np.asarray(few.convert("RGB"))
    yield "png-alpha", by_pillow(clear, "PNG"), over_black(RGB, ALPHA)
    data = by_pillow(few, "PNG", transparency=3)
    rgba = read_by_pillow(data, "RGBA")
    yield "png-palette-trns", data, over_black(rgba[..., :3], rgba[..., 3])
    yield (
        "png-rgb-trns",
        by_pillow(colour, "PNG", transparency=tuple(map(int, RGB[3, 4]))),
        np.where((RGB[3, 4] == RGB).all(axis=2, keepdims=True), 0, RGB).astype(np.uint8),
    )
    yield (
        "png-grey-trns",
        by_pillow(grey, "PNG", transparency=int(GREY[9, 9])),
        np.where(GREY[9, 9] == GREY, 0, GREY).astype(np.uint8),
    )
    moving = {"save_all": True, "append_images": [Image.fromarray(RGB[::-1].copy())]}
    yield "png-moving", by_pillow(colour, "PNG", **moving), RGB
    yield "bmp-1", by_pillow(Image.fromarray(BITS), "BMP"), BITS.astype(np.uint8) * 255
    yield "bmp-grey", by_pillow(grey, "BMP"), GREY
    yield "bmp-palette", by_pillow(few, "BMP"), np.asarray(few.convert("RGB"))
    yield "bmp-24", by_pillow(colour, "BMP"), RGB
    yield "bmp-32", by_pillow(clear, "BMP"), RGB
    yield "webp-lossless", by_pillow(colour, "WEBP", lossless=True), RGB
    yield "webp-moving", by_pillow(colour, "WEBP", lossless=True, **moving), RGB
    yield "webp-alpha", by_pillow(clear, "WEBP", lossless=True, exact=True), over_black(RGB, ALPHA)
    data = by_pillow(colour, "WEBP", quality=90)
    yield "webp-lossy", data, read_by_pillow(data, "RGB")
    for method in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "lzma", "jpeg"):
        data = by_pillow(colour, "TIFF", compression=method)
        yield f"tiff-{method}", data, read_by_pillow(data, "RGB")
    for method in ("group3", "group4"):
        yield (
            f"tiff-{method}",
            by_pillow(Image.fromarray(BITS), "TIFF", compression=method),
            (BITS.astype(np.uint8) * 255),
        )


def tifffile_files() -> Iterator[tuple[str, bytes, np.ndarray]]:
    kinds = {"grey": GREY, "rgb": RGB, "grey16": DEEP, "rgb16": DEEP_RGB}
    for (kind, values), tile, method, order in product(
        kinds.items(), (None, (16, 16), (64, 32)), (None, "zlib"), "<>"
    ):
        colour = "rgb" if values.ndim == 3 else "minisblack"
        options = {"photometric": colour, "byteorder": order, "compression": method, "tile": tile}
        yield f"{kind}-{tile}-{method}-{order}", by_tifffile(values, **options), values
    for kind, values in kinds.items():
        colour = "rgb" if values.ndim == 3 else "minisblack"
        yield f"{kind}-big", by_tifffile(values, photometric=colour, bigtiff=True), values
        yield f"{kind}-strips", by_tifffile(values, photometric=colour, rowsperstrip=7), values
    for values, tile in product((RGB, DEEP_RGB), (None, (16, 16))):
        planes = np.ascontiguousarray(np.moveaxis(values, -1, 0))
        data = by_tifffile(planes, photometric="rgb", planarconfig="separate", tile=tile)
        yield f"planes-{values.dtype}-{tile}", data, values
    yield "white-is-zero", by_tifffile(255 - GREY, photometric="miniswhite"), GREY
    yield "white-is-zero-16", by_tifffile(65535 - DEEP, photometric="miniswhite"), DEEP
    yield "bits", by_tifffile(BITS, photometric="minisblack"), BITS.astype(np.uint8) * 255
    mapped = (PALETTE >> 8).astype(np.uint8).T[GREY]
    yield "palette", by_tifffile(GREY, photometric="palette", colormap=PALETTE), mapped
    for colours, alpha in ((RGB, ALPHA), (DEEP_RGB, DEEP), (GREY, ALPHA), (DEEP, np.roll(DEEP, 5))):
        colour = "rgb" if colours.ndim == 3 else "minisblack"
        kind = f"{colour}-{colours.dtype}"
        straight = np.dstack([colours, alpha])
        over = over_black(colours, alpha)
        yield (
            f"alpha-{kind}",
            by_tifffile(straight, photometric=colour, extrasamples=["unassalpha"], planarconfig="contig"),
            over,
        )
        yield (
            f"multiplied-alpha-{kind}",
            by_tifffile(
                np.dstack([over, alpha]),
                photometric=colour,
                extrasamples=["assocalpha"],
                planarconfig="contig",
            ),
            over,
        )
    fifth = by_tifffile(np.dstack([RGB, ALPHA]), photometric="rgb", extrasamples=["unspecified"])
    yield "another-channel", fifth, RGB
    yield "inks", by_tifffile(INKS, photometric="separated"), on_paper(INKS)
    deep_inks = INKS.astype(np.uint16) * 257
    yield "inks-16", by_tifffile(deep_inks, photometric="separated"), on_paper(deep_inks)


@pytest.mark.parametrize(
    ("data", "expected"),
    [pytest.param(data, expected, id=name) for name, data, expected in (*pillow_files(), *tifffile_files())],
)
def test_that_a_file_of_another_program_gives_its_exact_values(tmp_path, data, expected):
    path = tmp_path / "picture"
    path.write_bytes(data)
    native = read(path).native
    assert native.dtype == expected.dtype
    assert np.array_equal(native, expected)


@pytest.mark.parametrize("predictor", [1, 2])
@pytest.mark.parametrize("values", [GREY, RGB, DEEP, DEEP_RGB], ids=["grey", "rgb", "grey16", "rgb16"])
def test_that_lzw_with_and_without_differences_gives_its_exact_values(tmp_path, values, predictor):
    import cv2

    order = values if values.ndim == 2 else values[..., ::-1]
    _, data = cv2.imencode(
        ".tif", np.ascontiguousarray(order),
        [cv2.IMWRITE_TIFF_COMPRESSION, 5, cv2.IMWRITE_TIFF_PREDICTOR, predictor],
    )  # fmt: skip
    path = tmp_path / "a.tif"
    path.write_bytes(data.tobytes())
    assert np.array_equal(read(path).native, values)


@pytest.mark.parametrize("inks", ["CMYK", "YCCK"])
def test_that_a_jpeg_of_inks_has_the_colours_of_the_picture(tmp_path, files, inks):
    # 8 × 8 blocks of one colour each, stored as Photoshop does: 255 is no ink.
    colours = np.array(
        [[[250, 240, 230], [200, 30, 20], [30, 160, 60]], [[20, 40, 200], [0, 0, 0], [128, 100, 90]]]
    )
    blocks = np.dstack([colours, np.full((2, 3), 255)])
    if inks == "YCCK":
        blocks[..., :3] = np.asarray(Image.fromarray((255 - colours).astype(np.uint8)).convert("YCbCr"))
    path = tmp_path / "inks.jpg"
    path.write_bytes(files.jpeg_of_blocks(blocks, adobe=2 if inks == "YCCK" else 0))
    centres = read(path).rgb8[4::8, 4::8].astype(int)
    assert np.abs(centres - colours).max() <= 3
    assert np.abs(read_by_pillow(path.read_bytes(), "RGB").astype(int) - read(path).rgb8).max() <= 3


@pytest.mark.parametrize("bits", [2, 4, 10, 12])
def test_that_tiff_of_odd_bits_keeps_its_order_of_values(tmp_path, bits):
    values = (np.arange(HEIGHT * 16).reshape(HEIGHT, 16) % 2**bits).astype(np.uint16)
    packed = np.packbits((values[..., None] >> np.arange(bits - 1, -1, -1)) & 1).tobytes()
    data = by_tifffile(np.zeros((HEIGHT, len(packed) // HEIGHT), np.uint8), photometric="minisblack")
    page = tifffile.TiffFile(io.BytesIO(data)).pages[0]
    body = bytearray(data)
    (at,) = page.dataoffsets
    body[at : at + len(packed)] = packed
    path = tmp_path / "odd.tif"
    path.write_bytes(bytes(body))
    with tifffile.TiffFile(path, mode="r+") as file:
        file.pages[0].tags["BitsPerSample"].overwrite(bits)
        file.pages[0].tags["ImageWidth"].overwrite(16)
    expected = np.rint(values * 255 / (2**bits - 1)).astype(np.uint8) if bits < 8 else values
    assert np.array_equal(read(path).native, expected)


@pytest.mark.parametrize(
    ("values", "options", "cause"),
    [
        (DEEP.astype(np.int16), {}, "its values are int16 numbers"),
        (GREY.astype(np.int8), {}, "its values are int8 numbers"),
        (GREY.astype(np.uint32), {}, "its values are uint32 numbers"),
        (np.full((5, 5), np.nan, np.float32), {}, "its values are float32 numbers"),
        (RGB, {"photometric": "cielab"}, "its colours are CIE L*a*b*"),
    ],
)
def test_that_tiff_that_is_not_read_says_why(tmp_path, values, options, cause):
    path = tmp_path / "a.tif"
    path.write_bytes(by_tifffile(values, **options))
    with pytest.raises(ImageError, match=rf"cannot be opened: {cause.replace('*', '.')}\. Save it"):
        read(path)


@pytest.mark.parametrize("number", [6, 34712, 50000, 50001, 12345])
def test_that_a_compression_that_is_not_read_is_named(tmp_path, number):
    path = tmp_path / "a.tif"
    path.write_bytes(by_tifffile(RGB))
    with tifffile.TiffFile(path, mode="r+") as file:
        file.pages[0].tags["Compression"].overwrite(number)
    with pytest.raises(ImageError, match=r"it is a TIFF compressed by .+\. Save it with LZW, Deflate or"):
        read(path)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_that_orientation_written_by_another_program_is_obeyed_as_it_does(tmp_path, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}}.get(kind, {})
    data = by_pillow(Image.fromarray(RGB), kind, exif=exif, **options)
    path = tmp_path / "held"
    path.write_bytes(data)
    picture = read(path)
    assert picture.orientation == orientation
    assert np.array_equal(picture.rgb8, np.asarray(ImageOps.exif_transpose(_opened(data)).convert("RGB")))


def test_that_every_page_of_another_program_is_read_exactly(tmp_path):
    pages = [RGB, GREY, DEEP, BITS.astype(np.uint8) * 255]
    path = tmp_path / "pages.tif"
    with tifffile.TiffWriter(path, byteorder=">", bigtiff=True) as writer:
        for page in pages:
            writer.write(page, photometric="rgb" if page.ndim == 3 else "minisblack", compression="zlib")
    for number, page in enumerate(pages, 1):
        assert np.array_equal(read(page_path(path, number)).native, page)
