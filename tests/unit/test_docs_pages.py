"""The pages that are made of declarations say what these say now."""

from pathlib import Path

import pytest

from docs.make_pages import HERE, PAGES, keys_page, settings_page
from lsegdiff_gui.ui.action_table import ACTIONS, ActionSpec, Scope
from lsegdiff_gui.ui.dialogs.key_sheet import GESTURES
from lsegdiff_gui.ui.settings import Settings


@pytest.mark.parametrize("name", PAGES)
def test_that_the_page_is_up_to_date(name: str) -> None:
    written = Path(HERE / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/{name} is not up to date: run `make docs`"


def test_that_every_command_and_gesture_is_on_the_page() -> None:
    page = keys_page()
    for name in [spec.name for spec in ACTIONS] + [row.text for row in GESTURES]:
        assert f"| {name} |" in page


def test_that_every_setting_is_on_the_page_with_its_range_and_help() -> None:
    page = settings_page()
    for name in Settings().to_dict():
        assert f"| `{name}` |" in page
    assert "80 to 2000 ms" in page
    assert all(line.rstrip(" |").endswith(".") for line in page.splitlines() if line.startswith("| `"))


def test_that_signs_with_a_meaning_in_markdown_are_written_as_they_are() -> None:
    spec = ActionSpec("tool.brush", "Brush", "", ("`", "|"), Scope.ALWAYS, "Paint")
    assert r"| Brush | `` ` ``, `\|` | Paint |" in keys_page([spec], [])
