"""A file of several pictures in the window: asked once, and each page has its own mask."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from made.windows import Hand, write_picture
from PySide6.QtWidgets import QRadioButton

from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.ui.dialogs.page_choice import PageChoiceDialog

Open = Callable[..., Hand]


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Three pages: skin with a blob, each of another size."""
    made = [write_picture(tmp_path / "made" / f"{seed}.png", 200 + 10 * seed, 150) for seed in range(3)]
    pages = [cv2.cvtColor(read(path).rgb8, cv2.COLOR_RGB2BGR) for path in made]
    path = tmp_path / "case" / "scan.tif"
    path.parent.mkdir()
    path.write_bytes(np.asarray(cv2.imencodemulti(".tif", pages)[1]).tobytes())
    return path


def question(hand: Hand) -> PageChoiceDialog:
    hand.wait(lambda: isinstance(hand.window.asking.dialog, PageChoiceDialog))
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, PageChoiceDialog)
    return dialog


def test_that_each_page_has_its_own_mask(open_with: Open, scan: Path) -> None:
    hand = open_with([scan])
    question(hand).accept()
    hand.wait_shown("scan [1].tif")
    hand.paint((20, 20), (60, 20))
    hand.do("picture.next")
    hand.wait_shown("scan [2].tif")
    assert hand.final.shape == (150, 210)
    assert not hand.final.any()
    hand.do("picture.previous")
    hand.wait_shown("scan [1].tif")
    assert hand.final[20, 40] == 1


def test_that_the_first_page_alone_can_be_opened_and_is_the_same_with_the_others(
    open_with: Open, scan: Path
) -> None:
    hand = open_with([scan])
    dialog = question(hand)
    next(choice for choice in dialog.findChildren(QRadioButton) if "first" in choice.text()).click()
    dialog.accept()
    hand.wait_shown("scan [1].tif")
    hand.paint((20, 20), (60, 20))
    hand.wait_saved()
    hand.window.asking.open_paths([scan])
    question(hand).accept()
    hand.wait(lambda: hand.window.pictures._model.rowCount() == 3)
    hand.do("picture.next")
    hand.wait_shown("scan [2].tif")
    hand.do("picture.previous")
    hand.wait_shown("scan [1].tif")
    assert hand.final[20, 40] == 1


def test_that_cancelling_opens_nothing(open_with: Open, scan: Path) -> None:
    hand = open_with([scan])
    question(hand).reject()
    hand.wait(lambda: hand.window.asking.dialog is None)
    assert hand.window.session.opening.current == -1


def test_that_a_folder_of_ordinary_files_asks_nothing(open_with: Open, scan: Path) -> None:
    for number in range(3):
        write_picture(scan.parent / f"{number}.tif", seed=number)
    scan.unlink()
    hand = open_with([scan.parent])
    hand.wait_shown("0.tif")
    assert hand.window.asking.dialog is None


def test_that_all_pages_come_where_another_question_is_open(open_with: Open, scan: Path) -> None:
    hand = open_with([write_picture(scan.parent / "other.png")])
    hand.wait_shown("other.png")
    hand.do("file.settings")
    hand.window.asking.open_paths([scan])
    hand.wait_shown("scan [1].tif")
    hand.do("picture.next")
    hand.wait_shown("scan [2].tif")
