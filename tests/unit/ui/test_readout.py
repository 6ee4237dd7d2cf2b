"""What is known of one pixel."""

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.resample import upsampled
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.ui.readout import read_at
from lsegdiff_gui.ui.status_bar import Reading

WIDTH, HEIGHT = 90, 70


def colour_picture() -> Picture:
    rgb8 = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    return Picture(rgb8, rgb8, "0" * 64)


def test_that_values_are_those_of_the_file() -> None:
    colour = colour_picture()
    reading = read_at(colour, Document(WIDTH, HEIGHT), 5, 7)
    assert reading == Reading((5, 7), tuple(int(value) for value in colour.rgb8[7, 5]), "Background")
    deep = np.full((HEIGHT, WIDTH), 41234, np.uint16)
    grey = Picture(np.zeros((HEIGHT, WIDTH, 3), np.uint8), deep, "0" * 64)
    read = read_at(grey, Document(WIDTH, HEIGHT), 5, 7)
    assert read is not None and read.values == (41234,)


def test_that_probability_and_spread_are_the_drafts_at_that_pixel() -> None:
    made = draft()
    document = Document(WIDTH, HEIGHT, base=Base.of_draft(made))
    whole = Box.whole(WIDTH, HEIGHT)
    for x, y in ((0, 0), (40, 33), (WIDTH - 1, HEIGHT - 1)):
        reading = read_at(colour_picture(), document, x, y)
        assert reading is not None
        expected = upsampled(made.probability, whole, WIDTH, HEIGHT)[y, x] / 255
        assert reading.probability == pytest.approx(expected)
        assert reading.spread == pytest.approx(upsampled(made.spread, whole, WIDTH, HEIGHT)[y, x] / 510)


def test_that_the_label_is_named() -> None:
    document = Document(WIDTH, HEIGHT)
    stroke = Stroke(document, label=1, radius=3, tool="brush")
    stroke.move_to(20, 20)
    stroke.finish()
    stroke = Stroke(document, label=99, radius=3, tool="brush")
    stroke.move_to(50, 50)
    stroke.finish()
    names = [
        read.label
        for read in (read_at(colour_picture(), document, *at) for at in ((20, 20), (50, 50)))
        if read
    ]
    assert names == ["Lesion", "Label 99"]


@pytest.mark.parametrize("at", [(-1, 0), (0, HEIGHT), (WIDTH, 0)])
def test_that_nothing_is_known_beyond_the_picture(at: tuple[int, int]) -> None:
    assert read_at(colour_picture(), Document(WIDTH, HEIGHT), *at) is None
