"""Pixels of the painted scene, at every density of screen."""

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.comparison import ADDED, DIFFERENCE_COLOURS, KEPT, REMOVED, Compare
from lsegdiff_gui.ui.canvas.doubt_overlay import DoubtMap
from lsegdiff_gui.ui.canvas.label_pyramid import LabelPyramid
from lsegdiff_gui.ui.canvas.overlay import OverlayStyle
from lsegdiff_gui.ui.canvas.picture_layer import PictureLayer
from lsegdiff_gui.ui.canvas.scene import Scene
from lsegdiff_gui.ui.canvas.view import View

pytestmark = pytest.mark.usefixtures("qapp")

U8 = npt.NDArray[np.uint8]
WIDTH, HEIGHT = 80, 60
SIZE = QSize(160, 160)
# Below are the words that explain a comparison.
ABOVE_THE_WORDS = 112
RATIOS = pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
SKIN, NAEVUS, MUCOSA, GLARE = (224, 182, 160), (74, 48, 40), (188, 92, 84), (250, 248, 246)
BLUE = (86, 180, 233)


def scene_of(rgb8: U8, plane: U8 | None, scale: float, ratio: float, **style: object) -> Scene:
    height, width = rgb8.shape[:2]
    scene = Scene(View.fit(width, height, SIZE.width(), SIZE.height(), ratio).zoomed(scale))
    scene.picture = PictureLayer([rgb8])
    scene.masks.present = None if plane is None else LabelPyramid(plane)
    scene.masks.dress({1: BLUE, 2: (230, 159, 0)}, OverlayStyle(**style))  # type: ignore[arg-type]
    return scene


def painted(scene: Scene) -> U8:
    """The device pixels, (H, W, 3)."""
    view = scene.view
    image = QImage(view.device_width, view.device_height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    scene.paint_pixels(painter, Box.whole(view.device_width, view.device_height))
    painter.end()
    image.setDevicePixelRatio(view.ratio)
    painter = QPainter(image)
    painter.setFont(QApplication.font())
    scene.paint_signs(painter, [QRect(0, 0, SIZE.width(), SIZE.height())], SIZE)
    painter.end()
    bgra = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return bgra[..., 2::-1].copy()


def flat(colour: tuple[int, int, int]) -> U8:
    return np.full((HEIGHT, WIDTH, 3), colour, np.uint8)


def square() -> U8:
    plane = np.zeros((HEIGHT, WIDTH), np.uint8)
    plane[20:40, 30:50] = 1
    return plane


def lightness(pixels: U8) -> npt.NDArray[np.float64]:
    """Relative luminance after gamma, 0 to 1: what contrast is told by."""
    linear = (pixels / 255) ** 2.2
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]), np.float64)


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def across_the_left_edge(scene: Scene) -> U8:
    """The row of device pixels through the middle of the square, from outside in, edge at its middle."""
    x, y = (round(part * scene.view.ratio) for part in scene.view.to_widget(30, 30))
    reach = round(5 * scene.view.ratio)
    return painted(scene)[y, x - reach : x + reach]


