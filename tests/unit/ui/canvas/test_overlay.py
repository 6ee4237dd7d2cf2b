import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.contour import CONTOUR
from lsegdiff_gui.ui.canvas.label_pyramid import LabelPyramid
from lsegdiff_gui.ui.canvas.overlay import (
    OverlayStyle,
    Palette,
    colour_table,
    contour_reach,
    contour_widths,
    label_codes,
    parse_colour,
)
from lsegdiff_gui.ui.canvas.view import View

PLAIN = np.arange(256, dtype=np.uint8) & 127
FILL = OverlayStyle()
OUTLINE = OverlayStyle(outline=True)
STYLES = st.sampled_from([FILL, OUTLINE])


def blobs(width: int, height: int, seed: int) -> npt.NDArray[np.uint8]:
    generator = np.random.default_rng(seed)
    plane = np.zeros((height, width), np.uint8)
    for label in (1, 2, 1):
        x, y = int(generator.integers(0, width)), int(generator.integers(0, height))
        plane[y : y + int(generator.integers(1, 60)), x : x + int(generator.integers(1, 60))] = label
    return plane


def view_of(plane: npt.NDArray[np.uint8], scale: float, ratio: float = 1.0) -> View:
    height, width = plane.shape
    return View.fit(width, height, 120, 90, ratio).zoomed(scale)


SCALES = st.sampled_from([0.1, 0.3, 0.7, 1.0, 1.4, 2.0, 3.3, 16.0])


@given(st.integers(0, 2**32 - 1), SCALES, st.sampled_from([1.0, 1.5, 2.0]), STYLES, st.data())
def test_that_a_part_has_the_codes_of_the_whole(
    seed: int, scale: float, ratio: float, style: OverlayStyle, data: st.DataObject
) -> None:
    plane = blobs(300, 200, seed)
    view = view_of(plane, scale, ratio)
    labels = LabelPyramid(plane)
    shown = view.shown
    whole = label_codes(labels, view, shown, style, PLAIN)
    assert whole.shape == (shown.height, shown.width)
    x0 = data.draw(st.integers(shown.x0, shown.x1 - 1))
    y0 = data.draw(st.integers(shown.y0, shown.y1 - 1))
    part = Box(x0, y0, data.draw(st.integers(x0 + 1, shown.x1)), data.draw(st.integers(y0 + 1, shown.y1)))
    expected = whole[part.y0 - shown.y0 : part.y1 - shown.y0, part.x0 - shown.x0 : part.x1 - shown.x0]
    assert np.array_equal(label_codes(labels, view, part, style, PLAIN), expected)


@given(st.integers(0, 2**32 - 1), SCALES, st.sampled_from([1.0, 1.5, 2.0]), STYLES)
def test_that_codes_change_only_within_reach_of_a_changed_box(
    seed: int, scale: float, ratio: float, style: OverlayStyle
) -> None:
    plane = blobs(300, 200, seed)
    view = view_of(plane, scale, ratio)
    labels = LabelPyramid(plane)
    before = label_codes(labels, view, view.shown, style, PLAIN)
    box = Box(140, 95, 153, 102)
    plane[box.slices] ^= 1
    labels.changed(box)
    differs = Box.of(before != label_codes(labels, view, view.shown, style, PLAIN))
    reach = view.device_box(box).padded(contour_reach(ratio))
    if not differs.is_empty:
        corner = view.shown
        moved = Box(
            differs.x0 + corner.x0, differs.y0 + corner.y0, differs.x1 + corner.x0, differs.y1 + corner.y0
        )
        assert moved.intersect(reach) == moved


def test_that_from_a_hundred_percent_on_every_screen_pixel_shows_its_own_label() -> None:
    plane = blobs(300, 200, 5)
    for scale in (1.0, 1.5, 2.0, 7.3):
        view = view_of(plane, scale)
        shown = view.shown
        codes = label_codes(LabelPyramid(plane), view, shown, FILL, PLAIN)
        expected = plane[np.ix_(view.rows(shown.y0, shown.y1, 200), view.columns(shown.x0, shown.x1, 300))]
        assert np.array_equal(codes & 127, expected)


@pytest.mark.parametrize("scale", [0.06, 0.13, 0.3, 0.51, 0.8])
@pytest.mark.parametrize("place", range(700, 712))
def test_that_a_line_of_one_pixel_is_seen_at_every_zoom(scale: float, place: int) -> None:
    plane = np.zeros((1000, 1500), np.uint8)
    plane[:, place] = 1
    view = View.fit(1500, 1000, 700, 500).zoomed(scale)
    codes = label_codes(LabelPyramid(plane), view, view.shown, FILL, PLAIN)
    assert codes.any(axis=1).all()


