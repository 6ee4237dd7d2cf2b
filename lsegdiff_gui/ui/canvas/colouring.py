"""Codes to colours over the picture: one look-up and one blending, each at the speed of memory."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter

from lsegdiff_gui.imaging.geometry import Box

Table = npt.NDArray[np.int32]


def blend_table(colours: Sequence[int]) -> Table:
    """256 colours 0xAARRGGBB as `blend` takes them: (256,) int32, Qt's premultiplied ARGB."""
    plain = np.array(colours, np.uint32)
    alpha = plain >> 24
    parts = [(plain >> shift & 255) * alpha for shift in (16, 8, 0)]
    red, green, blue = ((part + 127) // 255 for part in parts)
    packed: npt.NDArray[np.uint32] = alpha << 24 | red << 16 | green << 8 | blue
    return packed.view(np.int32)


def blend(painter: QPainter, device: Box, codes: npt.NDArray[np.uint8], table: Table) -> None:
    """Blend codes over the device pixels of a box; painter: in device pixels; codes: (device.height, device.width)."""
    left, top, width, height = cv2.boundingRect(codes)
    if not width:
        return
    # Through numbers of four bytes: Qt would blend an indexed image four times as slowly.
    coloured = np.asarray(cv2.LUT(codes[top : top + height, left : left + width], table))
    image = QImage(coloured.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    painter.drawImage(QPoint(device.x0 + left, device.y0 + top), image)
