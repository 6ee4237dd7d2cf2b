from datetime import UTC, datetime, timedelta

import pytest

from lsegdiff_gui.annotation.origin import Deed
from lsegdiff_gui.ui.deed_words import time_words, words_of


@pytest.mark.parametrize(
    ("kind", "what", "tool", "status", "words"),
    [
        ("do", "paint", "brush", "in_progress", "Brush"),
        ("undo", "paint", "brush", "drafted", "Undone: Brush"),
        ("redo", "recipe", "", "in_progress", "Done again: Mask settings"),
        ("do", "status", "", "no_lesion", "Status: No lesion"),
        ("undo", "status", "", "in_progress", "Undone: Status"),
        ("do", "bring back", "bring back", "in_progress", "Earlier state brought back"),
        ("do", "of a later version", "", "in_progress", "Of a later version"),
    ],
)
def test_that_a_deed_is_told_in_words(kind: str, what: str, tool: str, status: str, words: str) -> None:
    assert words_of(Deed(kind, what, tool, 0, status, "", "", "0.1.0")) == words


def test_that_the_date_is_told_of_other_days_only() -> None:
    now = datetime.now(UTC)
    assert len(time_words(now.isoformat())) == len("12:34")
    assert time_words((now - timedelta(days=400)).isoformat())[:2] == "20"
    assert time_words("of no kind") == "of no kind"
