"""Pictures to break: small ones of every kind, and some that are bad by design."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import tifffile
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit, VLPhotographicImageStorage

U8 = npt.NDArray[np.uint8]

_WIDTH, _HEIGHT = 60, 44


def picture_seeds() -> dict[str, bytes]:
    """File names and their bytes: whole pictures, then bombs and nonsense."""
    grey = np.add.outer(np.arange(_HEIGHT) * 5, np.arange(_WIDTH) * 3).astype(np.uint8)
    rgb = np.dstack([grey, grey[::-1], np.roll(grey, 9, axis=1)])
    rgba = np.dstack([rgb, np.roll(grey, 20, axis=0)])
    deep = grey.astype(np.uint16) * 257
    floats = np.where(grey > 90, np.float32("nan"), np.float32(0.5)).astype(np.float32)
    jpeg = _encoded(".jpg", rgb)
    whole = {
        "colour.jpg": jpeg,
        "progressive.jpg": _encoded(".jpg", rgb, cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
        "restarts.jpg": _encoded(".jpg", rgb, cv2.IMWRITE_JPEG_RST_INTERVAL, 2),
        "grey.jpeg": _encoded(".jpg", grey),
        "turned.jpg": jpeg[:2] + _exif_segment(6) + jpeg[2:],
        "colour.png": _encoded(".png", rgb),
        "alpha.png": _encoded(".png", rgba),
        "deep.png": _encoded(".png", deep),
        "bits.png": _encoded(".png", grey, cv2.IMWRITE_PNG_BILEVEL, 1),
        "colour.webp": _encoded(".webp", rgb),
        "alpha lossless.webp": _encoded(".webp", rgba, cv2.IMWRITE_WEBP_QUALITY, 101),
        "colour.bmp": _encoded(".bmp", rgb),
        "lzw.tif": _encoded(".tif", rgb),
        "plain.tif": _encoded(".tif", rgb, cv2.IMWRITE_TIFF_COMPRESSION, 1),
        "deflate deep.tif": _encoded(".tif", deep, cv2.IMWRITE_TIFF_COMPRESSION, 8),
        "jpeg.tif": _encoded(".tif", rgb, cv2.IMWRITE_TIFF_COMPRESSION, 7),
        "pages.tif": _pages([rgb, rgb[::-1], rgb[:, ::-1]]),
        "tiles.tif": _tiles(rgb),
        "planes.tif": _tiff(
            np.moveaxis(rgb, -1, 0), photometric="rgb", planarconfig="separate", byteorder=">"
        ),
        "palette.tif": _tiff(
            grey, photometric="palette", colormap=np.arange(768, dtype=np.uint16).reshape(3, 256) * 80
        ),
        "inks.tif": _tiff(rgba, photometric="separated", compression="zlib", bigtiff=True),
        "alpha.tif": _tiff(rgba, photometric="rgb", extrasamples=["unassalpha"], rowsperstrip=5),
        "inks.jpg": _by_pillow(Image.fromarray(rgb).convert("CMYK"), "JPEG"),
        "key.png": _by_pillow(Image.fromarray(grey), "PNG", transparency=90),
        "palette.png": _by_pillow(Image.fromarray(rgb).quantize(30), "PNG", transparency=3),
        "turned.webp": _by_pillow(Image.fromarray(rgb), "WEBP", exif=_exif(6)),
        "colour.dcm": _dicom(rgb, "RGB"),
        "deep window.dcm": _dicom(deep, "MONOCHROME2", WindowCenter=20000, WindowWidth=30000),
        "frames.dcm": _dicom(np.stack([rgb, rgb]), "YBR_FULL", NumberOfFrames=2),
        "jpeg.dcm": _dicom(jpeg, "YBR_FULL_422"),
    }
    bad = {
        "not numbers.tif": _encoded(".tif", floats),
        "bomb.png": _png(6_000, 6_000, zlib.compress(bytes(6_000 * 6_001), 9)),
        "larger bomb.png": _png(60_000, 60_000, zlib.compress(bytes(10**6), 9)),
        "short bomb.png": _png(12_000, 12_000, zlib.compress(b"", 9)),
        "nothing.png": _png(0, 0, zlib.compress(b"")),
        "negative.bmp": _bmp(-5, 5),
        "nothing.bmp": _bmp(0, 0),
        "huge.bmp": _bmp(2**31 - 1, -(2**31)),
        "huge.jpg": _resized_jpeg(jpeg, 65_500, 65_500),
        "wide.jpg": _resized_jpeg(jpeg, 12_000, 12_000),
        "endless.tif": struct.pack("<2sHIHHHIII", b"II", 42, 8, 1, 256, 4, 1, 5, 8),
        "many.tif": struct.pack("<2sHI", b"II", 42, 8) + b"\xff\xff" * 4000,
        "endless.webp": b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 40,
        "empty.jpg": b"",
        "archive.png": b"PK\x03\x04" + bytes(500),
        "much.dcm": _dicom(grey, "MONOCHROME2", NumberOfFrames=90_000),
        "huge.dcm": _dicom(grey, "MONOCHROME2").replace(struct.pack("<H", _WIDTH), b"\xff\xff"),
        "text.jpg": b"patient;age\n1;47\n",
    }
    return whole | bad


def paged_seeds() -> dict[str, bytes]:
    """Those of the whole pictures whose files may hold several."""
    return {name: data for name, data in picture_seeds().items() if name.endswith((".tif", ".dcm"))}


def mask_seeds() -> dict[str, bytes]:
    """Pictures of masks: 0 and 1, 0 and 255, numbers of labels, with a palette, in a JPEG."""
    grey = np.zeros((_HEIGHT, _WIDTH), np.uint8)
    cv2.circle(grey, (25, 20), 12, 1, -1)
    labels = grey.copy()
    labels[30:] = 2
    return {
        "ones.png": _encoded(".png", grey),
        "white.png": _encoded(".png", grey * 255),
        "labels.png": _encoded(".png", labels),
        "bits.png": _encoded(".png", grey, cv2.IMWRITE_PNG_BILEVEL, 1),
        "noise.jpg": _encoded(".jpg", grey * 255),
        "mask.tif": _encoded(".tif", grey * 255),
        "mask.bmp": _encoded(".bmp", grey * 255),
    }


def _encoded(suffix: str, pixels: npt.NDArray[np.generic], *options: int) -> bytes:
    done, data = cv2.imencode(suffix, np.asarray(pixels), options)
    if not done:
        raise ValueError(f"cannot encode {suffix}")
    return data.tobytes()


def _pages(pages: list[U8]) -> bytes:
    done, data = cv2.imencodemulti(".tif", pages)
    if not done:
        raise ValueError("cannot encode pages")
    return np.asarray(data).tobytes()


def _tiff(pixels: npt.NDArray[np.generic], **options: Any) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, np.ascontiguousarray(pixels), **options)
    return file.getvalue()


def _by_pillow(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _tiles(rgb: U8) -> bytes:
    """One Deflate tile of 64 × 48, larger than the picture."""
    tile = np.zeros((48, 64, 3), np.uint8)
    tile[:_HEIGHT, :_WIDTH] = rgb
    body = zlib.compress(tile.tobytes())
    tags = (
        (256, _WIDTH), (257, _HEIGHT), (258, 8), (259, 8), (262, 2), (277, 3), (322, 64), (323, 48), (324, 8),
        (325, len(body)),
    )  # fmt: skip
    directory = struct.pack("<H", len(tags)) + b"".join(
        struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags
    )
    return struct.pack("<2sHI", b"II", 42, 8 + len(body)) + body + directory + bytes(4)


def _dicom(pixels: npt.NDArray[np.generic] | bytes, colours: str, **more: int) -> bytes:
    """Values as they are, or a JPEG of the usual size."""
    dataset = FileDataset("", {}, file_meta=FileMetaDataset(), preamble=bytes(128))
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = VLPhotographicImageStorage
    dataset.file_meta.TransferSyntaxUID = (
        JPEGBaseline8Bit if isinstance(pixels, bytes) else ExplicitVRLittleEndian
    )
    dataset.Rows, dataset.Columns, dataset.PhotometricInterpretation = _HEIGHT, _WIDTH, colours
    dataset.SamplesPerPixel = 1 if colours.startswith("MONO") else 3
    dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = 8 if isinstance(pixels, bytes) else 8 * pixels.dtype.itemsize
    dataset.BitsStored, dataset.HighBit = dataset.BitsAllocated, dataset.BitsAllocated - 1
    dataset.PixelRepresentation = 0
    for name, value in more.items():
        setattr(dataset, name, value)
    dataset.PixelData = encapsulate([pixels]) if isinstance(pixels, bytes) else pixels.tobytes()
    dataset["PixelData"].VR = "OB" if dataset.BitsAllocated == 8 else "OW"
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=False)
    return file.getvalue()


def _exif(orientation: int) -> bytes:
    return b"Exif\0\0II" + struct.pack("<HIHHHIHHI", 42, 8, 1, 274, 3, 1, orientation, 0, 0)


def _exif_segment(orientation: int) -> bytes:
    exif = _exif(orientation)
    return b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif


def _png(width: int, height: int, stream: bytes) -> bytes:
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", stream),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def _bmp(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)


def _resized_jpeg(jpeg: bytes, width: int, height: int) -> bytes:
    frame = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:frame] + struct.pack(">HH", height, width) + jpeg[frame + 4 :]
