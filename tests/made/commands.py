"""One of each kind of command, and the drafts they name."""

import numpy as np
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import (
    Bake,
    BaseChange,
    BringBack,
    Command,
    LabelsChange,
    MaskImport,
    PaintEdit,
    PartitionChange,
    RecipeChange,
    StatusChange,
)
from lsegdiff_gui.annotation.incoming import Origin
from lsegdiff_gui.annotation.instances import Cut, Partition, Tie
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, Label, Status
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.imaging.geometry import Box

DRAFTS = {draft(seed).id: draft(seed) for seed in range(2)}


def an_edit() -> PaintEdit:
    old = np.zeros((20, 30), np.uint8)
    old[5:8, 5:8] = 2
    new = old.copy()
    new[4:9, 6:20] = 255
    edit = PaintEdit.of([(Box(100, 200, 130, 220), old, new)], "eraser")
    assert edit is not None
    return edit


IMPORTED = Base.of_mask(np.eye(13, 21, dtype=np.uint8), label=2, origin=Origin("läsion.png"))
OF_DRAFT = Base.of_draft(draft(0))
BAKED = np.arange(13 * 21, dtype=np.uint8).reshape(13, 21) % 255

COMMANDS: list[Command] = [
    an_edit(),
    RecipeChange(Recipe(), Recipe(kernel=9, threshold=0.3, grow=-4, smooth=7)),
    BaseChange(Base.empty(), OF_DRAFT),
    BaseChange(Base.of_draft(draft(0), label=3), Base.of_draft(draft(1))),
    BaseChange(Base.of_draft(draft(1)), IMPORTED),
    Bake(OF_DRAFT, Base.baked(BAKED, OF_DRAFT, Recipe(kernel=9), painted=True), an_edit()),
    Bake(IMPORTED, Base.baked(BAKED, IMPORTED, Recipe(), painted=False), None),
    MaskImport(OF_DRAFT, IMPORTED, an_edit(), Partition(), Partition((Tie((1, 2), (3, 4)),))),
    LabelsChange(DEFAULT_LABELS, (Label(2, "Ölfleck", "#d55e00", "2", False, True),)),
    PartitionChange(Partition(), Partition((Tie((1, 2), (3, 4)),), (Cut(((5, 6), (7, 8), (9, 9))),))),
    StatusChange(Status.NEW, Status.FLAGGED, "Schief? ängstlich ✓"),
    BringBack(IMPORTED, OF_DRAFT, an_edit(), Partition(), Partition(), Recipe(), Recipe(kernel=9)),
    BringBack(OF_DRAFT, OF_DRAFT, None, Partition(), Partition(), Recipe(), Recipe(kernel=9)),
]
