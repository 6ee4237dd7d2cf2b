import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.message_bar import Message, MessageBar


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def texts(bar: MessageBar) -> list[str]:
    return [label.text() for label in bar.findChildren(QLabel) if label.isVisible() and label.text()]


def button(bar: MessageBar) -> QPushButton:
    return bar.findChildren(QPushButton)[0]


def close(bar: MessageBar, qtbot: QtBot) -> None:
    qtbot.mouseClick(bar.findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)


def test_that_an_empty_bar_takes_no_room(bar: MessageBar) -> None:
    assert not bar.isVisible()
    assert bar.message is None


def test_that_a_message_stays_with_its_sentence_until_it_is_closed(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_message(Message("“a.png” is cut off."))
    assert bar.isVisible()
    assert texts(bar) == ["“a.png” is cut off."]
    with qtbot.waitSignal(bar.closed) as closed:
        close(bar, qtbot)
    assert closed.args == [Message("“a.png” is cut off.")]
    assert not bar.isVisible()


def test_that_the_action_is_done_once_and_takes_the_message_away(bar: MessageBar, qtbot: QtBot) -> None:
    done: list[str] = []
    bar.show_message(Message("The disk is full.", action="Try again"), lambda: done.append("tried"))
    assert button(bar).isVisible() and button(bar).text() == "Try again"
    qtbot.mouseClick(button(bar), Qt.MouseButton.LeftButton)
    assert done == ["tried"]
    assert not bar.isVisible()


def test_that_a_second_button_does_its_own(bar: MessageBar, qtbot: QtBot) -> None:
    done: list[str] = []
    message = Message("No lesion found.", action="Confirm", other_action="Show it")
    bar.show_message(message, lambda: done.append("confirmed"), lambda: done.append("shown"))
    first, second = bar.findChildren(QPushButton)
    assert [first.text(), second.text()] == ["Confirm", "Show it"]
    assert first.isVisible() and second.isVisible()
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert done == ["shown"]
    assert not bar.isVisible()
    bar.show_message(Message("The disk is full.", action="Try again"))
    assert not second.isVisible()


def test_that_the_buttons_go_below_a_sentence_they_would_squeeze(bar: MessageBar, qtbot: QtBot) -> None:
    words = "No lesion found (presence 12 %), so the mask is empty."
    bar.show_message(Message(words, action="Confirm no lesion", other_action="Show the candidate"))
    sentence = next(label for label in bar.findChildren(QLabel) if label.text() == words)
    for width, is_below in ((900, False), (430, True), (900, False)):
        bar.resize(width, bar.sizeHint().height())
        bar.layout().activate()
        top = button(bar).mapTo(bar, QPoint(0, 0)).y()
        bottom = sentence.mapTo(bar, QPoint(0, sentence.height())).y()
        assert (top >= bottom) is is_below


def test_that_a_message_shown_by_its_own_action_is_not_lost(bar: MessageBar, qtbot: QtBot) -> None:
    failed = Message("The disk is still full.", action="Try again")
    bar.show_message(Message("The disk is full.", action="Try again"), lambda: bar.show_message(failed))
    qtbot.mouseClick(button(bar), Qt.MouseButton.LeftButton)
    assert bar.message == failed
    assert bar.isVisible()


def test_that_closing_the_newest_brings_back_the_one_before(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_message(Message("first"))
    bar.show_message(Message("second"))
    assert texts(bar) == ["second", "1 more"]
    close(bar, qtbot)
    assert texts(bar) == ["first"]


def test_that_the_same_sentence_is_not_piled_up(bar: MessageBar, qtbot: QtBot) -> None:
    for _ in range(3):
        bar.show_message(Message("again"))
    assert texts(bar) == ["again"]


def test_that_a_message_replaces_the_one_of_its_key_and_is_withdrawn_by_it(bar: MessageBar) -> None:
    bar.show_message(Message("other"))
    bar.show_message(Message("not saved, 1 stroke waits", key="save"))
    bar.show_message(Message("not saved, 2 strokes wait", key="save"))
    assert texts(bar) == ["not saved, 2 strokes wait", "1 more"]
    bar.withdraw("save")
    assert texts(bar) == ["other"]
    bar.clear()
    assert not bar.isVisible()


def test_that_a_file_name_is_never_read_as_markup(bar: MessageBar) -> None:
    bar.show_message(Message("<b>bold</b>.png is empty"))
    label = next(label for label in bar.findChildren(QLabel) if label.text().startswith("<b>"))
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_that_the_kind_is_spoken_and_everything_has_a_name(bar: MessageBar) -> None:
    bar.show_message(Message("The disk is full.", "warning", action="Try again"))
    names = [label.accessibleName() for label in bar.findChildren(QLabel)]
    assert "Warning: The disk is full." in names
    assert bar.accessibleName() == "Messages"
    assert bar.findChildren(QToolButton)[0].accessibleName() == "Close this message"
    assert bar.property("kind") == "warning"


def test_that_a_message_that_stays_goes_only_with_its_cause(bar: MessageBar, qtbot: QtBot) -> None:
    tried: list[str] = []
    message = Message("The disk is full.", action="Try again", key="unsaved", stays=True)
    bar.show_message(message, lambda: tried.append("tried"))
    assert not bar.findChildren(QToolButton)[0].isVisible()
    for _ in range(2):
        button(bar).click()
    assert tried == ["tried", "tried"]
    assert bar.message == message
    bar.show_message(Message("Drafted 3 pictures.", "done"))
    close(bar, qtbot)
    assert bar.message == message
    bar.withdraw("unsaved")
    assert not bar.isVisible()
