import pytest

from lsegdiff_gui.annotation.findings import Findings, count_words, fitting_domain, strange_words


@pytest.mark.parametrize(
    ("presence", "words"),
    [
        (0.0, "below 1 %"),
        (0.0099, "below 1 %"),
        (0.12, "12 %"),
        (0.4999, "49 %"),
        (0.5, "50 %"),
        (0.996, "100 %"),
    ],
)
def test_that_the_presence_is_told_in_percent_on_its_side_of_one_half(presence: float, words: str) -> None:
    assert Findings(presence).presence_words == words


def test_that_only_another_domain_fits_better() -> None:
    assert fitting_domain("polyp", "skin") == "skin"
    assert fitting_domain("skin", "polyp") == "polyp"
    assert (
        fitting_domain("skin", "skin") == fitting_domain("skin", "") == fitting_domain("retina", "skin") == ""
    )


def test_that_a_strange_picture_is_told_in_one_sentence() -> None:
    assert strange_words("This", "polyp", "polyp", "skin") == (
        "This does not look like the colonoscopy pictures the model polyp knows: it looks like skin"
    )
    assert strange_words("“a.png”", "ours", "skin", "skin") == (
        "“a.png” does not look like the dermoscopy pictures the model ours knows; check its draft with care"
    )
    assert "like the pictures the model ours knows;" in strange_words("This", "ours", "retina", "polyp")


def test_that_counts_name_only_what_there_is() -> None:
    assert count_words(0, 0) == ""
    assert count_words(2, 0) == "2 without a lesion"
    assert count_words(0, 1) == "1 of an unfamiliar kind"
    assert count_words(3, 1) == "3 without a lesion, 1 of an unfamiliar kind"


def test_that_a_denied_lesion_stays_below_one_half_and_can_still_be_seen() -> None:
    assert Findings(0.5).share == 1.0
    assert Findings(0.4999).share < 0.5
    assert Findings(0.001).share == 0.2
