"""Windows on screens smaller than themselves. The offscreen platform's screen is 800 x 800."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.dialogs.frame import DialogFrame, label
from lsegdiff_gui.ui.room import within_screen


def test_that_a_size_is_cut_to_the_screen_and_a_smaller_one_is_kept(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    screen = window.screen().availableSize()
    cut = within_screen(window, QSize(5000, 300))
    assert cut.height() == 300
    assert screen.width() - 50 < cut.width() < screen.width()
    assert within_screen(window, cut) == cut


def test_that_a_tall_dialog_ends_above_the_end_of_the_screen(qtbot: QtBot) -> None:
    dialog = DialogFrame(None, title="Tall", text="", sign="mdi6.image")
    qtbot.addWidget(dialog)
    dialog.body.addWidget(label("word " * 4000))
    dialog.resize(500, 3000)
    dialog.show()
    assert dialog.height() < dialog.screen().availableSize().height()
