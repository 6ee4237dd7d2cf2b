"""A canvas with a picture and an empty document."""

import numpy as np
import pytest
from made.canvas_hand import HEIGHT, WIDTH
from pytestqt.qtbot import QtBot

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.ui.canvas.canvas import Canvas


@pytest.fixture
def document() -> Document:
    return Document(WIDTH, HEIGHT)


@pytest.fixture
def canvas(qtbot: QtBot, document: Document) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(500, 400)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.show_picture(np.random.default_rng(1).integers(60, 220, (HEIGHT, WIDTH, 3), np.uint8))
    canvas.set_document(document)
    canvas.set_brush_radius(10)
    return canvas
