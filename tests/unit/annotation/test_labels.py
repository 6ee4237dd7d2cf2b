from dataclasses import replace

import pytest

from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, IGNORE, Label, ordered, with_change

LESION, IGNORED = DEFAULT_LABELS
NEVUS = Label(2, "Nevus", "#d55e00", "2")


def test_that_there_is_a_label_for_what_is_to_be_ignored() -> None:
    assert (IGNORED.id, IGNORED.name, IGNORED.key) == (IGNORE, "Ignore", "0")


@pytest.mark.parametrize("number", [0, 255, -1])
def test_that_the_codes_of_the_planes_are_no_labels(number: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 254"):
        Label(number, "Nothing", "#000000")


def test_that_labels_are_ordered_and_each_number_is_one_label() -> None:
    assert ordered([IGNORED, NEVUS, LESION]) == (LESION, NEVUS, IGNORED)
    with pytest.raises(ValueError, match="same number"):
        ordered([LESION, replace(NEVUS, id=1)])


def test_that_a_label_comes_back_from_its_dictionary() -> None:
    label = replace(NEVUS, visible=False, locked=True)
    assert Label.from_dict({**label.to_dict(), "a later field": 3}) == label


def test_that_a_change_there_and_back_gives_the_same_labels() -> None:
    before, after = DEFAULT_LABELS, (replace(LESION, locked=True), NEVUS)
    assert with_change(before, before, after) == after
    assert with_change(after, after, before) == before


def test_that_taking_a_change_back_leaves_alone_what_changed_elsewhere_meanwhile() -> None:
    before = DEFAULT_LABELS
    after = (replace(LESION, locked=True), IGNORED)
    meanwhile = (replace(LESION, locked=True, name="Melanoma"), NEVUS, IGNORED)
    assert with_change(meanwhile, after, before) == (replace(LESION, name="Melanoma"), NEVUS, IGNORED)


def test_that_a_label_removed_elsewhere_is_not_brought_back_by_its_lock() -> None:
    after = (replace(LESION, locked=True), IGNORED)
    assert with_change((IGNORED,), after, DEFAULT_LABELS) == (IGNORED,)
