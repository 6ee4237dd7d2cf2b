import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from lsegdiff_gui import places
from lsegdiff_gui.ui.tones import DARK, LIGHT, Tones
from resources.draw_icons import SIDES, application_icon, style_pictures


@pytest.mark.parametrize(("theme", "colours"), [("dark", DARK), ("light", LIGHT)])
def test_that_the_style_sheets_pictures_have_the_themes_colours(theme: str, colours: Tones) -> None:
    folder = places.bundled("resources", "style", theme)
    shipped = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert shipped == style_pictures(colours)


@pytest.mark.parametrize("side", SIDES)
def test_that_the_programs_icon_is_what_the_script_draws(side: int, qapp: QApplication) -> None:
    shipped = QImage(str(places.bundled("resources", "icons", f"lsegdiff_{side}.png")))
    difference = np.abs(pixels(shipped) - pixels(application_icon(side)))
    # Qt's versions round the edges of shapes differently.
    assert difference.mean() < 1.0


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)
