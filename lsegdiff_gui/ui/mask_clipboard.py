"""Masks on the system's clipboard: for other pictures, other windows of this program, and as a picture for others."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QByteArray, QMimeData, QStringListModel
from PySide6.QtGui import QGuiApplication, QImage, qRgb

from lsegdiff_gui.annotation.labels import IGNORE, NONE
from lsegdiff_gui.annotation.tools.clipping import Clipping, plane
from lsegdiff_gui.annotation.tools.parcel import Parcel
from lsegdiff_gui.errors import LSegDiffError

MASK_TYPE = "application/x-lsegdiff-mask"


class NoMaskError(LSegDiffError):
    """The clipboard holds no mask; the sentence says what it holds instead."""


def put(parcel: Parcel, shown: QImage | None = None) -> None:
    """Lay a mask on the clipboard: in this program's own form, and as a picture that Qt hands on as PNG and others.

    shown: its `portrait`, made here if missing, which of a large picture takes a moment.
    """
    mime = outliving_mime()
    mime.setData(MASK_TYPE, QByteArray(parcel.to_bytes()))
    # An image and not its PNG: that is made when a program asks for it, which of a large picture takes a while.
    mime.setImageData(portrait(parcel.clipping) if shown is None else shown)
    QGuiApplication.clipboard().setMimeData(mime)


def take() -> Parcel:
    """The mask on the clipboard. Raises NoMaskError with the sentence where there is none."""
    # Nothing at all is None, which the binding does not declare.
    found = QGuiApplication.clipboard().mimeData() or QMimeData()
    if not found.hasFormat(MASK_TYPE):
        if found.hasImage():
            raise NoMaskError(
                "The clipboard holds a picture, which says nothing of labels. "
                "Copy a mask with Ctrl+C on its picture in LSegDiff, then paste."
            )
        raise NoMaskError("No mask was copied yet. Copy one with Ctrl+C on its picture, then paste.")
    try:
        return Parcel.from_bytes(bytes(found.data(MASK_TYPE).data()))
    except ValueError as error:
        raise NoMaskError(
            "The mask on the clipboard is damaged, or from another version of LSegDiff, and was not pasted. "
            "Copy it again."
        ) from error


def outliving_mime() -> QMimeData:
    """An empty one that may lie on the clipboard when the program ends.

    The clipboard destroys what it holds after Python has ended. One that is made by `QMimeData()` asks Python then,
    and the process dies of it; one that Qt has made does not.
    """
    model = QStringListModel([""])
    mime: QMimeData = model.mimeData([model.index(0)])
    mime.clear()
    return mime


def portrait(clipping: Clipping) -> QImage:
    """The mask as exported files show it: of the picture's size, white where a lesion is, else black; one bit each."""
    labels = plane(clipping)
    whole = np.zeros((clipping.height, clipping.width), np.bool_)
    whole[clipping.box.slices] = (labels != NONE) & (labels != IGNORE)
    bits = np.packbits(whole, axis=1)
    image = QImage(bits.data, clipping.width, clipping.height, bits.shape[1], QImage.Format.Format_Mono)
    image.setColorTable([qRgb(0, 0, 0), qRgb(255, 255, 255)])
    # The bytes are numpy's, and go with this function.
    return image.copy()
