"""The steps of a mask are browsed, and an earlier state comes back as a new step; where it comes from is told."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from made.windows import Hand
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QTreeWidget

from lsegdiff_gui.annotation.labels import DEFAULT_LABELS
from lsegdiff_gui.ui.dialogs.history import HistoryDialog
from lsegdiff_gui.ui.dialogs.origin import OriginDialog
from lsegdiff_gui.ui.looking_back import seen_over

Open = Callable[..., Hand]


def history_of(hand: Hand) -> HistoryDialog:
    hand.do("picture.history")
    hand.wait(lambda: isinstance(hand.window.asking.dialog, HistoryDialog))
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, HistoryDialog)
    return dialog


def rows(dialog: HistoryDialog | OriginDialog, column: int = 0) -> list[str]:
    tree = dialog.findChild(QTreeWidget)
    assert tree is not None
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [item.text(column) for item in items if item is not None]


def choose(dialog: HistoryDialog, row: int) -> None:
    tree = dialog.findChild(QTreeWidget)
    assert tree is not None
    item = tree.topLevelItem(row)
    assert item is not None
    tree.setCurrentItem(item)


def button(dialog: HistoryDialog | OriginDialog, words: str) -> QPushButton:
    (found,) = [each for each in dialog.findChildren(QPushButton) if each.text() == words]
    return found


def test_that_any_state_is_seen_and_brought_back_as_a_new_step(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures, annotator="Ada")
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    first = hand.final
    hand.paint((20, 60), (60, 60))
    hand.paint((20, 100), (60, 100))
    hand.do("edit.undo")
    hand.wait_saved()
    second = hand.final
    dialog = history_of(hand)
    assert rows(dialog) == ["Brush", "Brush", "Brush", "The beginning"]
    assert rows(dialog, 2) == ["Ada", "Ada", "Ada", ""]
    assert not button(dialog, "Bring this state back").isEnabled()
    preview = next(each for each in dialog.findChildren(QLabel) if each.accessibleName() == "Preview")
    hand.wait(lambda: preview.accessibleDescription() == "The mask after step 2")
    choose(dialog, 2)
    hand.wait(lambda: preview.accessibleDescription() == "The mask after step 1")
    assert not preview.pixmap().isNull()
    button(dialog, "Bring this state back").click()
    hand.wait(lambda: np.array_equal(hand.final, first))
    hand.wait_saved()
    hand.do("edit.undo")
    hand.wait(lambda: np.array_equal(hand.final, second))
    hand.wait_saved()
    assert rows(history_of(hand))[0] == "Earlier state brought back"


def test_that_an_undone_step_can_be_brought_back(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    painted = hand.final
    hand.do("edit.undo")
    hand.wait_saved()
    dialog = history_of(hand)
    choose(dialog, 0)
    button(dialog, "Bring this state back").click()
    hand.wait(lambda: np.array_equal(hand.final, painted))


def test_that_closing_the_history_changes_nothing(open_with: Open, pictures: list[Path]) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    before = hand.final
    dialog = history_of(hand)
    choose(dialog, 1)
    dialog.reject()
    hand.wait(lambda: hand.window.asking.dialog is None)
    assert np.array_equal(hand.final, before)
    assert len(hand.document.history.commands) == 1


def origin_of(hand: Hand) -> OriginDialog:
    hand.do("picture.origin")
    hand.wait(lambda: isinstance(hand.window.asking.dialog, OriginDialog))
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, OriginDialog)
    return dialog


def test_that_the_origin_names_the_weights_and_everything_that_was_done(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures, annotator="Ada")
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.paint((20, 20), (60, 20))
    hand.do("picture.flag")
    hand.wait_saved()
    dialog = origin_of(hand)
    words = [each.text() for each in dialog.findChildren(QLabel)]
    draft = hand.document.base.draft
    assert draft is not None
    assert f"{draft.provenance.weights_sha256[:16]}…" in words
    assert "Ada" in words
    assert rows(dialog) == ["Status: Flagged", "Brush", "Draft"]
    dialog.accept()


def test_that_origins_are_written_as_json_and_as_a_table(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures, annotator="Ada")
    hand.wait_shown("naevus_0.png")
    hand.paint((20, 20), (60, 20))
    hand.do("picture.done")
    hand.wait_shown("naevus_1.png")
    hand.wait_saved()
    for words, name in (("All as JSON…", "origins.json"), ("All listed pictures as a table…", "origins.csv")):
        button(origin_of(hand), words).click()
        hand.wait(lambda: isinstance(hand.window.asking.dialog, QFileDialog))
        chooser = hand.window.asking.dialog
        assert isinstance(chooser, QFileDialog)
        chooser.selectFile(str(tmp_path / name))
        chooser.accept()
        hand.wait((tmp_path / name).is_file)
    masks = json.loads((tmp_path / "origins.json").read_text())["masks"]
    assert [mask["status"] for mask in masks] == ["done", "new", "new"]
    assert masks[0]["freezes"][0]["reason"] == "done"
    table = list(csv.DictReader((tmp_path / "origins.csv").read_text("utf-8-sig").splitlines()))
    assert [row["annotators"] for row in table] == ["Ada", "", ""]
    assert [row["picture"] for row in table] == [path.name for path in pictures]
    assert table[0]["mask_sha256"] == masks[0]["freezes"][0]["sha256"]


def test_that_a_preview_shows_the_colours_of_the_labels() -> None:
    final = np.zeros((1000, 2000), np.uint8)
    final[:500] = 1
    seen = seen_over(np.full((1000, 2000, 3), 100, np.uint8), final, DEFAULT_LABELS)
    assert seen.shape == (200, 400, 3)
    assert (seen[150] == 100).all()
    # Half the grey of the picture, half the label's #56b4e9.
    assert seen[50, 50].tolist() == [93, 140, 166]
