"""Several labels on one picture: painted, hidden, locked, counted, looked at and exported."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from made.windows import Hand

from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.formats.export import ExportRequest
from lsegdiff_gui.imaging.read import read_mask
from lsegdiff_gui.ui.panels.label_panel import LabelPanel

Open = Callable[..., Hand]


def panel_of(hand: Hand) -> LabelPanel:
    return hand.window.panels.label_panel


def begin(open_with: Open, pictures: list[Path]) -> Hand:
    hand = open_with(pictures[:2], brush_radius=12.0)
    hand.wait_shown("naevus_0.png")
    return hand


def test_that_a_new_label_is_painted_beside_the_first(open_with: Open, pictures: list[Path]) -> None:
    hand = begin(open_with, pictures)
    hand.paint((80, 120))
    panel_of(hand).add_button.click()
    hand.paint((220, 120))
    assert (hand.document.final[120, 80], hand.document.final[120, 220]) == (1, 2)
    assert [label.id for label in hand.document.labels] == [1, 2, IGNORE]
    panel_of(hand).activate(1)
    hand.paint((80, 60))
    assert hand.document.final[60, 80] == 1


def test_that_labels_are_undone_and_hold_for_every_picture(open_with: Open, pictures: list[Path]) -> None:
    hand = begin(open_with, pictures)
    panel_of(hand).add()
    panel_of(hand).row(2).renamed.emit("Vessel")
    hand.wait_saved()
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    assert [label.name for label in panel_of(hand).labels] == ["Lesion", "Vessel", "Ignore"]
    hand.do("picture.previous")
    hand.wait_shown("naevus_0.png")
    hand.do("edit.undo")
    hand.do("edit.undo")
    assert [label.name for label in panel_of(hand).labels] == ["Lesion", "Ignore"]
    assert panel_of(hand).active == 1
    hand.do("edit.redo")
    assert [label.id for label in panel_of(hand).labels] == [1, 2, IGNORE]


def test_that_a_hidden_label_is_not_seen_and_stays_in_the_mask(open_with: Open, pictures: list[Path]) -> None:
    hand = begin(open_with, pictures)
    before = hand.window.canvas.grab().toImage()
    hand.paint((80, 120))
    hand.window.canvas.show_mark(None)
    assert hand.window.canvas.grab().toImage() != before
    panel_of(hand).row(1).eye.click()
    assert hand.window.canvas.grab().toImage() == before
    assert hand.final.any()


def test_that_a_locked_label_is_not_painted_over(open_with: Open, pictures: list[Path]) -> None:
    hand = begin(open_with, pictures)
    hand.paint((80, 120))
    locked = hand.document.final.copy()
    panel_of(hand).row(1).lock.click()
    panel_of(hand).activate(0)
    hand.paint((90, 120))
    assert np.array_equal(hand.document.final == 1, locked == 1)
    assert hand.document.final[120, 97] == IGNORE


def test_that_a_label_in_use_is_not_removed(open_with: Open, pictures: list[Path]) -> None:
    hand = begin(open_with, pictures)
    panel_of(hand).add()
    hand.paint((220, 120))
    panel_of(hand).remove_button.click()
    assert "of this picture: erase or paint over them first" in panel_of(hand).sentence
    hand.do("edit.undo")
    panel_of(hand).remove_button.click()
    assert [label.id for label in hand.document.labels] == [1, IGNORE]


def test_that_instances_are_counted_and_looked_at(open_with: Open, pictures: list[Path]) -> None:
    hand = begin(open_with, pictures)
    shown = panel_of(hand).instances
    hand.paint((80, 60))
    hand.paint((200, 180))
    hand.wait(lambda: len(shown.model.sizes) == 2)
    assert shown.count.text().startswith("2 instances")
    fitted = hand.window.canvas.zoom
    shown.view.clicked.emit(shown.model.index(1, 0))
    assert hand.window.canvas.zoom > fitted
    assert (hand.window.canvas.view.centre_x, hand.window.canvas.view.centre_y) == (200.0, 180.0)
    hand.do("edit.undo")
    hand.wait(lambda: len(shown.model.sizes) == 1)


def test_that_an_export_names_labels_and_leaves_out_what_is_ignored(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = begin(open_with, pictures)
    hand.paint((80, 60))
    hand.paint((80, 180))
    panel_of(hand).activate(0)
    hand.paint((220, 120))
    hand.wait_saved()
    session = hand.window.session
    with hand.bot.waitSignal(session.exporting.finished) as finished:
        session.exporting.start(ExportRequest(tmp_path / "out"), hand.rows)
    assert finished.args[0].failures == []
    data = json.loads((tmp_path / "out" / "annotations.json").read_text("utf-8"))
    assert [each["name"] for each in data["categories"]] == ["Lesion", "Ignore"]
    assert [each["category_id"] for each in data["annotations"]] == [1, 1, IGNORE]
    mask = read_mask(tmp_path / "out" / "naevus_0_mask.png")
    assert np.array_equal(mask, hand.document.final == 1)


def test_that_a_label_another_picture_has_stays_and_it_is_told(open_with: Open, pictures: list[Path]) -> None:
    hand = begin(open_with, pictures)
    panel_of(hand).add()
    panel_of(hand).row(2).renamed.emit("Vessel")
    hand.wait_saved()
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    panel_of(hand).choose(2)
    hand.paint((80, 120))
    hand.wait_saved()
    hand.do("picture.previous")
    hand.wait_shown("naevus_0.png")
    hand.do("edit.undo")
    hand.do("edit.undo")
    hand.wait(lambda: len(panel_of(hand).labels) == 3)
    message = hand.window.messages.message
    assert message is not None and "stays: another picture has it" in message.sentence
    hand.do("edit.redo")
    hand.do("edit.redo")
    assert [label.name for label in panel_of(hand).labels] == ["Lesion", "Vessel", "Ignore"]
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    assert [label.name for label in hand.document.labels] == ["Lesion", "Vessel", "Ignore"]
