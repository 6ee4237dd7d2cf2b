"""Finding a command by what is remembered of it."""

from lsegdiff_gui.ui.command_search import Command, search

BRUSH = Command("tool.brush", "Brush", "Tools", "Paint what belongs to the lesion", ("B",))
SMALLER = Command("tool.smaller", "Smaller brush", "Tools", "Make the brush smaller", ("[",))
EXPORT = Command("file.export", "Export masks", "Files", "Write masks as PNG files", ("Ctrl+E",))
RUN = Command("draft.run", "Draft this picture", "Drafting", "Let the model draft the mask", ("R",))
ALL = [SMALLER, EXPORT, BRUSH, RUN]


def test_that_nothing_typed_lists_all_with_the_last_used_first() -> None:
    assert search("", ALL) == ALL
    assert search(" ", ALL, ["draft.run", "tool.brush", "gone.away"]) == [RUN, BRUSH, SMALLER, EXPORT]


def test_that_the_name_that_begins_so_is_before_the_one_that_holds_it() -> None:
    assert search("brush", ALL) == [BRUSH, SMALLER]


def test_that_a_key_finds_its_command_before_all_others() -> None:
    assert search("b", ALL)[0] == BRUSH
    assert search("ctrl+e", ALL) == [EXPORT]
    assert search("[", ALL) == [SMALLER]


def test_that_words_may_stand_in_any_order_and_in_the_explanation() -> None:
    assert search("masks exp", ALL) == [EXPORT]
    assert search("png", ALL) == [EXPORT]
    assert search("tools paint", ALL) == [BRUSH]


def test_that_a_word_that_is_nowhere_finds_nothing() -> None:
    assert search("brush xyzzy", ALL) == []


def test_that_among_equals_the_last_used_is_first() -> None:
    assert search("make", [SMALLER, BRUSH]) == [SMALLER]
    assert search("tools", [SMALLER, BRUSH], ["tool.brush"]) == [BRUSH, SMALLER]
