"""Film and opinions side by side."""

import numpy as np
import pytest
from made.steps import Step
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.panels.strips import Strips


@pytest.mark.parametrize(("steps", "opinions"), [(4, 6), (12, 3)])
def test_that_film_and_opinions_share_the_row_by_their_frames(
    qtbot: QtBot, steps: int, opinions: int
) -> None:
    strips = Strips()
    qtbot.addWidget(strips)
    strips.resize(1000, strips.sizeHint().height())
    strips.show()
    qtbot.waitExposed(strips)
    strips.film.begin(1)
    strips.film.add(Step(1, steps, np.zeros((256, 256), np.uint8)))
    strips.opinions.begin(opinions)
    layout = strips.layout()
    assert layout is not None
    layout.activate()
    assert strips.film.width() / strips.opinions.width() == pytest.approx(steps / opinions, rel=0.2)
