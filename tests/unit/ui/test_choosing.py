"""The project's model: asked once, with a guess, and loaded ahead."""

import numpy as np
import pytest
from made.inference import MadeInference
from made.segmenters import picture

from lsegdiff_gui.ui.choosing import Choosing
from lsegdiff_gui.workers.files import Loaded


class Values:
    """Stands in for the store."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def set_value(self, key: str, value: str) -> None:
        self.kept[key] = value


@pytest.fixture
def inference(qapp: object) -> MadeInference:
    return MadeInference()


@pytest.fixture
def values() -> Values:
    return Values()


@pytest.fixture
def choosing(inference: MadeInference, values: Values) -> Choosing:
    return Choosing(inference, values)  # type: ignore[arg-type]


def loaded() -> Loaded:
    return Loaded(picture(), [np.zeros((4, 4, 3), np.uint8)])


def test_that_what_waits_for_the_choice_goes_on_after_it(choosing: Choosing, values: Values) -> None:
    went: list[str] = []
    wanted: list[str] = []
    choosing.wanted.connect(wanted.append)
    choosing.with_model(went.append)
    assert (wanted, went) == ([""], [])
    choosing.choose("polyp")
    assert went == ["polyp"]
    assert values.kept == {"model": "polyp"}


def test_that_it_is_asked_once(choosing: Choosing) -> None:
    choosing.project_opened({"model": "skin"})
    wanted: list[str] = []
    choosing.wanted.connect(wanted.append)
    went: list[str] = []
    choosing.with_model(went.append)
    assert (wanted, went) == ([], ["skin"])


def test_that_a_dismissed_question_drops_what_waited(choosing: Choosing) -> None:
    went: list[str] = []
    choosing.with_model(went.append)
    choosing.dismiss()
    choosing.choose("skin")
    assert went == []


def test_that_the_guess_comes_from_the_picture_looked_at_last(
    choosing: Choosing, inference: MadeInference
) -> None:
    guesses: list[str] = []
    choosing.guess_improved.connect(guesses.append)
    choosing.look_at(loaded())
    choosing.look_at(loaded())
    first, second = inference.guesses
    inference.guessed.emit(first, "polyp")
    inference.guessed.emit(second, "skin")
    assert guesses == ["skin"]
    wanted: list[str] = []
    choosing.wanted.connect(wanted.append)
    choosing.with_model(lambda _model: None)
    assert wanted == ["skin"]


def test_that_weights_are_loaded_ahead_once_a_picture_is_there(
    choosing: Choosing, inference: MadeInference
) -> None:
    choosing.project_opened({"model": "skin"})
    assert inference.loads == [], "the window comes first"
    choosing.look_at(loaded())
    choosing.look_at(loaded())
    assert inference.loads == [("skin", "auto")]
    choosing.use_device("cpu")
    choosing.look_at(loaded())
    assert inference.loads[-1] == ("skin", "cpu")
