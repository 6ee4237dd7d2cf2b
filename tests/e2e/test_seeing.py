"""Looking closely: tones, comparisons and the status bar, in the real window."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from made.canvas_hand import pixels
from made.windows import Hand
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lsegdiff_gui.ui.canvas.comparison import Compare

Open = Callable[..., Hand]


def point_at(hand: Hand, x: int, y: int) -> None:
    """Move the pointer to the middle of a pixel. From elsewhere: a move to where it is already is none."""
    for by in (9, 0):
        QTest.mouseMove(hand.window.canvas, hand.at(x + by + 0.5, y + 0.5))


def test_that_the_status_bar_tells_the_pixel_under_the_pointer_and_the_area(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    status = hand.window.status
    point_at(hand, 160, 120)
    hand.wait(lambda: status._cursor.text().startswith("x 160  y 120"))
    assert len(status._values.text().split()) == 3
    assert status._probability.text().startswith("p ")
    before = int(np.count_nonzero(hand.final))
    hand.wait(lambda: status._area.text().startswith(f"Mask {before:,} px"))
    hand.paint((20, 20), (40, 20))
    after = int(np.count_nonzero(hand.final))
    assert after > before
    hand.wait(lambda: status._area.text().startswith(f"Mask {after:,} px"))
    hand.wait(lambda: status._label.text() == "Lesion")
    hand.do("edit.undo")
    hand.wait(lambda: status._area.text().startswith(f"Mask {before:,} px"))
    hand.wait(lambda: status._label.text() == "Background")
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    hand.wait(lambda: status._area.text() == "Mask 0 px, 0.0 %")


def test_that_the_draft_is_compared_with_what_became_of_it(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.window.live.skip()
    canvas, panel, actions = hand.window.canvas, hand.window.panels.display_panel, hand.window.actions_by_id
    as_drafted = hand.final
    hand.paint((20, 20), (60, 20))
    canvas.show_mark(None)
    corrected = pixels(canvas)
    QTest.keyPress(canvas, Qt.Key.Key_C)
    assert canvas.comparison is Compare.DRAFT
    x, y = hand.at(40, 20).toTuple()
    assert not np.array_equal(pixels(canvas)[y, x], corrected[y, x])
    QTest.keyRelease(canvas, Qt.Key.Key_C)
    hand.do("view.swipe")
    assert canvas.comparison is Compare.SWIPE and panel.compare_box.currentText() == "Draft, side by side"
    hand.do("view.difference")
    assert canvas.comparison is Compare.DIFFERENCE
    assert actions["view.difference"].isChecked() and not actions["view.swipe"].isChecked()
    assert np.array_equal(hand.document.base_mask, as_drafted)
    hand.do("view.difference")
    assert canvas.comparison is Compare.OFF
    assert np.array_equal(pixels(canvas), corrected)


def test_that_tones_change_the_screen_and_neither_picture_nor_mask(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    picture = hand.window.session.picture
    assert picture is not None
    kept, mask, stored = picture.rgb8.copy(), hand.final, pictures[0].read_bytes()
    before = pixels(hand.window.canvas)
    panel = hand.window.panels.display_panel
    panel.gamma.slider.setValue(60)
    panel.local.slider.setValue(80)
    hand.wait(lambda: not hand.window.session.staff.files.is_busy)
    assert not np.array_equal(pixels(hand.window.canvas), before)
    assert np.array_equal(picture.rgb8, kept) and np.array_equal(hand.final, mask)
    assert pictures[0].read_bytes() == stored


def test_that_a_large_photograph_is_seen_before_it_is_read_whole(open_with: Open, tmp_path: Path) -> None:
    coded, jpeg = cv2.imencode(".jpg", np.full((2400, 3000, 3), (60, 90, 190), np.uint8))
    assert coded
    path = tmp_path / "large.jpg"
    path.write_bytes(jpeg.tobytes())
    hand = open_with([])
    canvas, seen = hand.window.canvas, []
    hand.window.session.opening.glimpsed.connect(
        lambda _glimpse: seen.append((canvas.view.picture_width, pixels(canvas)[300, 400].tolist()))
    )
    hand.window.asking.open_paths([path])
    hand.wait_shown("large.jpg")
    assert len(seen) == 1 and seen[0][0] == 3000
    assert np.abs(np.array(seen[0][1]) - (190, 90, 60)).max() <= 3
    assert canvas.view.fitted


def test_that_a_16_bit_picture_is_seen_through_its_window(open_with: Open, tmp_path: Path) -> None:
    dark = np.random.default_rng(0).integers(400, 700, (200, 300)).astype(np.uint16)
    dark[80:120, 100:200] += 300
    dark[0, 0] = 65535
    coded, png = cv2.imencode(".png", dark)
    assert coded
    path = tmp_path / "dark.png"
    path.write_bytes(png.tobytes())
    hand = open_with([path])
    hand.wait_shown("dark.png")
    canvas, panel = hand.window.canvas, hand.window.panels.display_panel
    x, y = hand.at(150, 100).toTuple()
    assert pixels(canvas)[y, x].max() <= 6
    panel.auto.click()
    hand.wait(lambda: bool(pixels(canvas)[y, x].max() > 120))
    status = hand.window.status
    point_at(hand, 150, 100)
    hand.wait(lambda: status._values.text() != "")
    _, column, _, row = status._cursor.text().split()
    assert status._values.text() == str(dark[int(row), int(column)])
