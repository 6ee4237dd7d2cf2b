"""Picture files of every kind, made byte by byte where OpenCV cannot write the kind itself."""

import struct
import zlib

import cv2
import numpy as np
import pytest
from made.stored import stored

ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


class PictureFiles:
    """Encoders of test pictures; each returns the bytes of a file."""

    @staticmethod
    def encode(suffix: str, pixels: np.ndarray, *options: int) -> bytes:
        """By OpenCV. pixels: grey, RGB or RGBA."""
        if pixels.ndim == 3:
            pixels = np.ascontiguousarray(pixels[..., [2, 1, 0, 3][: pixels.shape[2]]])
        done, data = cv2.imencode(suffix, pixels, options)
        assert done
        return data.tobytes()

    @staticmethod
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    @classmethod
    def png(
        cls,
        pixels: np.ndarray,
        *,
        depth: int = 8,
        colour_type: int = 0,
        interlaced: bool = False,
        extra: tuple[tuple[bytes, bytes], ...] = (),
        size: tuple[int, int] | None = None,
    ) -> bytes:
        """Any bit depth, colour type and interlacing of PNG. pixels: (H, W, samples) integers."""
        height, width = pixels.shape[:2]
        samples = pixels.reshape(height, width, -1)
        stream = b""
        for x, y, step_x, step_y in ADAM7 if interlaced else ((0, 0, 1, 1),):
            part = samples[y::step_y, x::step_x]
            if part.size:
                stream += b"".join(b"\0" + cls._packed(row.ravel(), depth) for row in part)
        ihdr = struct.pack(">IIBBBBB", *(size or (width, height)), depth, colour_type, 0, 0, interlaced)
        chunks = [(b"IHDR", ihdr), *extra, (b"IDAT", zlib.compress(stream)), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(cls.chunk(*chunk) for chunk in chunks)

    @staticmethod
    def _packed(values: np.ndarray, depth: int) -> bytes:
        if depth == 16:
            return values.astype(">u2").tobytes()
        bits = (values[:, None].astype(np.uint8) >> np.arange(depth - 1, -1, -1, dtype=np.uint8)) & 1
        return np.packbits(bits.ravel()).tobytes()

    @staticmethod
    def exif(orientation: int, order: str = "<") -> bytes:
        """A TIFF structure with nothing but the orientation."""
        mark = b"II" if order == "<" else b"MM"
        return mark + struct.pack(f"{order}HIHHHIHHI", 42, 8, 1, 274, 3, 1, orientation, 0, 0)

    @classmethod
    def jpeg_with_exif(cls, jpeg: bytes, orientation: int, order: str = "<") -> bytes:
        content = b"Exif\0\0" + cls.exif(orientation, order)
        return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + jpeg[2:]

    @classmethod
    def webp_with_exif(cls, webp: bytes, width: int, height: int, orientation: int) -> bytes:
        exif = cls.exif(orientation)
        extended = struct.pack("<4sIB3x", b"VP8X", 10, 0x08)
        extended += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        body = b"WEBP" + extended + webp[12:] + struct.pack("<4sI", b"EXIF", len(exif)) + exif
        return b"RIFF" + struct.pack("<I", len(body)) + body

    @staticmethod
    def tiff(
        pixels: np.ndarray, *, orientation: int = 1, order: str = "<", photometric: int | None = None
    ) -> bytes:
        """Uncompressed, one strip. pixels: (H, W) or (H, W, C) uint8 or uint16."""
        height, width = pixels.shape[:2]
        samples = pixels.shape[2] if pixels.ndim == 3 else 1
        body = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
        colour = photometric if photometric is not None else (2 if samples > 1 else 1)
        bits = pixels.dtype.itemsize * 8
        tags = [
            (256, 4, width),
            (257, 4, height),
            (258, 3, bits),
            (259, 3, 1),
            (262, 3, colour),
            (273, 4, 8),
            (274, 3, orientation),
            (277, 3, samples),
            (278, 4, height),
            (279, 4, len(body)),
            (284, 3, 1),
        ]
        if samples > 1:  # the bits of each sample, behind the directory
            bits_at = 8 + len(body) + 2 + 12 * len(tags) + 4
            tags[2] = (258, 3, bits_at)
        directory = struct.pack(f"{order}H", len(tags))
        for tag, kind, value in tags:
            count = samples if tag == 258 else 1
            field = f"{order}HHI" + ("HH" if kind == 3 and count == 1 else "I")
            directory += struct.pack(field, tag, kind, count, value, *([0] if field.endswith("HH") else []))
        directory += struct.pack(f"{order}I", 0)
        if samples > 1:
            directory += struct.pack(f"{order}{samples}H", *[bits] * samples)
        mark = b"II" if order == "<" else b"MM"
        return mark + struct.pack(f"{order}HI", 42, 8 + len(body)) + body + directory

    @staticmethod
    def jpeg_of_blocks(blocks: np.ndarray, *, adobe: int | None = None) -> bytes:
        """Baseline JPEG whose 8 x 8 blocks are flat. blocks: (rows, columns, components) uint8.

        adobe: colour transform of an Adobe segment, as Photoshop writes it with CMYK (0) and YCCK (2).
        """
        rows, columns, components = blocks.shape
        bits = ""
        last = [128] * components
        for row in blocks.tolist():
            for values in row:
                for component, value in enumerate(values):
                    step = value - last[component]
                    last[component] = value
                    size = abs(step).bit_length()
                    bits += f"{size:04b}"
                    if size:
                        bits += f"{step if step > 0 else step + 2**size - 1:0{size}b}"
                    bits += "0"  # no further coefficients
        bits += "1" * (-len(bits) % 8)
        scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")

        def segment(marker: int, content: bytes) -> bytes:
            return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content

        numbers = range(1, components + 1)
        frame = struct.pack(">BHHB", 8, rows * 8, columns * 8, components)
        parts = [
            b"\xff\xd8",
            b"" if adobe is None else segment(0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, adobe)),
            segment(0xDB, b"\0" + b"\x08" * 64),  # so that a step of 1 in the stream is 1 in the picture
            segment(0xC0, frame + b"".join(bytes([number, 0x11, 0]) for number in numbers)),
            segment(0xC4, b"\0" + bytes([0, 0, 0, 12] + [0] * 12) + bytes(range(12))),
            segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
            segment(0xDA, bytes([components]) + b"".join(bytes([n, 0]) for n in numbers) + b"\0\x3f\0"),
            scan,
            b"\xff\xd9",
        ]
        return b"".join(parts)


@pytest.fixture
def files() -> type[PictureFiles]:
    return PictureFiles


@pytest.fixture
def noise() -> np.ndarray:
    """(48, 64, 3) uint8 RGB that looks different from every side and compresses badly."""
    random = np.random.default_rng(7)
    return random.integers(0, 256, (48, 64, 3), dtype=np.uint8)


@pytest.fixture(params=range(1, 9))
def orientation(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def stored_as():
    return stored
