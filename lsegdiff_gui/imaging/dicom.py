"""DICOM files by pydicom, which is an extra: what a file says of its frames; `dicom_pixels` reads their values.

Only the tags of `_TAGS` are ever read. None of them says anything of a patient.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from lsegdiff_gui.imaging.broken import BrokenFile, cut_off, damaged, too_large_for_memory

if TYPE_CHECKING:
    from pydicom import Dataset

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
PIXELS = "PixelData"
_OTHER_PIXELS = ("FloatPixelData", "DoubleFloatPixelData")

GREY = ("MONOCHROME1", "MONOCHROME2")
_COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
MAPPED = "PALETTE COLOR"

_WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
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


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of its frames. width, height: pixels of each."""

    width: int
    height: int
    frames: int


def with_sentences(act: Callable[..., Result]) -> Callable[..., Result]:
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


def missing_decoders() -> dict[str, str]:
    """The compressions that nothing installed here reads, each with the packages that would."""
    from pydicom.pixels.decoders.base import get_decoder

    return {
        name: packages_for(syntax) or ""
        for name, syntax in _LOOKED_AT.items()
        if not get_decoder(syntax).is_available
    }


def packages_for(syntax: str) -> str | None:
    """The packages that bring a decoder for a transfer syntax; None where nothing is known to."""
    return next((names for start, names in _DECODERS.items() if syntax.startswith(start)), None)


@with_sentences
def facts(data: bytes) -> Facts:
    """Size and number of frames, without the values. Raises BrokenFile for what holds no picture."""
    return facts_in(dataset_of(data, with_pixels=False))


@with_sentences
def facts_of_file(file: io.BufferedReader) -> Facts:
    """As `facts`, reading no more of a file than it must."""
    return facts_in(dataset_of(file, with_pixels=False))


def dataset_of(source: bytes | io.BufferedReader, *, with_pixels: bool) -> Dataset:
    """The tags that are read at all, of a file's bytes or of an open file. Raises BrokenFile without pydicom."""
    try:
        from pydicom import dcmread  # not before it is needed: it may not be there, and takes a while
    except ImportError as problem:
        raise BrokenFile(
            "it is a DICOM file, which needs the package pydicom", "Type “pip install pydicom”."
        ) from problem
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    tags = [*_TAGS, *_OTHER_PIXELS, *([PIXELS] if with_pixels else [])]
    dataset = dcmread(file, specific_tags=tags, stop_before_pixels=not with_pixels)
    return cast("Dataset", dataset)


def facts_in(dataset: Dataset) -> Facts:
    """Size and number of frames. Raises BrokenFile for what holds no picture, or one of a kind that is not read."""
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
    if colours not in (*GREY, *_COLOUR, MAPPED):
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
    from pydicom.uid import UID

    name = str(UID(kind).name)
    return f" ({name})" if name and name != kind else ""
