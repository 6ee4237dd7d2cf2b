"""The main job: open, draft, paint, slide the kernel, export, and read back what was written."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from made.windows import Hand, open_window
from pycocotools import mask as coco_mask
from PySide6.QtWidgets import QCheckBox, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from lsegdiff_gui import places
from lsegdiff_gui.annotation.document import Status
from lsegdiff_gui.imaging.read import read_mask
from lsegdiff_gui.ui.dialogs.export import ExportDialog

Open = Callable[..., Hand]


def export_everything(hand: Hand, folder: Path) -> None:
    """Through the dialog, as a person would."""
    hand.do("file.export")
    hand.wait(lambda: hand.window.asking.dialog is not None)
    dialog = hand.window.asking.dialog
    assert isinstance(dialog, ExportDialog)
    dialog._folder.setText(str(folder))
    for button in dialog.findChildren(QRadioButton):
        if button.text().startswith("All"):
            button.setChecked(True)
    for box in dialog.findChildren(QCheckBox):
        if box.objectName().startswith("status_"):
            box.setChecked(True)
    export = next(button for button in dialog.findChildren(QPushButton) if button.isDefault())
    hand.wait(export.isEnabled)
    export.click()
    hand.wait(lambda: (folder / "annotations.json").exists() and not hand.window.session.exporting.is_running)
    dialog.accept()


# pycocotools 2.0 has not met numpy 2 yet.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_that_a_picture_is_drafted_painted_tuned_and_exported_as_it_is_seen(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    drafted = hand.final
    assert drafted.any()

    hand.window.tool_options.brush.scale(-4)
    hand.paint((20, 20), (60, 30))
    hand.wait_saved()
    painted = hand.final
    assert painted[20, 20] == 1
    assert hand.document.status is Status.IN_PROGRESS

    kernel = hand.window.panels.mask_panel.kernel.slider
    kernel.setSliderDown(True)
    kernel.setValue(10)
    kernel.setSliderDown(False)
    hand.wait(lambda: hand.window.session.editing.is_exact)
    assert hand.document.recipe.kernel == 21
    tuned = hand.final
    assert (tuned != painted).any()
    assert tuned[20, 20] == 1, "the stroke lies above the kernel's work"
    hand.wait_saved()

    folder = tmp_path / "masks"
    export_everything(hand, folder)
    np.testing.assert_array_equal(read_mask(folder / "naevus_0_mask.png"), tuned)
    assert not read_mask(folder / "naevus_1_mask.png").any()
    coco = json.loads((folder / "annotations.json").read_text())
    image = next(image for image in coco["images"] if image["file_name"] == "naevus_0.png")
    lesions = [entry for entry in coco["annotations"] if entry["image_id"] == image["id"]]
    assert len(lesions) == cv2.connectedComponents(tuned, connectivity=8)[0] - 1 > 1
    planes = [coco_mask.decode(coco_mask.frPyObjects(entry["segmentation"], 240, 320)) for entry in lesions]
    # The sum, not the union: no pixel is in two of them.
    np.testing.assert_array_equal(np.sum(planes, axis=0), tuned)
    assert [entry["area"] for entry in lesions] == [int(plane.sum()) for plane in planes]


def test_that_a_picture_that_was_left_is_exported_from_the_project(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures)
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.paint((20, 20), (60, 30))
    seen = hand.final
    hand.do("picture.next")
    hand.wait_shown("naevus_1.png")
    folder = tmp_path / "masks"
    export_everything(hand, folder)
    np.testing.assert_array_equal(read_mask(folder / "naevus_0_mask.png"), seen)


def test_that_no_lesion_is_exported_empty_whatever_the_draft_says(
    open_with: Open, pictures: list[Path], tmp_path: Path
) -> None:
    hand = open_with(pictures[:1])
    hand.wait_shown("naevus_0.png")
    hand.draft()
    hand.do("picture.no_lesion")
    assert hand.document.status is Status.NO_LESION
    hand.wait_saved()
    folder = tmp_path / "masks"
    export_everything(hand, folder)
    assert not read_mask(folder / "naevus_0_mask.png").any()


@pytest.mark.parametrize("model", ["skin", "polyp"])
def test_that_the_shipped_weights_find_the_drawn_object(qtbot: QtBot, model: str) -> None:
    from lsegdiff_gui.workers.segmenting import load_segmenter

    sample = places.bundled("resources", "samples", f"{model}_01.jpg")
    hand = open_window(qtbot, load_segmenter, [sample])
    hand.wait_shown(sample.name)
    hand.do("draft.run")
    hand.choose_model(model)
    qtbot.waitUntil(lambda: hand.document.base.draft is not None, timeout=60_000)
    hand.wait(lambda: hand.window.session.editing.is_exact)
    share = hand.final.mean()
    assert 0.005 < share < 0.6
    assert len(hand.window.status._model.toolTip().split()[-1]) == 64
