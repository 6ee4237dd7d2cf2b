from lsegdiff_gui.annotation.commands import RecipeChange, StatusChange
from lsegdiff_gui.annotation.history import History
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.annotation.recipe import Recipe

WORDS = StatusChange(Status.NEW, Status.DONE)


def slid(before: int, after: int) -> RecipeChange:
    return RecipeChange(Recipe(kernel=before), Recipe(kernel=after), merge=True)


def test_that_a_slider_on_its_way_is_one_command() -> None:
    history = History()
    for step in (slid(0, 3), slid(3, 5), slid(5, 51)):
        history.push(step)
    assert history.commands == (slid(0, 51),)
    assert history.cursor == 1
    assert history.standing.status is Status.IN_PROGRESS
    assert history.back() == slid(0, 51)
    assert history.standing.status is Status.NEW


def test_that_a_slider_after_an_undo_goes_on_with_what_is_still_in_effect() -> None:
    history = History([slid(0, 3), WORDS], cursor=1)
    history.push(slid(3, 5))
    assert history.commands == (slid(0, 5),)
    assert not history.can_redo


def test_that_no_command_that_is_kept_asks_to_be_merged() -> None:
    history = History()
    history.push(slid(0, 3))
    (kept,) = history.commands
    assert isinstance(kept, RecipeChange)
    assert not kept.merge


def test_that_the_last_command_is_the_one_at_the_cursor() -> None:
    history = History([slid(0, 3), WORDS])
    assert history.last == WORDS
    history.back()
    assert history.last == slid(0, 3)
    history.back()
    assert history.last is None
