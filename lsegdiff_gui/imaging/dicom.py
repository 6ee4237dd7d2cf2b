"""DICOM pictures by pydicom, which is an extra: what a file says of its frames, and the values of one of them.

Only the tags of `_TAGS` are ever read. None of them says anything of a patient.
"""

from __future__ import annotations

import importlib
import io
import struct
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.broken import BrokenFile, cut_off, damaged, no_such_page, too_large_for_memory
from lsegdiff_gui.imaging.opencv import decoded
from lsegdiff_gui.imaging.picture import NativePixels

if TYPE_CHECKING:
    from pydicom import Dataset

U8 = npt.NDArray[np.uint8]
Result = TypeVar("Result")

MARK, MARK_AT = b"DICM", 128
"""What stands where in a DICOM file."""

_TAGS = (
    "SOPClassUID", "Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "PhotometricInterpretation",
    "PlanarConfiguration", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "RescaleSlope",
    "RescaleIntercept", "WindowCenter", "WindowWidth", "VOILUTFunction", "ExtendedOffsetTable",
    "ExtendedOffsetTableLengths", "RedPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData", "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData", "SegmentedRedPaletteColorLookupTableData",
    "SegmentedGreenPaletteColorLookupTableData", "SegmentedBluePaletteColorLookupTableData",
)  # fmt: skip
_PIXELS = "PixelData"
_OTHER_PIXELS = ("FloatPixelData", "DoubleFloatPixelData")

_GREY = ("MONOCHROME1", "MONOCHROME2")
_COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
_MAPPED = "PALETTE COLOR"

_WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
_JPEG_8_BIT = ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51")
_VIDEOS = "1.2.840.10008.1.2.4.10"  # and the following numbers: MPEG-2, MPEG-4, HEVC
_DECODERS = {  # transfer syntaxes by how they begin: what decodes them
    "1.2.840.10008.1.2.4.8": "pylibjpeg pylibjpeg-libjpeg",
    "1.2.840.10008.1.2.4.9": "pylibjpeg pylibjpeg-openjpeg",
    "1.2.840.10008.1.2.4.20": "pylibjpeg pylibjpeg-openjpeg",
    "1.2.840.10008.1.2.4": "pylibjpeg pylibjpeg-libjpeg",
}
_LOOKED_AT = {
    "lossless JPEG": "1.2.840.10008.1.2.4.70",
    "JPEG-LS": "1.2.840.10008.1.2.4.80",
    "JPEG 2000": "1.2.840.10008.1.2.4.90",
}
# A film of an examination has some thousands; more is a number that damage made.
_MOST_FRAMES = 100_000
_JPEG_APP14 = 0xEE


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of its frames. width, height: pixels of each."""

    width: int
    height: int
    frames: int


def _with_sentences(act: Callable[..., Result]) -> Callable[..., Result]:
    """Turns whatever pydicom raises on bad files, which may be anything, into BrokenFile; its warnings are dropped."""

    @wraps(act)
    def careful(*arguments: Any) -> Result:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return act(*arguments)
            except BrokenFile:
                raise
            except (EOFError, struct.error) as problem:
                raise cut_off() from problem
            except MemoryError as problem:
                raise too_large_for_memory() from problem
            except Exception as problem:
                raise damaged() from problem

    return careful


def is_installed() -> bool:
    """Whether pydicom is there."""
    try:
        importlib.import_module("pydicom")
    except ImportError:
        return False
    return True


def missing_decoders() -> dict[str, str]:
    """The compressions that nothing installed here reads, each with the packages that would."""
    pixels = importlib.import_module("pydicom.pixels")
    return {
        name: _packages(syntax) or ""
        for name, syntax in _LOOKED_AT.items()
        if not pixels.get_decoder(syntax).is_available
    }


@_with_sentences
def facts(data: bytes) -> Facts:
    """Size and number of frames, without the values. Raises BrokenFile for what holds no picture."""
    return _facts(_dataset(data, with_pixels=False))


@_with_sentences
def facts_of_file(file: io.BufferedReader) -> Facts:
    """As `facts`, reading no more of a file than it must."""
    return _facts(_dataset(file, with_pixels=False))


@_with_sentences
def read_frame(data: bytes, frame: int) -> tuple[NativePixels, U8 | None]:
    """A frame, counted from 1: (H, W) grey or (H, W, 3) RGB, uint8 or uint16, bright values white.

    Also what each value is shown as, (256,) or (65536,) uint8, where the file has a window; else None. Signed values
    are raised by half of their range. Raises BrokenFile.
    """
    dataset = _dataset(data, with_pixels=True)
    found = _facts(dataset)
    if not 1 <= frame <= found.frames:
        raise no_such_page(frame, found.frames)
    colours = str(dataset.PhotometricInterpretation)
    if colours in _GREY:
        return _grey(_stored(dataset, frame), dataset)
    if colours == _MAPPED:
        return _mapped(_stored(dataset, frame), dataset), None
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if syntax in _JPEG_8_BIT and int(dataset.BitsStored) == 8:
        return _jpeg(dataset, frame, found), None
    values = _stored(dataset, frame, in_rgb=True)
    return cast(NativePixels, np.ascontiguousarray(values)), None


def _dataset(source: bytes | io.BufferedReader, *, with_pixels: bool) -> Dataset:
    try:
        pydicom = importlib.import_module("pydicom")
    except ImportError as problem:
        raise BrokenFile(
            "it is a DICOM file, which needs the package pydicom", "Type “pip install pydicom”."
        ) from problem
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    tags = [*_TAGS, *_OTHER_PIXELS, *([_PIXELS] if with_pixels else [])]
    dataset = pydicom.dcmread(file, specific_tags=tags, stop_before_pixels=not with_pixels)
    return cast("Dataset", dataset)


def _facts(dataset: Dataset) -> Facts:
    kind = str(dataset.get("SOPClassUID", "") or dataset.file_meta.get("MediaStorageSOPClassUID", ""))
    if "Rows" not in dataset or "Columns" not in dataset or any(tag in dataset for tag in _OTHER_PIXELS):
        raise BrokenFile(
            f"it is a DICOM file without a picture{_named(kind)}", "Choose a file that holds one."
        )
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if syntax.startswith(_VIDEOS) and len(syntax) > len(_VIDEOS):
        raise BrokenFile("it is a DICOM video", "Save its frames as pictures and open those.")
    if kind == _WHOLE_SLIDE:
        raise BrokenFile("it is a whole slide in many tiles", "Save the part that matters as a picture.")
    colours = str(dataset.get("PhotometricInterpretation", ""))
    if colours not in (*_GREY, *_COLOUR, _MAPPED):
        raise BrokenFile(f"its colours are of the kind “{colours}”", "Save it in RGB or grey.")
    bits, samples = int(dataset.BitsAllocated), int(dataset.SamplesPerPixel)
    if bits not in (1, 8, 16) or (bits != 8 and colours in _COLOUR[1:3]):
        raise BrokenFile(f"its values have {bits} bits", "Save it with 8 or 16 bits per channel.")
    if samples != (3 if colours in _COLOUR else 1) or not 1 <= int(dataset.BitsStored) <= bits:
        raise damaged()
    frames = int(dataset.get("NumberOfFrames", 1) or 1)
    if not 1 <= frames <= _MOST_FRAMES:
        raise damaged()
    return Facts(int(dataset.Columns), int(dataset.Rows), frames)


def _named(kind: str) -> str:
    uid = importlib.import_module("pydicom.uid")
    name = str(uid.UID(kind).name)
    return f" ({name})" if name and name != kind else ""


def _stored(dataset: Dataset, frame: int, *, in_rgb: bool = False) -> npt.NDArray[np.generic]:
    """The stored values of a frame, (H, W) or (H, W, 3); `in_rgb`: brought to RGB."""
    pixels = importlib.import_module("pydicom.pixels")
    syntax = dataset.file_meta.TransferSyntaxUID
    try:
        decoder = pixels.get_decoder(syntax)
    except NotImplementedError as problem:
        raise _no_decoder(syntax) from problem
    if not decoder.is_available:
        raise _no_decoder(syntax)
    if _PIXELS not in dataset or not dataset.PixelData:
        raise cut_off()
    values, _ = decoder.as_array(dataset, index=frame - 1, raw=not in_rgb)
    if values.shape[:2] != (int(dataset.Rows), int(dataset.Columns)):
        raise damaged()
    return cast("npt.NDArray[np.generic]", values)


def _no_decoder(syntax: Any) -> BrokenFile:
    packages = _packages(syntax)
    advice = f"Type “pip install {packages}”." if packages else "Save it without compression."
    return BrokenFile(f"it is compressed as {syntax.name}, which no installed decoder reads", advice)


def _packages(syntax: str) -> str | None:
    return next((names for start, names in _DECODERS.items() if syntax.startswith(start)), None)


def _jpeg(dataset: Dataset, frame: int, found: Facts) -> NativePixels:
    """A frame of an ordinary JPEG in colour, which needs no other decoder than our own."""
    encaps = importlib.import_module("pydicom.encaps")
    data = encaps.get_frame(dataset.PixelData, frame - 1, number_of_frames=found.frames)
    # Whether its colours are YCbCr is said by the DICOM file; decoders look for it in a segment of the JPEG.
    transform = 0 if str(dataset.PhotometricInterpretation) == "RGB" else 1
    adobe = struct.pack(">BBH5sHHHB", 0xFF, _JPEG_APP14, 14, b"Adobe", 100, 0, 0, transform)
    pixels = decoded(data[:2] + adobe + data[2:], cv2.IMREAD_UNCHANGED)
    if pixels.shape != (found.height, found.width, 3) or pixels.dtype != np.uint8:
        raise damaged()
    return cast(NativePixels, np.asarray(cv2.cvtColor(cast(U8, pixels), cv2.COLOR_BGR2RGB)))


def _mapped(numbers: npt.NDArray[np.generic], dataset: Dataset) -> NativePixels:
    pixels = importlib.import_module("pydicom.pixels")
    rgb = np.asarray(pixels.apply_color_lut(numbers, dataset))
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
