import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, IGNORE
from lsegdiff_gui.annotation.tools import clipping
from lsegdiff_gui.annotation.tools.parcel import Parcel
from lsegdiff_gui.ui import mask_clipboard
from lsegdiff_gui.ui.mask_clipboard import MASK_TYPE, NoMaskError


@pytest.fixture
def parcel(qapp: QApplication) -> Parcel:
    plane = np.zeros((30, 40), np.uint8)
    plane[5:20, 10:30] = 1
    plane[5:8, 10:14] = IGNORE
    taken = clipping.copy(plane)
    assert taken is not None
    return Parcel.of(taken, DEFAULT_LABELS)


def lay(mimetype: str, data: bytes) -> None:
    mime = mask_clipboard.outliving_mime()
    mime.setData(mimetype, QByteArray(data))
    QGuiApplication.clipboard().setMimeData(mime)


def test_that_a_mask_comes_back_from_the_clipboard(parcel: Parcel) -> None:
    mask_clipboard.put(parcel)
    assert mask_clipboard.take() == parcel


def test_that_other_programs_get_the_mask_as_a_picture_of_its_size(parcel: Parcel) -> None:
    mask_clipboard.put(parcel)
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (40, 30)
    light = [[image.pixelColor(x, y).lightness() for x in range(40)] for y in range(30)]
    expected = np.zeros((30, 40), np.uint8)
    expected[5:20, 10:30] = 255
    expected[5:8, 10:14] = 0
    assert np.array_equal(light, expected)


def test_that_an_empty_clipboard_and_words_say_that_no_mask_was_copied(qapp: QApplication) -> None:
    QGuiApplication.clipboard().clear()
    with pytest.raises(NoMaskError, match="No mask was copied yet"):
        mask_clipboard.take()
    QGuiApplication.clipboard().setText("a word")
    with pytest.raises(NoMaskError, match="No mask was copied yet"):
        mask_clipboard.take()


def test_that_a_picture_of_another_program_is_told_from_a_mask(qapp: QApplication) -> None:
    QGuiApplication.clipboard().setImage(QImage(4, 4, QImage.Format.Format_RGB32))
    with pytest.raises(NoMaskError, match="holds a picture"):
        mask_clipboard.take()


@pytest.mark.parametrize("data", [b"", b"something else", b"LSegDiff mask 1\n\xff\xff\xff\xff"])
def test_that_damaged_bytes_are_a_sentence(qapp: QApplication, data: bytes) -> None:
    lay(MASK_TYPE, data)
    with pytest.raises(NoMaskError, match="Copy it again"):
        mask_clipboard.take()


def test_that_the_program_ends_well_with_a_mask_on_the_clipboard() -> None:
    program = """
import numpy as np
from PySide6.QtWidgets import QApplication
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS
from lsegdiff_gui.annotation.tools import clipping
from lsegdiff_gui.annotation.tools.parcel import Parcel
from lsegdiff_gui.ui import mask_clipboard
app = QApplication([])
mask_clipboard.put(Parcel.of(clipping.copy(np.ones((8, 9), np.uint8)), DEFAULT_LABELS))
assert mask_clipboard.take().clipping.width == 9
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
