"""Film and opinions side by side."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pytestqt.qtbot import QtBot

from lsegdiff_gui.ui.panels.strips import Strips


@dataclass(frozen=True)
class Step:
    """Stands for the model's step, which would import torch."""

    index: int
    steps: int
    preview: npt.NDArray[np.uint8]
    draft: None = None


def test_that_film_and_opinions_share_the_row_by_their_frames(qtbot: QtBot) -> None:
    strips = Strips()
    qtbot.addWidget(strips)
    strips.resize(1000, strips.sizeHint().height())
    strips.show()
    qtbot.waitExposed(strips)
    wide = np.zeros((288, 512, 3), np.uint8)
    for strip in (strips.film, strips.opinions):
        strip.set_picture(wide)
    for steps, opinions in ((4, 6), (12, 3)):
        strips.film.begin(steps)
        strips.opinions.begin(opinions)
        strips.film.add(Step(1, steps, np.zeros((256, 256), np.uint8)))
        qtbot.waitUntil(
            lambda s=steps, o=opinions: (  # type: ignore[misc]
                abs(strips.film.width() / strips.opinions.width() - s / o) < 0.2 * s / o
            )
        )