@RATIOS
@pytest.mark.parametrize("outline", [False, True])
@pytest.mark.parametrize("ground", [SKIN, NAEVUS, MUCOSA, GLARE])
def test_that_the_contour_is_seen_on_every_ground(
    ground: tuple[int, int, int], outline: bool, ratio: float
) -> None:
    # At 100 % of the eye, so that the line's widths are those of the screen's own pixels.
    row = lightness(across_the_left_edge(scene_of(flat(ground), square(), ratio, ratio, outline=outline)))
    # Side by side, without a gap.
    dark, light = row[len(row) // 2 - 1 : len(row) // 2 + 1]
    assert light > dark and contrast(dark, light) > 2.0
    beside = lightness(np.array([ground], np.uint8))[0]
    assert max(contrast(dark, beside), contrast(light, beside)) > 2.0


@RATIOS
def test_that_lines_are_as_wide_to_the_eye_on_every_screen(ratio: float) -> None:
    row = across_the_left_edge(scene_of(flat(SKIN), square(), ratio, ratio, outline=True))
    changed = (row != SKIN).any(axis=1).sum()
    assert changed == round(2 * ratio) + max(1, round(ratio))


@RATIOS
def test_that_a_hidden_label_leaves_no_trace(ratio: float) -> None:
    plane = square()
    plane[plane == 1] = 7
    for outline in (False, True):
        scene = scene_of(flat(SKIN), plane, ratio, ratio, outline=outline)
        assert np.array_equal(painted(scene), painted(scene_of(flat(SKIN), None, ratio, ratio)))


@RATIOS
def test_that_pixels_are_squares_from_two_hundred_percent(ratio: float) -> None:
    rgb8 = np.random.default_rng(3).integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    scene = scene_of(rgb8, None, 4.0, ratio)
    shown, view = scene.view.shown, scene.view
    rows, columns = view.rows(shown.y0, shown.y1, HEIGHT), view.columns(shown.x0, shown.x1, WIDTH)
    assert np.array_equal(painted(scene)[shown.slices], rgb8[np.ix_(rows, columns)])


@RATIOS
@pytest.mark.parametrize(("scale", "lines"), [(15.9, False), (16.0, True), (40.0, True)])
def test_that_a_grid_of_pixels_is_seen_from_sixteen_hundred_percent(
    scale: float, lines: bool, ratio: float
) -> None:
    scene = scene_of(flat(SKIN), None, scale, ratio)
    seen, view = painted(scene), scene.view
    shown = view.shown
    differs = (seen[shown.slices] != SKIN).any(axis=2)
    if not lines:
        assert not differs.any()
        return
    columns = view.columns(shown.x0 - 1, shown.x1, WIDTH)
    at_a_border = np.diff(columns) != 0
    assert differs[:, at_a_border].all()
    between = ~(np.diff(view.rows(shown.y0 - 1, shown.y1, HEIGHT)) != 0)
    assert not differs[np.ix_(between, ~at_a_border)].any()


def compared(compare: Compare, ratio: float = 1.0, **style: object) -> Scene:
    """The square is present; the draft was the same, twelve pixels further to the right."""
    scene = scene_of(flat(SKIN), square(), ratio, ratio, **style)
    scene.masks.set_draft(np.roll(square(), 12, axis=1))
    scene.masks.doubt = DoubtMap(np.full((16, 16), 90, np.uint8), np.eye(16, dtype=np.uint8) * 255)
    scene.masks.compare = compare
    return scene


def at(scene: Scene, seen: U8, x: float, y: float) -> list[int]:
    column, row = (int(part * scene.view.ratio) for part in scene.view.to_widget(x, y))
    return [int(part) for part in seen[row, column]]


@RATIOS
def test_that_the_drafts_mask_is_shown_instead_of_the_present_one(ratio: float) -> None:
    scene = compared(Compare.DRAFT, ratio)
    alone = scene_of(flat(SKIN), np.roll(square(), 12, axis=1), ratio, ratio)
    seen, expected = painted(scene), painted(alone)
    above = round(ABOVE_THE_WORDS * ratio)
    assert np.array_equal(seen[:above], expected[:above])
    assert not np.array_equal(seen[above:], expected[above:])


@RATIOS
@pytest.mark.parametrize("share", [0.0, 0.35, 0.5, 1.0])
def test_that_the_draft_is_left_of_the_line_and_the_present_mask_right_of_it(
    share: float, ratio: float
) -> None:
    scene = compared(Compare.SWIPE, ratio)
    scene.masks.share = share
    present, draft = compared(Compare.OFF, ratio), compared(Compare.DRAFT, ratio)
    seen, split = painted(scene), scene.masks.split(scene.view)
    rows = slice(0, round(ABOVE_THE_WORDS * ratio))
    assert np.array_equal(seen[rows, :split], painted(draft)[rows, :split])
    assert np.array_equal(seen[rows, split:], painted(present)[rows, split:])


@RATIOS
def test_that_added_removed_and_kept_have_their_own_colours(ratio: float) -> None:
    scene = compared(Compare.DIFFERENCE, ratio, opacity=1.0)
    seen = painted(scene)
    for x, kind in ((36, ADDED), (46, KEPT), (56, REMOVED)):
        assert at(scene, seen, x, 30) == list(DIFFERENCE_COLOURS[kind])
    assert at(scene, seen, 25, 30) == list(SKIN)


def test_that_a_faint_mask_has_differences_that_are_seen() -> None:
    seen = painted(scene := compared(Compare.DIFFERENCE, opacity=0.1))
    for x, kind in ((36, ADDED), (56, REMOVED)):
        expected = 0.4 * np.array(SKIN) + 0.6 * np.array(DIFFERENCE_COLOURS[kind])
        assert np.abs(at(scene, seen, x, 30) - expected).max() <= 2


def test_that_the_three_colours_are_told_apart_by_every_eye() -> None:
    colours = np.array([DIFFERENCE_COLOURS[kind] for kind in (KEPT, ADDED, REMOVED)], np.float64) / 255
    # Linear approximations of the three kinds of colour blindness (Viénot et al. 1999, and for blue Brettel 1997).
    eyes = {
        "red": [[0.11, 0.89, 0.0], [0.11, 0.89, 0.0], [0.0, 0.0, 1.0]],
        "green": [[0.29, 0.71, 0.0], [0.29, 0.71, 0.0], [-0.02, 0.02, 1.0]],
        "blue": [[1.0, 0.15, -0.15], [0.0, 0.87, 0.13], [0.0, 0.87, 0.13]],
    }
    for name, matrix in eyes.items():
        seen = colours @ np.array(matrix).T
        for one, other in ((0, 1), (0, 2), (1, 2)):
            assert np.abs(seen[one] - seen[other]).max() > 0.2, (name, one, other)


def test_that_a_pixel_of_another_label_counts_as_added() -> None:
    scene = compared(Compare.DIFFERENCE, opacity=1.0)
    scene.masks.present = LabelPyramid(square() * np.uint8(2))
    assert at(scene, painted(scene), 46, 30) == list(DIFFERENCE_COLOURS[ADDED])


def test_that_the_drafts_mask_has_the_colour_of_its_label() -> None:
    scene = compared(Compare.DRAFT, opacity=1.0)
    scene.masks.set_draft(np.roll(square(), 12, axis=1), 2)
    assert at(scene, painted(scene), 46, 30) == [230, 159, 0]


@pytest.mark.parametrize("compare", list(Compare))
def test_that_no_mask_is_seen_while_they_are_hidden(compare: Compare) -> None:
    scene = compared(compare)
    scene.masks.hidden = True
    assert np.array_equal(painted(scene), painted(scene_of(flat(SKIN), None, 1.0, 1.0)))
    scene.preview = np.full((16, 16), 255, np.uint8)
    assert np.array_equal(painted(scene), painted(scene_of(flat(SKIN), None, 1.0, 1.0)))


def test_that_without_a_draft_the_present_mask_is_all_there_is() -> None:
    scene = compared(Compare.DIFFERENCE)
    scene.masks.set_draft(None)
    assert np.array_equal(painted(scene), painted(scene_of(flat(SKIN), square(), 1.0, 1.0)))


def test_that_a_comparison_explains_its_colours_at_the_bottom_left() -> None:
    for compare in Compare:
        scene = compared(compare)
        place = scene.legend.rect(SIZE, QApplication.font())
        assert place.isEmpty() is (compare is Compare.OFF)
        if not place.isEmpty():
            assert place.x() < 20 and place.bottom() > 140
            assert place in scene.sign_rects(SIZE, QApplication.font())
