"""What is kept of the viewport from one painting to the next is what would be painted there at once."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from made.canvas_hand import LEFT, drag, pixels, send
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.look import PictureLook
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.comparison import Compare
from lsegdiff_gui.ui.canvas.picture_layer import PictureLayer
from lsegdiff_gui.ui.canvas.view import NEAREST_SCALE, View
from lsegdiff_gui.ui.canvas.viewport import Viewport

pytestmark = pytest.mark.usefixtures("qapp")

PICTURE = np.random.default_rng(3).integers(0, 255, (300, 400, 3), np.uint8)
SIZE = (180, 130)
STEP = np.add.outer(np.arange(16), np.arange(16)).astype(np.uint8) * np.uint8(8)

MOVES = st.one_of(
    st.tuples(st.just("pan"), st.integers(-70, 70), st.integers(-70, 70)),
    st.tuples(
        st.just("zoom"),
        st.sampled_from([0.5, 0.93, 1.07, 1.5, 4.0]),
        st.tuples(st.integers(0, SIZE[0]), st.integers(0, SIZE[1])),
    ),
    st.tuples(st.just("scale"), st.sampled_from([0.4, 1.0, 2.0, 3.3, 17.0])),
    st.tuples(st.just("stroke"), st.integers(0, 399), st.integers(0, 299), st.integers(1, 3)),
    st.tuples(st.just("outline"), st.booleans()),
    st.tuples(st.just("compare"), st.sampled_from(list(Compare))),
    st.tuples(st.just("preview"), st.booleans()),
    st.tuples(st.just("tones"), st.integers(-30, 30)),
    st.tuples(st.just("size"), st.sampled_from([SIZE, (211, 150)])),
    st.tuples(st.just("paint")),
)


def new_canvas(document: Document, size: tuple[int, int] = SIZE) -> Canvas:
    canvas = Canvas()
    canvas.setMinimumSize(1, 1)
    canvas.resize(*size)
    canvas.show_picture(PICTURE)
    canvas.set_document(document)
    canvas.show_draft_mask(document.base_mask)
    canvas.set_label_colours({1: "#56b4e9", 2: "#e69f00", 3: "#009e73"})
    canvas.set_brush_radius(9)
    return canvas


def jagged() -> Document:
    """A document whose base has a lesion with a ragged edge, and specks around it."""
    document = Document(400, 300)
    y, x = np.mgrid[:300, :400]
    noise = np.random.default_rng(5).normal(0, 9, (300, 400))
    document.place_base((np.hypot(x - 210, y - 140) + noise < 95).astype(np.uint8))
    return document


def act(canvas: Canvas, move: tuple) -> None:  # type: ignore[type-arg]
    match move:
        case "pan", dx, dy:
            canvas.set_view(canvas.view.panned(dx, dy))
        case "zoom", factor, at:
            canvas.zoom_to(canvas.zoom * factor, at)
        case "scale", scale:
            canvas.zoom_to(scale)
        case "stroke", x, y, label:
            canvas.set_active_label(label)
            drag(canvas, (x, y), (x + 25, y + 10))
            canvas.show_mark(None)
        case "outline", outline:
            canvas.set_overlay(visible=True, opacity=0.4, outline=outline)
        case "compare", compare:
            canvas.set_comparison(compare)
        case "preview", shown:
            canvas.show_preview(STEP if shown else None)
        case "tones", brightness:
            canvas.set_look(PictureLook(brightness=brightness))
        case "size", size:
            canvas.resize(*size)
        case ("paint",):
            canvas.grab()


def settled(canvas: Canvas) -> np.ndarray:  # type: ignore[type-arg]
    seen = pixels(canvas)
    while not canvas.is_settled:
        seen = pixels(canvas)
    return seen.astype(int)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MOVES, min_size=1, max_size=12))
@example([("scale", 3.3), ("paint",), ("pan", 13, -7), ("paint",), ("zoom", 1.07, (20, 90)), ("paint",)])
@example([("compare", Compare.SWIPE), ("scale", 2.0), ("paint",), ("pan", 40, 3), ("paint",)])
@example([("preview", True), ("scale", 1.0), ("paint",), ("pan", -40, 3), ("paint",), ("preview", False)])
@example([("scale", 0.4), ("paint",), ("stroke", 200, 150, 2), ("zoom", 1.5, (0, 0)), ("stroke", 9, 9, 3)])
def test_that_whatever_was_seen_before_the_same_is_seen_as_by_one_who_comes_now(
    moves: list[tuple],  # type: ignore[type-arg]
) -> None:
    document = jagged()
    canvas = new_canvas(document)
    canvas.grab()
    for move in moves:
        act(canvas, move)
    last = {move[0]: move for move in moves}
    if canvas._scene.preview is None:  # the hand takes it away too
        last.pop("preview", None)
    fresh = new_canvas(document, (canvas.width(), canvas.height()))
    for kind in ("outline", "compare", "preview", "tones"):
        if kind in last:
            act(fresh, last[kind])
    fresh.set_view(canvas.view)
    seen, expected = settled(canvas), settled(fresh)
    # Bilinear positions are rounded a little differently from one strip to the next; squares and contours are not.
    exact = canvas.zoom >= NEAREST_SCALE and "preview" not in last
    assert np.abs(seen - expected).max() <= (0 if exact else 1)
    for each in (canvas, fresh):
        each.deleteLater()


def test_that_no_frame_paints_more_than_its_share_and_the_next_ones_the_rest() -> None:
    canvas = new_canvas(jagged(), (1500, 1200))
    canvas.zoom_to(4.0)
    settled(canvas)
    canvas.zoom_to(5.2, (700, 500))
    first = pixels(canvas).astype(int)
    assert not canvas.is_settled
    last = settled(canvas)
    differs = (first != last).any(axis=2)
    # Fine in the middle, roughly the same above and below.
    assert not differs[560:640].any() and differs[:100].any()
    assert np.abs(first - last).mean() < 40
    canvas.deleteLater()


def test_that_what_comes_into_sight_is_never_seen_unpainted() -> None:
    canvas = new_canvas(jagged(), (1500, 1200))
    canvas.zoom_to(8.0)
    settled(canvas)
    canvas.zoom_to(4.0, (700, 500))
    first = pixels(canvas).astype(int)
    differs = Box.of((first != settled(canvas)).any(axis=2))
    # What was in sight before takes half the width and half the height now.
    assert differs.x0 >= 349 and differs.x1 <= 1101 and differs.y0 >= 249 and differs.y1 <= 851
    canvas.deleteLater()


def test_that_a_stroke_is_seen_at_once_while_the_rest_is_still_rough() -> None:
    canvas = new_canvas(jagged(), (1500, 1200))
    canvas.zoom_to(4.0)
    settled(canvas)
    canvas.zoom_to(5.0)
    pixels(canvas)
    send(canvas, QEvent.Type.MouseButtonPress, QPointF(700, 60), LEFT)
    send(canvas, QEvent.Type.MouseButtonRelease, QPointF(700, 60), LEFT)
    canvas.show_mark(None)
    assert not canvas.is_settled
    first = pixels(canvas).astype(int)
    assert np.array_equal(first[30:90, 670:730], settled(canvas)[30:90, 670:730])
    canvas.deleteLater()


def test_that_the_canvas_finishes_by_itself_what_it_showed_roughly(qtbot) -> None:  # type: ignore[no-untyped-def]
    canvas = new_canvas(jagged(), (1500, 1200))
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.zoom_to(3.0)
    qtbot.waitUntil(lambda: canvas.is_settled)
    QApplication.processEvents()
    assert canvas.is_settled


def test_that_a_mask_that_goes_on_beyond_the_viewport_has_no_contour_at_its_edge() -> None:
    document = Document(400, 300)
    document.place_base(np.ones((300, 400), np.uint8))
    canvas = new_canvas(document)
    canvas.zoom_to(2.0)
    codes = pixels(canvas)
    canvas.set_view(canvas.view.panned(3, 3))
    canvas.set_view(canvas.view.panned(-3, -3))
    again = pixels(canvas)
    assert np.array_equal(codes, again)
    row, column = codes[60].astype(int), codes[:, 90].astype(int)
    for line in (row, column):
        # A contour is near-white or near-black on its first pixels.
        assert line[0].max() < 250
    canvas.deleteLater()


def test_that_moving_pixels_needs_no_painting_but_of_what_comes_into_sight() -> None:
    view = View.fit(400, 300, 100, 80).zoomed(2.0)
    viewport = Viewport()
    viewport.follow(view)
    assert sum(box.area for box in viewport.take_stale()) == 100 * 80
    viewport.follow(view.panned(7, -5))
    strips = viewport.take_stale()
    assert sum(box.area for box in strips) == 7 * 80 + 5 * 100 - 35
    viewport.follow(view.panned(7, -5))
    assert viewport.is_settled and not viewport.take_stale()


def test_that_only_a_part_may_be_taken() -> None:
    view = View.fit(400, 300, 100, 80)
    viewport = Viewport()
    viewport.follow(view)
    part = Box(10, 20, 40, 50)
    assert viewport.take_stale(part) == [part]
    assert viewport.take_stale(part) == [] and viewport.take_stale()


def test_that_a_painting_on_the_image_is_in_its_pixels() -> None:
    viewport = Viewport()
    viewport.follow(View.fit(400, 300, 100, 80))
    painter = QPainter(viewport.image)
    painter.fillRect(10, 20, 5, 5, 0x102030)
    painter.end()
    assert viewport.image.format() == QImage.Format.Format_RGB32
    assert viewport.pixels[22, 12, :3].tolist() == [0x30, 0x20, 0x10]


def test_that_another_density_is_another_viewport() -> None:
    view = View.fit(400, 300, 100, 80)
    layer = PictureLayer([PICTURE])
    layer.image(view)
    image = layer.image(replace(view, ratio=2.0))
    assert (image.width(), image.height()) == (200, 160)
