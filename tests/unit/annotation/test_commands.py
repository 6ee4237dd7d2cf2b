import numpy as np
import pytest
from made.commands import BAKED, COMMANDS, OF_DRAFT, an_edit
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import (
    Bake,
    BaseChange,
    Command,
    LabelsChange,
    PaintEdit,
    RecipeChange,
    Standing,
    StatusChange,
    edit_of,
    merged,
)
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, Status
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.imaging.geometry import Box


def test_that_an_edit_counts_its_pixels_and_keeps_a_tight_box() -> None:
    edit = an_edit()
    assert edit.box == Box(106, 204, 120, 209)
    assert edit.pixels == 5 * 14
    assert edit.growth == 5 * 14 - 3 * 2


def test_that_equal_values_make_no_edit() -> None:
    same = np.ones((4, 4), np.uint8)
    assert PaintEdit.of([(Box(0, 0, 4, 4), same, same.copy())], "brush") is None


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
        (Status.DRAFTED, COMMANDS[5], Status.IN_PROGRESS),
        (Status.DONE, COMMANDS[8], Status.DONE),
        (Status.DONE, COMMANDS[9], Status.IN_PROGRESS),
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


def slid(before: int, after: int, *, merge: bool = True) -> RecipeChange:
    return RecipeChange(Recipe(grow=before), Recipe(grow=after), merge)


def test_that_a_slider_that_goes_on_makes_one_step_of_two() -> None:
    assert merged(slid(0, 3), slid(3, 9)) == slid(0, 9)


@pytest.mark.parametrize(
    ("last", "command"),
    [
        (slid(0, 3), slid(3, 9, merge=False)),
        (slid(0, 3), slid(3, 0)),
        (slid(0, 3), slid(4, 9)),
        (slid(0, 3), RecipeChange(Recipe(grow=3), Recipe(grow=3, kernel=9), True)),
        (None, slid(0, 3)),
        (an_edit(), slid(0, 3)),
        (slid(0, 3), an_edit()),
    ],
    ids=[
        "too late",
        "back again",
        "from elsewhere",
        "another slider",
        "the first",
        "painted between",
        "a stroke",
    ],
)
def test_that_other_steps_stay_two(last: Command | None, command: Command) -> None:
    assert merged(last, command) is None


def test_that_a_bake_edits_what_it_empties() -> None:
    edit = an_edit()
    assert edit_of(edit) is edit
    assert edit_of(Bake(OF_DRAFT, Base.baked(BAKED, OF_DRAFT, Recipe(), painted=True), edit)) is edit
    assert edit_of(LabelsChange(DEFAULT_LABELS, ())) is None
