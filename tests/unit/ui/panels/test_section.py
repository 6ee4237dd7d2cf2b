"""The card around a panel."""

from PySide6.QtWidgets import QCheckBox, QToolButton
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.panels.section import Section


def test_that_a_click_folds_it_to_its_heading_and_opens_it_again(qtbot: QtBot) -> None:
    section = Section("Mask")
    qtbot.addWidget(section)
    box = QCheckBox("Fill holes")
    section.add_wide(box)
    section.show()
    button = section.findChildren(QToolButton)[0]
    assert button.accessibleName() == "Fold Mask"
    with qtbot.waitSignal(section.folded) as told:
        button.click()
    assert told.args == [True]
    assert section.is_folded and not box.isVisible()
    assert button.accessibleName() == "Open Mask"
    button.click()
    assert not section.is_folded and box.isVisible()


def test_that_folding_by_the_program_is_told_to_nobody(qtbot: QtBot) -> None:
    section = Section("Mask")
    qtbot.addWidget(section)
    with qtbot.assertNotEmitted(section.folded):
        section.fold(True)
    assert section.is_folded
