"""Pictures as a camera stores them that was held in one of eight ways."""

import struct

import numpy as np

_EXIF_MARK, _ORIENTATION_TAG, _SHORT = b"Exif\0\0", 0x0112, 3


def stored(upright: np.ndarray, orientation: int) -> np.ndarray:
    """What the file holds, after EXIF 2.32: where the 0th row and column of the scene lie."""
    turned = {
        1: upright,
        2: np.fliplr(upright),
        3: np.rot90(upright, 2),
        4: np.flipud(upright),
        5: np.swapaxes(upright, 0, 1),
        6: np.rot90(upright, 1),
        7: np.swapaxes(np.rot90(upright, 2), 0, 1),
        8: np.rot90(upright, -1),
    }
    return np.ascontiguousarray(turned[orientation])


def jpeg_with_exif(jpeg: bytes, orientation: int) -> bytes:
    """The file with an EXIF block that says how the camera was held."""
    entry = struct.pack("<HHIHH", _ORIENTATION_TAG, _SHORT, 1, orientation, 0)
    block = _EXIF_MARK + struct.pack("<2sHIH", b"II", 42, 8, 1) + entry + bytes(4)
    return jpeg[:2] + struct.pack(">BBH", 0xFF, 0xE1, len(block) + 2) + block + jpeg[2:]
