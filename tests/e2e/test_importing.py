"""Masks of files come into the window, and leave it again by one undo."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from e2e.test_names_for_screen_readers import unnamed
from made.annotation_files import annotation, coco, image, rectangle
from made.windows import Hand, write_picture
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from lsegdiff_gui.annotation.document import Status
from lsegdiff_gui.annotation.incoming import Precedence
from lsegdiff_gui.ui.dialogs.import_masks import ImportDialog
from lsegdiff_gui.ui.dialogs.redraft import RedraftDialog

Open = Callable[..., Hand]
SQUARE = [rectangle(20, 30, 120, 90)]


@pytest.fixture
def annotated(pictures: list[Path]) -> Path:
    """A COCO file for the three pictures, for one that the project lacks, and for one that is nowhere."""
    write_picture(pictures[0].with_name("more.png"), seed=9)
    names = [*(path.name for path in pictures), "more.png", "gone.png"]
    images = [image(number, name, 320, 240) for number, name in enumerate(names, start=1)]
    shapes = [annotation(number, number, SQUARE, 1 + number % 2) for number in range(1, 6)]
    return coco(pictures[0].with_name("masks.json"), images, shapes, "Lesion", "Hair")


def drop(hand: Hand, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    no_keys, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    hand.window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, left, no_keys))


def dropped(hand: Hand, path: Path) -> ImportDialog:
    """The dialog with its plan, after a file was dropped on the window."""
    drop(hand, path)
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, ImportDialog)
    hand.wait(lambda: dialog.preview.table.isVisible())
    return dialog


def test_that_a_dropped_file_is_planned_imported_and_undone(
    open_with: Open, pictures: list[Path], annotated: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown(pictures[0].name)
    hand.paint((200, 200), (220, 200))
    hand.wait_saved()
    mine = hand.document.final.copy()
    dialog = dropped(hand, annotated)
    assert [(name, happens) for name, happens, _ in dialog.preview.table.words] == [
        (pictures[0].name, "Your work is kept"),
        (pictures[1].name, "Imported"),
        (pictures[2].name, "Imported"),
        ("more.png", "Added, with its mask"),
        ("gone.png", "Left out"),
    ]
    assert "no picture “gone.png”" in dialog.preview.table.words[-1][2]
    assert unnamed(dialog) == []
    dialog.preview.choose(Precedence.THEIRS)
    dialog.import_button.click()
    hand.wait(lambda: "got a mask" in dialog.headline)
    assert dialog.headline == "4 pictures got a mask, one was left out."
    dialog.reject()
    hand.wait_shown("more.png")
    assert hand.document.final[50, 50] == 1
    hand.window.session.go_to(hand.rows[0].id)
    hand.wait_shown(pictures[0].name)
    assert hand.document.final[50, 50] == 2 and not hand.document.is_edited
    assert [label.name for label in hand.document.labels] == ["Lesion", "Hair", "Ignore"]
    hand.do("edit.undo")
    hand.wait_saved()
    assert np.array_equal(hand.document.final, mine)


def test_that_one_picture_can_be_decided_by_itself(
    open_with: Open, pictures: list[Path], annotated: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown(pictures[0].name)
    for number, path in enumerate(pictures[:2]):
        hand.window.session.go_to(hand.rows[number].id)
        hand.wait_shown(path.name)
        hand.window.session.editing.set_status(Status.DONE)
        hand.wait_saved()
    dialog = dropped(hand, annotated)
    dialog.preview.table.selectRow(1)
    dialog.preview.choose_for_selected(Precedence.BENEATH)
    assert [happens for _, happens, _ in dialog.preview.table.words][:3] == [
        "Your work is kept", "Beneath your work", "Imported",
    ]  # fmt: skip
    dialog.reject()


def test_that_drafting_over_an_imported_mask_asks_first(
    open_with: Open, pictures: list[Path], annotated: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown(pictures[0].name)
    hand.draft()
    hand.wait_saved()
    dialog = dropped(hand, annotated)
    assert dialog.preview.table.words[0][1] == "Imported over a draft"
    dialog.import_button.click()
    hand.wait(lambda: "got a mask" in dialog.headline)
    dialog.reject()
    hand.wait_shown("more.png")
    hand.do("draft.run")
    hand.wait(lambda: isinstance(hand.window.asking.dialog, RedraftDialog))
    asked = hand.window.asking.dialog
    assert asked is not None
    asked.reject()
    assert hand.document.base.kind == "imported"


def test_that_a_file_that_is_none_leaves_the_dialog_where_another_can_be_chosen(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown(pictures[0].name)
    (tmp_path / "bad.json").write_text('{"features": []}')
    dialog = dropped(hand, tmp_path / "bad.json")
    assert "neither a COCO file nor one of labelme" in dialog.preview.refusals
    assert not dialog.import_button.isEnabled()
    dialog.reject()


def test_that_a_stopped_look_leaves_nothing_behind(
    open_with: Open, pictures: list[Path], annotated: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown(pictures[0].name)
    drop(hand, annotated)
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, ImportDialog)
    dialog.reject()
    assert dialog.isVisible()
    dialog.reject()
    assert hand.window.asking.dialog is None
    assert hand.window.session.shown is not None


def test_that_an_import_waits_for_no_draft_and_says_so(
    open_with: Open, pictures: list[Path], annotated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = open_with(pictures)
    hand.wait_shown(pictures[0].name)
    dialog = dropped(hand, annotated)
    monkeypatch.setattr(hand.window.session.drafting, "progress_of", lambda _picture_id: "Step 1 of 4")
    dialog.import_button.click()
    hand.wait(lambda: "A draft is being made" in dialog.preview.told)
    assert dialog.preview.table.isVisible()
    assert hand.window.session.shown is not None
    dialog.reject()
