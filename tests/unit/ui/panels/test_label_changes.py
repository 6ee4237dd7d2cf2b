"""What becomes of a table of labels, without a window."""

import pytest

from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, IGNORE, Label
from lsegdiff_gui.annotation.new_label import PALETTE
from lsegdiff_gui.ui.panels.label_changes import (
    LONGEST_NAME,
    clean_name,
    hindrance_to_name,
    hindrance_to_removal,
    with_change,
    with_new,
    without,
)


def grown(times: int) -> tuple[Label, ...]:
    labels = DEFAULT_LABELS
    for _ in range(times):
        made = with_new(labels)
        assert made is not None
        labels = made[0]
    return labels


def test_that_new_labels_count_up_and_stay_before_ignore() -> None:
    labels = grown(3)
    assert [label.id for label in labels] == [1, 2, 3, 4, IGNORE]
    assert [label.key for label in labels] == ["1", "2", "3", "4", "0"]
    assert len({label.name for label in labels}) == 5


def test_that_new_labels_take_colours_that_nobody_has_until_there_is_none() -> None:
    colours = [label.colour for label in grown(len(PALETTE) - 1)]
    assert len(set(colours)) == len(colours)
    assert [label.colour for label in grown(len(PALETTE))][-2] in dict(PALETTE).values()


def test_that_the_tenth_label_has_no_digit() -> None:
    assert [label.key for label in grown(10)] == [*"123456789", "", "", "0"]


def test_that_a_new_label_does_not_take_the_number_or_the_digit_between_others() -> None:
    made = with_new(without(grown(3), 2))
    assert made is not None
    labels, number = made
    assert number == 5
    assert next(label.key for label in labels if label.id == 5) == "2"


def test_that_every_number_can_be_given_once_and_none_more() -> None:
    labels = grown(IGNORE - 2)
    assert with_new(labels) is None
    made = with_new(without(labels, 77))
    assert made is not None and made[1] == 77


def test_that_a_change_is_of_one_label_alone() -> None:
    labels = with_change(grown(1), 2, locked=True, name="Vessel")
    assert labels[0] == DEFAULT_LABELS[0]
    assert (labels[1].name, labels[1].locked, labels[1].colour) == ("Vessel", True, grown(1)[1].colour)


@pytest.mark.parametrize(
    ("number", "pixels", "sentence"),
    [
        (IGNORE, 0, "stays: it marks what counts neither"),
        (1, 0, "stays: it is the label of what the model drafts"),
        (2, 1, "marks 1 pixel of this picture"),
        (2, 12345, "marks 12,345 pixels of this picture: erase or paint over them first"),
        (2, 0, ""),
    ],
)
def test_that_a_label_that_stays_says_why(number: int, pixels: int, sentence: str) -> None:
    label = next(label for label in grown(1) if label.id == number)
    told = hindrance_to_removal(label, pixels)
    assert sentence in told and bool(sentence) == bool(told)


def test_that_names_are_cleaned_and_unlike_each_other() -> None:
    assert clean_name("  blue\tgrey   veil ") == "blue grey veil"
    assert len(clean_name("x" * 500)) == LONGEST_NAME
    labels = grown(1)
    assert hindrance_to_name(labels, 2, "") == "A label needs a name."
    assert hindrance_to_name(labels, 2, "LESION") == "There is a label “LESION” already."
    assert hindrance_to_name(labels, 1, "lesion") == ""
