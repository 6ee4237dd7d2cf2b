"""From a frame of a DICOM file to its values, and to what the file itself wants them shown as."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.broken import BrokenFile, cut_off, damaged, no_such_page
from lsegdiff_gui.imaging.dicom import (
    GREY,
    MAPPED,
    PIXELS,
    dataset_of,
    facts_in,
    packages_for,
    with_sentences,
)
from lsegdiff_gui.imaging.header import read_header
from lsegdiff_gui.imaging.opencv import decoded
from lsegdiff_gui.imaging.picture import NativePixels

if TYPE_CHECKING:
    from pydicom import Dataset

U8 = npt.NDArray[np.uint8]

_JPEG_8_BIT = ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51")
_JPEG_APP14 = 0xEE


@with_sentences
def read_frame(data: bytes, frame: int) -> tuple[NativePixels, U8 | None]:
    """A frame, counted from 1: (H, W) grey or (H, W, 3) RGB, uint8 or uint16, bright values white.

    Also what each value is shown as, (256,) or (65536,) uint8, where the file has a window; else None. Signed values
    are raised by half of their range. Raises BrokenFile.
    """
    dataset = dataset_of(data, with_pixels=True)
    found = facts_in(dataset)
    if not 1 <= frame <= found.frames:
        raise no_such_page(frame, found.frames)
    colours = str(dataset.PhotometricInterpretation)
    if colours in GREY:
        return _grey(_stored(dataset, frame), dataset)
    if colours == MAPPED:
        return _mapped(_stored(dataset, frame), dataset), None
    values = _stored(dataset, frame, in_rgb=True)
    return cast(NativePixels, np.ascontiguousarray(values)), None


def _stored(dataset: Dataset, frame: int, *, in_rgb: bool = False) -> npt.NDArray[np.generic]:
    """The stored values of a frame, (H, W) or (H, W, 3); `in_rgb`: brought to RGB."""
    from pydicom.pixels.decoders.base import get_decoder

    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax in _JPEG_8_BIT and int(dataset.BitsStored) == 8:
        return _jpeg(dataset, frame)
    try:
        decoder = get_decoder(syntax)
    except NotImplementedError as problem:
        raise _no_decoder(syntax) from problem
    if not decoder.is_available:
        raise _no_decoder(syntax)
    if PIXELS not in dataset or not dataset.PixelData:
        raise cut_off()
    values, _ = decoder.as_array(dataset, index=frame - 1, raw=not in_rgb)
    if values.shape[:2] != (int(dataset.Rows), int(dataset.Columns)):
        raise damaged()
    return cast("npt.NDArray[np.generic]", values)


def _no_decoder(syntax: Any) -> BrokenFile:
    packages = packages_for(syntax)
    advice = f"Type “pip install {packages}”." if packages else "Save it without compression."
    return BrokenFile(f"it is compressed as {syntax.name}, which no installed decoder reads", advice)


def _jpeg(dataset: Dataset, frame: int) -> npt.NDArray[np.generic]:
    """A frame of an ordinary JPEG, grey or RGB, which needs no other decoder than our own."""
    from pydicom.encaps import get_frame

    found = facts_in(dataset)
    data = get_frame(dataset.PixelData, frame - 1, number_of_frames=found.frames)
    # Its own header first: what it announces need not be what the DICOM file does.
    header = read_header(data)
    if (header.format, header.width, header.height) != ("jpeg", found.width, found.height):
        raise damaged()
    # Whether its colours are YCbCr is said by the DICOM file; decoders look for it in a segment of the JPEG.
    transform = 0 if str(dataset.PhotometricInterpretation) == "RGB" else 1
    adobe = struct.pack(">BBH5sHHHB", 0xFF, _JPEG_APP14, 14, b"Adobe", 100, 0, 0, transform)
    pixels = decoded(data[:2] + adobe + data[2:], cv2.IMREAD_UNCHANGED)
    if pixels.ndim != (2 if int(dataset.SamplesPerPixel) == 1 else 3):
        raise damaged()
    return pixels if pixels.ndim == 2 else cv2.cvtColor(cast(U8, pixels), cv2.COLOR_BGR2RGB)


def _mapped(numbers: npt.NDArray[np.generic], dataset: Dataset) -> NativePixels:
    from pydicom.pixels.processing import apply_color_lut

    rgb = np.asarray(apply_color_lut(numbers, dataset))
    if rgb.ndim != 3 or rgb.shape[2] != 3:
        raise damaged()
    # A map of 16 bit holds colours for a screen, not measurements.
    return cast(
        NativePixels, np.ascontiguousarray((rgb >> 8 if rgb.dtype == np.uint16 else rgb).astype(np.uint8))
    )


def _grey(stored: npt.NDArray[np.generic], dataset: Dataset) -> tuple[NativePixels, U8 | None]:
    bits = int(dataset.BitsStored)
    is_signed = int(dataset.get("PixelRepresentation", 0)) == 1
    lowest = -(2 ** (bits - 1)) if is_signed else 0
    largest = 2**bits - 1
    dtype = np.uint8 if bits <= 8 else np.uint16
    raised = np.clip(stored.astype(np.int32) - lowest, 0, largest)
    shown = _shown(np.arange(lowest, lowest + largest + 1), dataset)
    if str(dataset.PhotometricInterpretation) == "MONOCHROME1":  # the lowest value is white
        raised = largest - raised
        shown = None if shown is None else 255 - shown[::-1]
    if shown is None and bits == 1:
        shown = np.array([0, 255], np.uint8)
    native = cast(NativePixels, raised.astype(dtype))
    if shown is None:
        # Of 9 to 16 bits: the fewest that hold the values, as with any other file; of 8: as they are.
        return native, None
    table = np.full(256 if bits <= 8 else 65536, 255, np.uint8)
    table[: shown.size] = shown
    return native, table


def _shown(values: npt.NDArray[np.int64], dataset: Dataset) -> U8 | None:
    """What values are shown as by the file's own window (DICOM PS3.3, C.11.2.1.2); None where it has none."""
    centre, width = _first(dataset, "WindowCenter"), _first(dataset, "WindowWidth")
    if centre is None or width is None or not np.isfinite([centre, width]).all():
        return None
    slope, intercept = _first(dataset, "RescaleSlope"), _first(dataset, "RescaleIntercept")
    scaled = values * (1.0 if slope is None else slope) + (0.0 if intercept is None else intercept)
    function = str(dataset.get("VOILUTFunction", "") or "LINEAR")
    if width < 1 if function == "LINEAR" else width <= 0:
        return None
    if function == "SIGMOID":
        share = 1 / (1 + np.exp(np.clip(-4 * (scaled - centre) / width, -700, 700)))
    elif function == "LINEAR_EXACT":
        share = (scaled - centre) / width + 0.5
    else:
        # Half a value less, so that a window of 256 around 128 shows each of 256 values as itself.
        share = (scaled - (centre - 0.5)) / max(width - 1, 1e-6) + 0.5
    return cast(U8, np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8))


def _first(dataset: Dataset, tag: str) -> float | None:
    """The first of a tag's numbers: a file may offer several windows, the first one being for a start."""
    value = dataset.get(tag)
    if value is None or value == "":
        return None
    numbers = value if hasattr(value, "__iter__") and not isinstance(value, str) else [value]
    return float(numbers[0]) if len(numbers) else None
