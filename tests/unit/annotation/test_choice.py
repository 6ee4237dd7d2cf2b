import dataclasses

import numpy as np
import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.choice import MEAN, Choice
from lsegdiff_gui.annotation.draft import Provenance
from lsegdiff_gui.annotation.recipe import Recipe

MADE = draft(1)


def test_that_samples_can_be_taken_alone_together_and_in_common() -> None:
    first, second, third = MADE.samples
    assert np.array_equal(MADE.choosing(Choice("any", (2,))).mask_probability, second)
    assert np.array_equal(MADE.choosing(Choice("any", (1, 3))).mask_probability, np.maximum(first, third))
    assert np.array_equal(MADE.choosing(Choice("all", (1, 3))).mask_probability, np.minimum(first, third))
    assert np.array_equal(MADE.choosing(Choice("step", (2,))).mask_probability, MADE.film[1])


def test_that_agreement_runs_from_any_one_to_all() -> None:
    any_one, two, everyone = (MADE.choosing(Choice("agreed", (n,))).mask_probability for n in (1, 2, 3))
    assert np.array_equal(any_one, MADE.samples.max(axis=0))
    assert np.array_equal(two, np.median(MADE.samples, axis=0))
    assert np.array_equal(everyone, MADE.samples.min(axis=0))


def test_that_a_chosen_draft_is_another_one_that_knows_it_and_gives_the_mean_back() -> None:
    chosen = MADE.choosing(Choice("any", (2,)))
    assert chosen != MADE
    assert Provenance.from_dict(chosen.provenance.to_dict()) == chosen.provenance
    assert chosen.choosing(MEAN) == MADE
    assert np.array_equal(chosen.choosing(MEAN).mask_probability, MADE.probability)


def test_that_the_base_is_made_of_what_was_chosen() -> None:
    recipe = Recipe(operation="none")
    chosen = Base.of_draft(MADE.choosing(Choice("any", (1, 2, 3)))).foreground(recipe, 200, 100)
    assert chosen.sum() >= Base.of_draft(MADE).foreground(recipe, 200, 100).sum()


def test_that_a_draft_without_hints_and_choice_keeps_the_id_it_had_before_there_were_any() -> None:
    assert set(MADE.provenance.to_dict()).isdisjoint({"hints", "around_work", "choice"})
    told = dataclasses.replace(MADE, provenance=dataclasses.replace(MADE.provenance, around_work=True))
    assert told.id != MADE.id


@pytest.mark.parametrize(
    "choice", [Choice("any", (4,)), Choice("step", (9,)), Choice("all"), Choice("agreed", (0,))]
)
def test_that_what_a_draft_does_not_have_cannot_be_chosen(choice: Choice) -> None:
    with pytest.raises(ValueError, match="The draft has no"):
        MADE.choosing(choice)


def test_that_each_choice_is_told_in_words() -> None:
    assert Choice("any", (1, 2, 4)).words == "samples 1, 2 and 4 together"
    assert Choice("agreed", (3,)).words == "what at least 3 of the samples see"
    assert MEAN.words == "the mean of the samples"
