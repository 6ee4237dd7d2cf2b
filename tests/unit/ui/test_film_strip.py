import numpy as np
import numpy.typing as npt
import pytest
from made.steps import Step
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.panels.film_strip import FilmStrip
from lsegdiff_gui.ui.tones import DARK, LIGHT, palette_of


def step(index: int, steps: int = 4) -> Step:
    preview = np.zeros((256, 256), np.uint8)
    preview[64:192, 64:192] = 255 * index // steps
    return Step(index, steps, preview)


@pytest.fixture
def film(qtbot: QtBot) -> FilmStrip:
    film = FilmStrip()
    qtbot.addWidget(film)
    film.resize(700, film.sizeHint().height())
    film.set_picture(np.full((300, 400, 3), (200, 150, 130), np.uint8))
    film.show()
    qtbot.waitExposed(film)
    return film


def fill(film: FilmStrip, upto: int, steps: int = 4) -> None:
    film.begin(steps)
    for index in range(1, upto + 1):
        film.add(step(index, steps))


def middle(film: FilmStrip, index: int) -> QPoint:
    return film._frame_rect(index).center()


def pixels(film: FilmStrip) -> npt.NDArray[np.uint8]:
    image = film.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return (
        np.frombuffer(image.constBits(), np.uint8)
        .reshape(image.height(), image.width(), 4)[..., 2::-1]
        .copy()
    )


def test_that_a_frame_shows_the_picture_tinted_where_the_step_sees_a_lesion(film: FilmStrip) -> None:
    fill(film, 4)
    place = film._frame_rect(4)
    seen = pixels(film).astype(int)
    corner = seen[place.top() + 5, place.left() + 6]
    centre = seen[place.center().y(), place.center().x()]
    assert np.abs(corner - (200, 150, 130)).max() <= 2
    assert np.abs(centre - corner).max() > 30


def test_that_steps_to_come_have_an_empty_frame_that_cannot_be_picked(film: FilmStrip, qtbot: QtBot) -> None:
    fill(film, 2)
    with qtbot.assertNotEmitted(film.picked), qtbot.assertNotEmitted(film.hovered):
        QTest.mouseMove(film, middle(film, 3))
        QTest.mouseClick(film, Qt.MouseButton.LeftButton, pos=middle(film, 4))


def test_that_moving_over_frames_tells_their_steps_and_leaving_tells_none(film: FilmStrip) -> None:
    fill(film, 4)
    heard: list[int] = []
    film.hovered.connect(heard.append)
    for index in (2, 2, 3):
        QTest.mouseMove(film, middle(film, index))
        QTest.mouseMove(film, middle(film, index) + QPoint(3, 1))
    QApplication.sendEvent(film, QEvent(QEvent.Type.Leave))
    assert heard == [2, 3, -1]


def test_that_a_click_picks_a_step(film: FilmStrip, qtbot: QtBot) -> None:
    fill(film, 4)
    with qtbot.waitSignal(film.picked) as heard:
        QTest.mouseClick(film, Qt.MouseButton.LeftButton, pos=middle(film, 2))
    assert heard.args == [2]
    assert "step 2 is chosen" in film.accessibleDescription()


def test_that_arrow_keys_walk_through_the_steps_that_are_there(film: FilmStrip) -> None:
    fill(film, 3)
    film.set_current(3)
    heard: list[int] = []
    film.picked.connect(heard.append)
    keys = (
        Qt.Key.Key_Left,
        Qt.Key.Key_Home,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_End,
        Qt.Key.Key_Right,
    )
    for key in keys:
        QTest.keyClick(film, key)
    assert heard == [2, 1, 1, 2, 3, 3]


def test_that_other_keys_are_left_to_the_window(film: FilmStrip, qtbot: QtBot) -> None:
    fill(film, 4)
    with qtbot.assertNotEmitted(film.picked):
        QTest.keyClick(film, Qt.Key.Key_B)
        QTest.keyClick(film, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)


def test_that_the_step_on_the_canvas_is_framed(film: FilmStrip) -> None:
    fill(film, 4)
    before = pixels(film)
    film.set_current(2)
    rows, columns = np.nonzero((pixels(film) != before).any(axis=2))
    around = film._frame_rect(2).adjusted(-10, -10, 10, 40)
    assert rows.size
    assert around.left() <= columns.min() and columns.max() <= around.right()
    film.set_current(None)
    assert np.array_equal(pixels(film), before)


def test_that_a_new_film_forgets_the_old_one(film: FilmStrip, qtbot: QtBot) -> None:
    fill(film, 4)
    film.set_current(2)
    QTest.mouseMove(film, middle(film, 2))
    with qtbot.waitSignal(film.hovered) as heard:
        film.begin(6)
    assert heard.args == [-1]
    assert film.accessibleDescription() == "0 of 6 steps."
    film.clear()
    assert film.accessibleDescription() == "No draft has been made yet."


def test_that_another_picture_is_seen_under_the_same_steps(film: FilmStrip) -> None:
    fill(film, 4)
    film.set_picture(np.full((400, 400, 3), 20, np.uint8))
    place = film._frame_rect(1)
    assert np.abs(pixels(film)[place.top() + 5, place.left() + 6].astype(int) - 20).max() <= 2


def test_that_a_long_film_scrolls_to_its_current_step(film: FilmStrip) -> None:
    fill(film, 50, steps=50)
    film.set_current(50)
    assert film.rect().contains(film._frame_rect(50))
    film.set_current(1)
    assert film.rect().contains(film._frame_rect(1))
    at = QPointF(20, 20)
    turned = QWheelEvent(
        at,
        film.mapToGlobal(at),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(film, turned)
    assert film._frame_rect(1).left() < 0


def test_that_the_film_follows_the_palette(film: FilmStrip) -> None:
    fill(film, 2)
    lightness = []
    for tones in (DARK, LIGHT):
        film.setPalette(palette_of(tones))
        lightness.append(int(pixels(film)[2, 2].max()))
    assert lightness[0] < 80 < 200 < lightness[1]


def test_that_the_film_is_named_and_reached_by_the_keyboard(film: FilmStrip) -> None:
    assert film.accessibleName() == "Film of the draft"
    assert film.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_that_frames_become_smaller_until_all_are_seen_and_scroll_only_then(film: FilmStrip) -> None:
    film.set_picture(np.full((288, 512, 3), 120, np.uint8))
    film.resize(430, film.height())
    fill(film, 6, steps=6)
    first, last = film._frame_rect(1), film._frame_rect(6)
    assert first.left() >= 0
    assert last.right() < film.width()
    assert abs(first.width() / first.height() - 512 / 288) < 0.08
    film.resize(900, film.height())
    assert film._frame_rect(1).width() > first.width()
    assert film._frame_rect(1).bottom() == first.bottom()
    film.resize(230, film.height())
    assert film._frame_rect(6).right() > film.width()
    assert film._frame_rect(1).width() == 78
