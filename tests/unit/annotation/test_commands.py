import json
import struct

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import (
    BaseChange,
    Command,
    PaintEdit,
    RecipeChange,
    Standing,
    StatusChange,
    decode,
    encode,
)
from lsegdiff_gui.annotation.labels import Status
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


COMMANDS: list[Command] = [
    an_edit(),
    RecipeChange(Recipe(), Recipe(kernel=9, threshold=0.3)),
    BaseChange(Base.empty(), Base.of_draft(draft(0))),
    BaseChange(Base.of_draft(draft(0), label=3), Base.of_draft(draft(1))),
    BaseChange(Base.of_draft(draft(1)), Base.of_mask(np.eye(13, 21, dtype=np.uint8), label=2)),
    StatusChange(Status.NEW, Status.FLAGGED, "Schief? ängstlich ✓"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_that_a_command_comes_back_from_its_bytes(command: Command) -> None:
    kind, payload = encode(command)
    assert decode(kind, payload, DRAFTS.__getitem__) == command


def test_that_an_edit_counts_its_pixels_and_keeps_a_tight_box() -> None:
    edit = an_edit()
    assert edit.box == Box(106, 204, 120, 209)
    assert edit.pixels == 5 * 14
    assert edit.growth == 5 * 14 - 3 * 2


def test_that_equal_values_make_no_edit() -> None:
    same = np.ones((4, 4), np.uint8)
    assert PaintEdit.of([(Box(0, 0, 4, 4), same, same.copy())], "brush") is None


def test_that_a_command_of_a_later_version_is_refused() -> None:
    with pytest.raises(ValueError, match="'instance' is unknown"):
        decode("instance", encode(an_edit())[1], DRAFTS.__getitem__)


@pytest.mark.parametrize(
    "payload", [b"", b"\x00", struct.pack("<I", 3) + b"abc", struct.pack("<I", 2) + b"{}"]
)
def test_that_a_damaged_payload_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        decode("paint", payload, DRAFTS.__getitem__)


def test_that_a_payload_without_its_fields_is_refused() -> None:
    text = json.dumps({"before": {}, "blobs": []}).encode()
    with pytest.raises(ValueError, match="'recipe' is damaged"):
        decode("recipe", struct.pack("<I", len(text)) + text, DRAFTS.__getitem__)


@pytest.mark.parametrize(
    ("before", "command", "after"),
    [
        (Status.NEW, COMMANDS[0], Status.IN_PROGRESS),
        (Status.DRAFTED, COMMANDS[0], Status.IN_PROGRESS),
        (Status.APPROVED, COMMANDS[0], Status.IN_PROGRESS),
        (Status.NEW, COMMANDS[2], Status.DRAFTED),
        (Status.DRAFTED, COMMANDS[3], Status.DRAFTED),
        (Status.DRAFTED, BaseChange(Base.of_draft(draft(0)), Base.empty()), Status.NEW),
        (Status.DONE, COMMANDS[3], Status.IN_PROGRESS),
        (Status.DRAFTED, COMMANDS[1], Status.IN_PROGRESS),
        (Status.IN_PROGRESS, StatusChange(Status.IN_PROGRESS, Status.DONE), Status.DONE),
    ],
)
def test_that_work_moves_the_status_on_and_reopens_what_was_finished(
    before: Status, command: Command, after: Status
) -> None:
    assert Standing(before).after(command).status == after


def test_that_work_keeps_the_note_and_a_new_word_replaces_it() -> None:
    standing = Standing(Status.FLAGGED, "blurred").after(an_edit())
    assert standing.note == "blurred"
    assert standing.after(StatusChange(Status.IN_PROGRESS, Status.DONE)).note == ""
