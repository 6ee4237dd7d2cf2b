"""The import dialog, without anybody who carries out what it asks for."""

from pathlib import Path
from typing import Any

import pytest
from made.annotation_files import annotation, coco, image, picture, planned, rectangle
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from lsegdiff_gui.formats.import_plan import Choices, Fit, ImportPlan
from lsegdiff_gui.formats.importing import ImportReport
from lsegdiff_gui.formats.matching import Holding, KnownPicture
from lsegdiff_gui.ui.dialogs.import_masks import ImportDialog


@pytest.fixture
def plan(tmp_path: Path) -> ImportPlan:
    """Four pictures: new, with work on it, of another size, and one that is nowhere."""
    names = ("new.png", "worked.png", "turned.png", "gone.png")
    images = [image(number, name) for number, name in enumerate(names, start=1)]
    images[2] |= {"width": 30, "height": 40}
    shapes = [annotation(number, number, [rectangle(1, 1, 9, 9)], 1 + number % 2) for number in range(1, 5)]
    file = coco(tmp_path / "all.json", images, shapes, "Lesion", "Hair")
    known = [KnownPicture(n, picture(tmp_path / name)) for n, name in enumerate(names[:3], start=1)]
    known[1] = KnownPicture(2, known[1].path, holding=Holding.WORK)
    return planned([file], known)


@pytest.fixture
def dialog(qtbot: QtBot, plan: ImportPlan) -> ImportDialog:
    dialog = ImportDialog(Path("/pictures"))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.read([Path("/pictures/all.json")])
    dialog.show_plan(plan)
    return dialog


def happens(dialog: ImportDialog) -> list[str]:
    return [words for _, words, _ in dialog.preview.table.words]


def test_that_files_are_asked_to_be_looked_at_once_they_are_chosen(qtbot: QtBot) -> None:
    dialog = ImportDialog(Path("/pictures"))
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.plan_wanted) as asked:
        dialog.read([Path("/a.json")], Path("/root"))
    assert asked.args == [[Path("/a.json")], Path("/root")]


def test_that_the_table_says_what_happens_to_each_and_the_button_to_how_many(dialog: ImportDialog) -> None:
    assert happens(dialog) == ["Imported", "Your work is kept", "Left out", "Left out"]
    assert dialog.import_button.text() == "Import 1 mask"
    assert dialog.preview.told == "One picture would get a mask, one with work on it stays, 2 are left out."


def test_that_what_is_ticked_is_what_is_asked_for(qtbot: QtBot, dialog: ImportDialog) -> None:
    preview = dialog.preview
    for box in preview.findChildren(QCheckBox):
        if box.text().startswith(("Masks to be turned", "Each shape")):
            box.toggle()
    with qtbot.waitSignal(dialog.requested) as asked:
        dialog.import_button.click()
    _, choices = asked.args or (None, Choices())
    assert choices.fits == {Fit.SAME, Fit.TRANSPOSED}
    assert not choices.by_shape and choices.adds


def test_that_the_list_can_be_narrowed_to_a_reason(qtbot: QtBot, dialog: ImportDialog) -> None:
    dialog.preview._search.setText("GONE")
    qtbot.waitUntil(lambda: len(happens(dialog)) == 1)
    assert dialog.preview.table.words[0][0] == "gone.png"


def test_that_stopping_waits_for_the_picture_at_work_and_tells_what_came_of_it(
    qtbot: QtBot, dialog: ImportDialog, plan: ImportPlan
) -> None:
    dialog.import_button.click()
    dialog.show_progress(0, 1)
    with qtbot.waitSignal(dialog.cancel_requested):
        dialog.reject()
    assert dialog.isVisible()
    dialog.show_report(ImportReport(failures=((plan.lines[0], "The disk is gone."),), cancelled=True))
    assert dialog.headline == "No picture got a mask before the import was stopped, one failed."
    dialog.reject()
    assert not dialog.isVisible()


def test_that_a_refusal_leads_back_to_the_plan(dialog: ImportDialog) -> None:
    dialog.import_button.click()
    dialog.show_failure("A draft is being made.")
    assert dialog.preview.isVisible() and dialog.preview.told == "A draft is being made."


def test_that_a_file_that_is_none_leads_back_to_choosing(qtbot: QtBot) -> None:
    dialog = ImportDialog(Path("/pictures"))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.read([Path("/a.json")])
    dialog.show_failure("“a.json” holds no masks.")
    texts: list[Any] = [
        label.text() for label in dialog.findChildren(type(dialog._how_far)) if label.isVisible()
    ]
    assert "“a.json” holds no masks." in texts
