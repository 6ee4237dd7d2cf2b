"""The look of the shown picture, and what is computed for it off the GUI thread."""

from collections.abc import Iterator

import numpy as np
import pytest
from made.canvas_hand import pixels
from pytestqt.qtbot import QtBot

from lsegdiff_gui.imaging.decode import to_rgb8
from lsegdiff_gui.imaging.display import pyramid
from lsegdiff_gui.imaging.look import PictureLook, Window
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.looking import Looking
from lsegdiff_gui.workers.files import FilePool


@pytest.fixture
def files(qtbot: QtBot) -> Iterator[FilePool]:
    files = FilePool()
    yield files
    assert files.stop(5000)


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(300, 240)
    canvas.show()
    return canvas


@pytest.fixture
def looking(canvas: Canvas, files: FilePool) -> Looking:
    return Looking(canvas, files)


def picture_of(bits: int) -> Picture:
    native = np.random.default_rng(bits).integers(90, 120, (200, 260, 3))
    native[:, 100:] += 30
    typed = (native * 40).astype(np.uint16) if bits == 16 else native.astype(np.uint8)
    return Picture(to_rgb8(typed), typed, "0" * 64)


def show(canvas: Canvas, looking: Looking, picture: Picture) -> None:
    canvas.show_picture(picture.rgb8, pyramid(picture.rgb8))
    looking.set_picture(picture)


def test_that_tones_are_seen_at_once(canvas: Canvas, looking: Looking, files: FilePool) -> None:
    show(canvas, looking, picture_of(8))
    before = pixels(canvas)
    looking.set_look(PictureLook(brightness=30, gamma=2.0))
    assert pixels(canvas).mean() > before.mean() + 10
    assert not files.is_busy
    looking.set_look(PictureLook())
    assert np.array_equal(pixels(canvas), before)


def test_that_the_next_picture_is_shown_in_the_same_look(canvas: Canvas, looking: Looking) -> None:
    looking.set_look(PictureLook(brightness=30))
    show(canvas, looking, picture_of(8))
    lighter = pixels(canvas)
    looking.set_look(PictureLook())
    assert pixels(canvas).mean() < lighter.mean() - 10


@pytest.mark.parametrize("look", [PictureLook(window=Window(5000, 2000)), PictureLook(local_contrast=100)])
def test_that_what_takes_longer_is_seen_as_soon_as_it_is_computed(
    canvas: Canvas, looking: Looking, files: FilePool, qtbot: QtBot, look: PictureLook
) -> None:
    show(canvas, looking, picture_of(16))
    before = pixels(canvas)
    with qtbot.waitSignal(files.levels_ready):
        looking.set_look(look)
        assert np.array_equal(pixels(canvas), before)
    assert not np.array_equal(pixels(canvas), before)


def test_that_a_dragged_slider_asks_for_one_thing_at_a_time_and_ends_with_the_last(
    canvas: Canvas, looking: Looking, files: FilePool, qtbot: QtBot
) -> None:
    show(canvas, looking, picture_of(16))
    answers: list[object] = []
    files.levels_ready.connect(lambda _token, levels: answers.append(levels))
    for width in range(1000, 3000, 100):
        looking.set_look(PictureLook(local_contrast=100, window=Window(5000, width)))
    qtbot.waitUntil(lambda: len(answers) == 2 and not files.is_busy)
    dragged = pixels(canvas)
    show(canvas, looking, picture_of(16))
    with qtbot.waitSignal(files.levels_ready):
        pass
    assert np.array_equal(pixels(canvas), dragged)


def test_that_an_8_bit_picture_is_shown_without_the_window_of_another(
    canvas: Canvas, looking: Looking, files: FilePool
) -> None:
    show(canvas, looking, picture_of(8))
    before = pixels(canvas)
    looking.set_look(PictureLook(window=Window(5000, 2000)))
    assert np.array_equal(pixels(canvas), before)
    assert not files.is_busy


def test_that_what_was_computed_for_a_picture_that_was_left_is_not_shown(
    canvas: Canvas, looking: Looking, files: FilePool, qtbot: QtBot
) -> None:
    show(canvas, looking, picture_of(16))
    looking.set_look(PictureLook(window=Window(5000, 2000)))
    looking.set_picture(None)
    canvas.show_picture(None)
    nothing = pixels(canvas)
    qtbot.waitUntil(lambda: not files.is_busy)
    assert np.array_equal(pixels(canvas), nothing)


def test_that_a_look_that_cannot_be_computed_is_told_once(
    canvas: Canvas, looking: Looking, files: FilePool, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("lsegdiff_gui.workers.files.display_levels", fail)
    show(canvas, looking, picture_of(8))
    before = pixels(canvas)
    told: list[str] = []
    looking.failed.connect(told.append)
    with qtbot.waitSignal(looking.failed):
        looking.set_look(PictureLook(local_contrast=40))
    looking.set_look(PictureLook(local_contrast=50))
    assert not files.is_busy
    assert len(told) == 1 and "memory" in told[0]
    assert np.array_equal(pixels(canvas), before)