def test_that_the_outline_is_light_inside_and_dark_outside() -> None:
    plane = np.zeros((60, 60), np.uint8)
    plane[20:40, 20:40] = 1
    view = View.fit(60, 60, 84, 84)
    shown = view.shown
    codes = label_codes(LabelPyramid(plane), view, shown, OUTLINE, PLAIN)
    assert view.scale == 1.0
    assert codes[30, 18:24].tolist() == [0, CONTOUR, CONTOUR | 1, CONTOUR | 1, 1, 1]
    table = colour_table({1: (86, 180, 233)}, OUTLINE)
    assert table[1] == table[0] == 0
    dark, light = (np.array([table[code] >> shift & 255 for shift in (16, 8, 0)]) for code in (128, 129))
    assert dark.max() < 40 and light.min() > 150


def test_that_the_contour_of_a_mask_closes_along_the_border_of_the_picture() -> None:
    plane = np.ones((60, 60), np.uint8)
    view = View.fit(60, 60, 84, 84)
    codes = label_codes(LabelPyramid(plane), view, view.shown, FILL, PLAIN)
    assert (codes[0] == CONTOUR | 1).all() and (codes[:, -1] == CONTOUR | 1).all()
    assert (codes[1:-1, 1:-1] == 1).all()


def test_that_contours_are_as_thick_to_the_eye_on_dense_screens() -> None:
    assert contour_widths(True, 1.0) == (2, 1)
    assert contour_widths(True, 1.5) == (3, 2)
    assert contour_widths(True, 2.0) == (4, 2)
    assert contour_widths(False, 2.0) == (2, 2)


def test_that_opacity_is_the_alpha_of_filled_areas_and_their_contours_are_clearer() -> None:
    table = colour_table({2: (10, 20, 30)}, OverlayStyle(opacity=0.5))
    assert table[2] == 128 << 24 | 10 << 16 | 20 << 8 | 30
    assert table[CONTOUR | 2] >> 24 > 128 and table[CONTOUR] >> 24 > 128
    assert table[1] == table[CONTOUR | 1] == 0
    assert not any(colour_table({}, OverlayStyle()))


def test_that_a_filled_mask_has_a_light_contour_inside_and_a_dark_one_outside() -> None:
    plane = np.zeros((60, 60), np.uint8)
    plane[20:40, 20:40] = 1
    view = View.fit(60, 60, 84, 84)
    codes = label_codes(LabelPyramid(plane), view, view.shown, FILL, PLAIN)
    assert codes[30, 17:23].tolist() == [0, 0, CONTOUR, CONTOUR | 1, 1, 1]


def test_that_labels_of_any_number_have_their_own_colour_and_those_without_one_are_not_shown() -> None:
    palette = Palette({254: (1, 2, 3), 1: (4, 5, 6)}, OverlayStyle(opacity=1.0))
    plane = np.zeros((60, 60), np.uint8)
    plane[10:20], plane[30:40], plane[50:55] = 254, 1, 7
    view = View.fit(60, 60, 84, 84)
    codes = label_codes(LabelPyramid(plane), view, view.shown, FILL, palette.slots)
    assert [palette.table[codes[row, 30]] & 0xFFFFFF for row in (15, 35)] == [0x010203, 0x040506]
    # Not even by the dark line around it.
    assert not codes[45:].any()


def test_that_more_labels_than_slots_share_colours_in_turn() -> None:
    palette = Palette({label: (label, 0, 0) for label in range(1, 200)}, OverlayStyle(opacity=1.0))
    assert palette.slots[1:200].min() == 1 and palette.slots.max() == 127
    assert palette.slots[128] == palette.slots[1]


def test_that_a_base_mask_is_shown_as_its_label() -> None:
    palette = Palette({3: (9, 9, 9), 5: (8, 8, 8)}, FILL)
    slots = palette.slots_of_base(5)
    assert slots[1] == palette.slots[5] and np.count_nonzero(slots) == 1
    assert np.array_equal(palette.slots_of_base(1), palette.slots)


@pytest.mark.parametrize("text", ["red", "#12345", "123456#", "#gg0000"])
def test_that_a_colour_in_other_words_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_colour(text)
