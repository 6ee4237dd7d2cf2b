"""After every twenty accepted pictures: how well the doubt told the errors here."""

from collections.abc import Callable
from pathlib import Path

from made.windows import Hand

from lsegdiff_gui.ui.ranking import EVERY

Open = Callable[..., Hand]


def test_that_the_ranking_is_told_after_every_twentieth_accepted_picture(
    open_with: Open, pictures: list[Path]
) -> None:
    hand = open_with(pictures)
    for name in ("naevus_0.png", "naevus_1.png", "naevus_2.png"):
        hand.wait_shown(name)
        if not hand.window.session.choosing.model:
            hand.draft()
        elif hand.document.base.draft is None:  # it may have been drafted ahead
            hand.do("draft.run")
        hand.wait(lambda: hand.document.base.draft is not None and hand.window.session.editing.is_exact)
        hand.do("picture.done")
        hand.wait_saved()
    hand.wait(lambda: all(row.status.value == "done" for row in hand.rows))
    reviewing = hand.window._reviewing
    for _ in range(EVERY - 4):
        reviewing.accepted.emit()
    assert "rank" not in str(hand.window.messages.message)
    reviewing.accepted.emit()
    hand.wait(lambda: "3 pictures finished" in str(hand.window.messages.message))
