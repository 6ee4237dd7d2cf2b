"""DICOM files made by pydicom: every way of storing colours and greys, several frames, windows, and what is refused."""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import convert_color_space, get_decoder
from pydicom.uid import (
    MPEG4HP41,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from lsegdiff_gui.imaging import ImageError
from lsegdiff_gui.imaging import dicom as dicom_reader
from lsegdiff_gui.imaging.look import Window
from lsegdiff_gui.imaging.pages import page_path
from lsegdiff_gui.imaging.read import Limits, read, read_thumbnail

DERMOSCOPY = "1.2.840.10008.5.1.4.1.1.77.1.4.1"  # VL photographic image
ENDOSCOPY = "1.2.840.10008.5.1.4.1.1.77.1.1"
HEIGHT, WIDTH = 24, 34

GREY = np.add.outer(np.arange(HEIGHT) * 4, np.arange(WIDTH) * 4).astype(np.uint8)
RGB = np.ascontiguousarray(np.dstack([GREY, GREY[::-1], np.roll(GREY, 9, axis=1)]))
DEEP = np.add.outer(np.arange(HEIGHT) * 100, np.arange(WIDTH) * 50).astype(np.uint16)  # below 4096


def dicom(
    pixels: bytes | list[bytes], colours: str, bits: int = 8, *, stored: int = 0, frames: int = 1,
    syntax: str = ExplicitVRLittleEndian, size: tuple[int, int] = (HEIGHT, WIDTH), **more: Any,
) -> bytes:  # fmt: skip
    """A file as a dermatoscope's software writes it, with a patient in it."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DERMOSCOPY
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    meta.TransferSyntaxUID = syntax
    dataset = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    dataset.SOPClassUID, dataset.SOPInstanceUID = DERMOSCOPY, "1.2.3.4"
    dataset.PatientName, dataset.PatientID = "Doe^Jane", "4711"
    dataset.Rows, dataset.Columns = size
    dataset.BitsAllocated = bits
    dataset.BitsStored = stored or bits
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = 0
    dataset.PhotometricInterpretation = colours
    dataset.SamplesPerPixel = 3 if colours.startswith(("RGB", "YBR")) else 1
    if dataset.SamplesPerPixel == 3:
        dataset.PlanarConfiguration = 0
    if frames > 1:
        dataset.NumberOfFrames = frames
    for name, value in more.items():
        setattr(dataset, name, value)
    if isinstance(pixels, list):
        dataset.PixelData = encapsulate(pixels)
        dataset["PixelData"].VR = "OB"
    else:
        dataset.PixelData = pixels
        dataset["PixelData"].VR = "OW" if bits > 8 else "OB"
    file = io.BytesIO()
    implicit, little = syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian
    pydicom.dcmwrite(file, dataset, implicit_vr=implicit, little_endian=little, enforce_file_format=False)
    return file.getvalue()


@pytest.fixture
def opened(tmp_path: Path):
    def open_(data: bytes, page: int | None = None):
        path = tmp_path / "scan.dcm"
        path.write_bytes(data)
        return read(path if page is None else page_path(path, page))

    return open_


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("planar", [0, 1])
def test_that_rgb_is_read_exactly(opened, syntax, planar):
    stored = RGB if planar == 0 else np.moveaxis(RGB, -1, 0)
    picture = opened(dicom(stored.tobytes(), "RGB", syntax=syntax, PlanarConfiguration=planar))
    assert np.array_equal(picture.rgb8, RGB)
    assert picture.native is picture.rgb8


@pytest.mark.parametrize("planar", [0, 1])
def test_that_ybr_full_becomes_rgb(opened, planar):
    ybr = convert_color_space(RGB, "RGB", "YBR_FULL")
    stored = ybr if planar == 0 else np.moveaxis(ybr, -1, 0)
    picture = opened(dicom(stored.tobytes(), "YBR_FULL", PlanarConfiguration=planar))
    assert np.abs(picture.rgb8.astype(int) - RGB).max() <= 2


def test_that_ybr_with_halved_colours_becomes_rgb(opened):
    flat = RGB.copy()
    flat[:, 1::2] = flat[:, ::2]
    ybr = convert_color_space(flat, "RGB", "YBR_FULL").reshape(-1, 2, 3)
    stored = np.column_stack([ybr[:, 0, 0], ybr[:, 1, 0], ybr[:, 0, 1], ybr[:, 0, 2]]).astype(np.uint8)
    picture = opened(dicom(stored.tobytes(), "YBR_FULL_422"))
    assert np.abs(picture.rgb8.astype(int) - flat).max() <= 2


def test_that_grey_is_read_exactly(opened):
    assert np.array_equal(opened(dicom(GREY.tobytes(), "MONOCHROME2")).native, GREY)


def test_that_monochrome1_is_turned_so_that_high_is_bright(opened):
    assert np.array_equal(opened(dicom((255 - GREY).tobytes(), "MONOCHROME1")).native, GREY)
    deep = opened(dicom((4095 - DEEP).tobytes(), "MONOCHROME1", 16, stored=12))
    assert np.array_equal(deep.native, DEEP)


@pytest.mark.parametrize("stored", [12, 16])
def test_that_deep_grey_keeps_its_values_and_is_shown_over_the_full_scale(opened, stored):
    picture = opened(dicom(DEEP.tobytes(), "MONOCHROME2", 16, stored=stored))
    assert picture.native.dtype == np.uint16
    assert np.array_equal(picture.native, DEEP)
    assert np.array_equal(picture.rgb8[..., 0], np.rint(DEEP * (255 / 4095)).astype(np.uint8))


def test_that_one_bit_is_black_and_white(opened):
    bits = GREY > 90
    packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
    assert np.array_equal(opened(dicom(packed, "MONOCHROME2", 1)).rgb8[..., 0], bits * np.uint8(255))


def test_that_colours_of_16_bit_keep_their_values(opened):
    deep = RGB.astype(np.uint16) * 257
    picture = opened(dicom(deep.tobytes(), "RGB", 16))
    assert np.array_equal(picture.native, deep)
    assert np.array_equal(picture.rgb8, RGB)


def test_that_signed_values_are_raised_by_half_of_their_range(opened):
    signed = DEEP.astype(np.int16) - 2048
    picture = opened(dicom(signed.tobytes(), "MONOCHROME2", 16, stored=12, PixelRepresentation=1))
    assert np.array_equal(picture.native, DEEP)


@pytest.mark.parametrize("colours", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
def test_that_the_window_of_the_file_is_what_is_shown(opened, colours, function):
    more = {"WindowCenter": 900, "WindowWidth": 700, "RescaleSlope": 2, "RescaleIntercept": -1000}
    data = dicom(DEEP.tobytes(), colours, 16, stored=12, VOILUTFunction=function, **more)
    picture = opened(data)

    scaled = DEEP * 2.0 - 1000
    shares = {
        "LINEAR": (scaled - 899.5) / 699 + 0.5,
        "LINEAR_EXACT": (scaled - 900) / 700 + 0.5,
        "SIGMOID": 1 / (1 + np.exp(-4 * (scaled - 900) / 700)),
    }
    shown = np.rint(255 * np.clip(shares[function], 0, 1)).astype(np.uint8)
    expected = shown if colours == "MONOCHROME2" else 255 - shown
    assert np.array_equal(picture.rgb8[..., 0], expected)
    assert picture.native.max() > 2500  # the window changes nothing but what is shown


@pytest.mark.parametrize("colours", ["MONOCHROME1", "MONOCHROME2"])
def test_that_the_sliders_of_the_window_begin_where_the_file_does(opened, colours):
    more = {"WindowCenter": 2000, "WindowWidth": 1000}
    picture = opened(dicom(DEEP.tobytes(), colours, 16, stored=12, **more))
    window = Window.as_read(picture.native, picture.tones)
    assert abs(window.centre - (2000 if colours == "MONOCHROME2" else 2095)) <= 2
    assert abs(window.width - 1000) <= 4
    assert np.abs(window.shown(picture.native).astype(int) - picture.rgb8[..., 0]).max() <= 2


def test_that_a_window_wider_than_all_values_begins_with_all_of_them(opened):
    more = {"WindowCenter": 32768, "WindowWidth": 200_000}
    picture = opened(dicom((DEEP * 16).tobytes(), "MONOCHROME2", 16, **more))
    assert Window.as_read(picture.native, picture.tones) == Window(32767, 65535)


def test_that_the_first_of_several_windows_is_taken(opened):
    data = dicom(GREY.tobytes(), "MONOCHROME2", WindowCenter=[128, 40], WindowWidth=[256, 80])
    assert np.array_equal(opened(data).rgb8[..., 0], GREY)


@pytest.mark.parametrize("bits", [8, 16])
def test_that_a_colour_map_is_applied(opened, bits):
    table = np.random.default_rng(3).integers(0, 2**bits, (3, 256)).astype(f"<u{bits // 8}")
    more = {}
    for name, values in zip(("Red", "Green", "Blue"), table, strict=True):
        more[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, bits]
        more[f"{name}PaletteColorLookupTableData"] = values.tobytes()
    expected = (table >> (bits - 8)).astype(np.uint8).T[GREY]
    assert np.array_equal(opened(dicom(GREY.tobytes(), "PALETTE COLOR", **more)).rgb8, expected)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless])
def test_that_each_frame_is_a_page(opened, syntax):
    frames = [RGB, RGB[::-1], RGB[:, ::-1]]
    data = dicom(b"".join(frame.tobytes() for frame in frames), "RGB", frames=3)
    if syntax == RLELossless:
        dataset = pydicom.dcmread(io.BytesIO(data))
        dataset.compress(RLELossless, generate_instance_uid=False)
        file = io.BytesIO()
        dataset.save_as(file)
        data = file.getvalue()
    hashes = set()
    for number, frame in enumerate(frames, 1):
        picture = opened(data, number)
        assert np.array_equal(picture.rgb8, frame)
        hashes.add(picture.sha256)
    assert len(hashes) == 3
    with pytest.raises(
        ImageError, match=r"“scan \[4\]\.dcm” cannot be opened: it has 3 pages and no page 4\."
    ):
        opened(data, 4)


@pytest.mark.parametrize("colours", ["YBR_FULL_422", "RGB"])
def test_that_ordinary_jpeg_needs_no_further_decoder(opened, colours, files):
    bgr = cv2.cvtColor(np.kron(RGB[::8, ::8], np.ones((8, 8, 1), np.uint8)), cv2.COLOR_RGB2BGR)
    if colours == "RGB":  # stored as it is: components red, green and blue
        blocks = np.ascontiguousarray(RGB[::8, ::8]).astype(int)
        stream, expected = files.jpeg_of_blocks(blocks), np.kron(blocks, np.ones((8, 8, 1), int))
    else:
        _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 100])
        stream, expected = encoded.tobytes(), cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    size = expected.shape[:2]
    data = dicom([stream, stream], colours, syntax=JPEGBaseline8Bit, frames=2, size=size)
    picture = opened(data, 2)
    assert np.abs(picture.rgb8[4::8, 4::8].astype(int) - expected[4::8, 4::8]).max() <= 4


def test_that_grey_jpeg_needs_no_further_decoder(opened):
    flat = np.kron(GREY[::8, ::8], np.ones((8, 8), np.uint8))
    _, encoded = cv2.imencode(".jpg", flat, [cv2.IMWRITE_JPEG_QUALITY, 100])
    data = dicom([encoded.tobytes()], "MONOCHROME1", syntax=JPEGBaseline8Bit, size=flat.shape)
    assert np.abs(opened(data).native.astype(int) - (255 - flat)).max() <= 1


def test_that_jpeg_2000_is_read_by_a_decoder_that_is_installed(opened):
    file = io.BytesIO()
    Image.fromarray(RGB).save(file, "JPEG2000", irreversible=False)
    stream = file.getvalue()
    stream = stream[stream.index(b"\xff\x4f\xff\x51") :]
    picture = opened(dicom([stream, stream], "YBR_RCT", syntax=JPEG2000Lossless, frames=2), 2)
    assert np.array_equal(picture.rgb8, RGB)


class TestRefusals:
    """Each says why, and what to do."""

    def sentence(self, opened, data: bytes, page: int | None = None) -> str:
        with pytest.raises(ImageError) as caught:
            opened(data, page)
        text = str(caught.value)
        assert text.startswith("“scan.dcm” cannot be opened: ")
        return text.removeprefix("“scan.dcm” cannot be opened: ")

    @pytest.mark.parametrize(
        ("syntax", "packages"),
        [
            (JPEGLosslessSV1, "pylibjpeg pylibjpeg-libjpeg"),
            (JPEGLSLossless, "pylibjpeg pylibjpeg-libjpeg"),
            (JPEG2000Lossless, "pylibjpeg pylibjpeg-openjpeg"),
        ],
    )
    def test_that_a_missing_decoder_is_named_with_what_to_type(self, opened, monkeypatch, syntax, packages):
        monkeypatch.setattr(type(get_decoder(syntax)), "is_available", False)
        text = self.sentence(opened, dicom([b"\0" * 100], "MONOCHROME2", syntax=syntax))
        assert text.startswith(f"it is compressed as {syntax.name}, which no installed decoder reads. ")
        assert text.endswith(f"Type “pip install {packages}”.")

    def test_that_without_pydicom_it_says_what_to_type(self, opened, monkeypatch):
        monkeypatch.setitem(sys.modules, "pydicom", None)
        data = dicom(GREY.tobytes(), "MONOCHROME2")
        assert self.sentence(opened, data) == (
            "it is a DICOM file, which needs the package pydicom. Type “pip install pydicom”."
        )

    def test_that_what_holds_no_picture_is_named(self, opened):
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"
        report = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
        report.SOPClassUID = meta.MediaStorageSOPClassUID
        file = io.BytesIO()
        report.save_as(file, enforce_file_format=False)
        assert self.sentence(opened, file.getvalue()) == (
            "it is a DICOM file without a picture (Basic Text SR Storage). Choose a file that holds one."
        )

    def test_that_a_video_is_named(self, opened):
        assert "it is a DICOM video" in self.sentence(
            opened, dicom([b"\0" * 100], "YBR_FULL_422", syntax=MPEG4HP41)
        )

    def test_that_a_whole_slide_is_not_taken_for_a_thousand_pictures(self, opened):
        data = dicom(RGB.tobytes(), "RGB", SOPClassUID="1.2.840.10008.5.1.4.1.1.77.1.6")
        assert "it is a whole slide in many tiles" in self.sentence(opened, data)

    def test_that_other_colours_are_named(self, opened):
        assert "its colours are of the kind “HSV”" in self.sentence(opened, dicom(GREY.tobytes(), "HSV"))

    def test_that_missing_values_are_noticed(self, opened):
        for kept in (0.2, 0.5, 0.9):
            data = dicom(RGB.tobytes(), "RGB")
            text = self.sentence(opened, data[: int(len(data) * kept)])
            assert text.startswith(
                ("it is incomplete", "its content is damaged", "it is a DICOM file without")
            )

    def test_that_a_huge_size_is_refused_before_it_is_decoded(self, tmp_path):
        path = tmp_path / "scan.dcm"
        path.write_bytes(dicom(b"\0" * 100, "MONOCHROME2", size=(60000, 60000)))
        with pytest.raises(ImageError, match=r"60000 × 60000 pixels \(3600 megapixels\)"):
            read(path, limits=Limits(megapixels=150))


def test_that_a_jpeg_of_another_size_than_the_file_says_is_not_decoded(opened, monkeypatch):
    _, encoded = cv2.imencode(".jpg", RGB)
    large = encoded.tobytes().replace(struct.pack(">HH", HEIGHT, WIDTH), struct.pack(">HH", 65000, 65000))
    data = dicom([large], "YBR_FULL_422", syntax=JPEGBaseline8Bit)
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("decoded"))
    with pytest.raises(ImageError, match="its content is damaged"):
        opened(data)


def test_that_nothing_of_the_patient_is_read():
    data = dicom(RGB.tobytes(), "RGB")
    dataset: Dataset = dicom_reader.dataset_of(data, with_pixels=True)
    assert "PatientName" not in dataset
    assert {element.keyword for element in dataset} <= {*dicom_reader._TAGS, "PixelData"}


def test_that_a_thumbnail_is_made(tmp_path):
    path = tmp_path / "scan.dcm"
    path.write_bytes(dicom(RGB.tobytes(), "RGB"))
    assert read_thumbnail(path, 17).shape == (12, 17, 3)
