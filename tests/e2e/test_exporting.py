"""The export dialog over a real project: what it foretells is what is written, and nothing is replaced unasked."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from made.dialogs import box, button, texts
from made.windows import Hand
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox

from lsegdiff_gui.formats.coco_in import read_coco
from lsegdiff_gui.formats.polygons import Loss
from lsegdiff_gui.ui.dialogs.export import ExportDialog

Open = Callable[..., Hand]


def export_dialog(hand: Hand, folder: Path) -> ExportDialog:
    hand.do("file.export")
    hand.wait(lambda: hand.window.asking.dialog is not None)
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, ExportDialog)
    dialog._folder.setText(str(folder))
    return dialog


def test_that_the_loss_that_is_foretold_is_the_loss_of_the_file(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.wait_saved()
    seen = hand.final
    dialog = export_dialog(hand, tmp_path / "out")
    shapes = next(each for each in dialog.findChildren(QComboBox) if "labelme" in each.accessibleName())
    shapes.setCurrentIndex(shapes.findText("Polygons", Qt.MatchFlag.MatchStartsWith))
    dialog.findChild(QDoubleSpinBox).setValue(2.0)
    hand.wait(lambda: "Its polygons have an IoU of" in texts(dialog))
    told = next(line for line in texts(dialog).splitlines() if "Its polygons" in line)
    hand.wait(button(dialog, "Export").isEnabled)
    button(dialog, "Export").click()
    hand.wait(lambda: button(dialog, "Open the folder").isVisible())

    (entry,) = read_coco(tmp_path / "out" / "annotations.json")
    assert entry.content is not None
    back = entry.content.drawn({"Lesion": 1}, entry.width, entry.height).labels
    added, missing = (int(np.count_nonzero(each)) for each in (back > seen, back < seen))
    assert f"{added:,} pixels added, {missing:,} pixels missing" in told
    loss = Loss(int(seen.sum()), added, missing)
    assert f"IoU of {loss.iou:.4f}" in told and f"IoU of {loss.iou:.4f}" in texts(dialog)
    data = json.loads((tmp_path / "out" / "annotations.json").read_text("utf-8"))
    assert data["images"][0]["attributes"]["status"] == "drafted"
    dialog.accept()


def test_that_a_second_export_asks_before_it_replaces_the_first(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.wait_saved()
    mask = tmp_path / "out" / "naevus_0_mask.png"
    mask.parent.mkdir()
    mask.write_bytes(b"mine")
    dialog = export_dialog(hand, mask.parent)
    hand.wait(lambda: "will be replaced" in texts(dialog))
    assert not button(dialog, "Export").isEnabled()
    assert mask.read_bytes() == b"mine"
    box(dialog, "Replace").setChecked(True)
    button(dialog, "Export").click()
    hand.wait(lambda: button(dialog, "Open the folder").isVisible())
    assert mask.read_bytes() != b"mine"
    dialog.accept()
