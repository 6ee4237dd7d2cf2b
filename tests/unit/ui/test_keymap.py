"""Which keys give which command, and which cannot be taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.ui.action_table import ACTIONS, ActionSpec, Scope, collisions
from lsegdiff_gui.ui.dialogs.key_sheet import GESTURES
from lsegdiff_gui.ui.keymap import KeyMap, normal, refusal

STOP = ActionSpec("draft.stop", "Stop", "", ("Esc",), Scope.ALWAYS, "")
BRUSH = ActionSpec("tool.brush", "Brush", "", ("B",), Scope.PICTURE, "")
NEXT = ActionSpec("picture.next", "Next", "", ("D", "PgDown"), Scope.LIST, "")
QUIT = ActionSpec("file.quit", "Quit", "", (), Scope.ALWAYS, "")
THREE = KeyMap((STOP, BRUSH, NEXT, QUIT))


def test_that_without_a_choice_all_have_their_defaults() -> None:
    keymap = KeyMap(ACTIONS)
    assert keymap.all == {spec.id: spec.keys for spec in ACTIONS}
    assert all(keymap.is_default(spec.id) for spec in ACTIONS)


def test_that_a_command_can_have_several_keys_and_lose_one() -> None:
    more = THREE.with_key("tool.brush", "Ctrl+B").with_key("tool.brush", "F5")
    assert more.keys("tool.brush") == ("B", "Ctrl+B", "F5")
    assert more.without_key("tool.brush", "Ctrl+B").keys("tool.brush") == ("B", "F5")
    assert THREE.keys("tool.brush") == ("B",)


def test_that_a_key_taken_over_leaves_its_owner_the_others() -> None:
    taken = THREE.with_key("tool.brush", "D")
    assert taken.keys("tool.brush") == ("B", "D")
    assert taken.keys("picture.next") == ("PgDown",)
    again = taken.with_key("picture.next", "B")
    assert again.keys("picture.next") == ("PgDown", "B")
    assert again.keys("tool.brush") == ("D",)


def test_that_the_owner_of_a_key_is_found_however_it_is_written() -> None:
    bracket = ActionSpec("tool.much_smaller", "Much smaller", "", ("Shift+[",), Scope.PICTURE, "")
    keymap = KeyMap((bracket, BRUSH))
    assert keymap.owner("{") is bracket
    assert keymap.owner("Shift+{") is bracket
    assert keymap.owner("[") is None
    assert keymap.owner("b") is BRUSH


def test_that_a_reset_takes_the_defaults_back() -> None:
    taken = THREE.with_key("tool.brush", "D").with_key("file.quit", "PgDown")
    assert taken.lent("picture.next") == [("D", BRUSH), ("PgDown", QUIT)]
    reset = taken.reset("picture.next")
    assert reset.keys("picture.next") == ("D", "PgDown")
    assert reset.keys("tool.brush") == ("B",)
    assert reset.keys("file.quit") == ()


def test_that_removing_a_taken_key_gives_the_default_back_to_its_owner() -> None:
    taken = THREE.with_key("tool.brush", "D")
    assert taken.without_key("tool.brush", "D").all == THREE.all


def test_that_what_is_the_default_again_is_not_kept_as_a_choice() -> None:
    assert THREE.without_key("tool.brush", "B").with_key("tool.brush", "B").chosen == {}


def test_that_ids_of_another_version_are_kept_through_every_change() -> None:
    keymap = KeyMap(THREE.specs, {"tool.laser": ("L",)})
    changed = keymap.with_key("tool.brush", "D").reset("picture.next").reset_all()
    assert changed.chosen == {"tool.laser": ("L",)}


def test_that_a_chosen_key_is_not_lost_to_a_default_that_came_later() -> None:
    keymap = KeyMap(THREE.specs, {"file.quit": ("B",)})
    assert keymap.keys("file.quit") == ("B",)
    assert keymap.keys("tool.brush") == ()


@pytest.mark.parametrize("keys", [("", "no such key"), ("Ctrl+K, Ctrl+S",), ("Space", "Return")])
def test_that_keys_in_the_file_that_cannot_be_are_passed_over(keys: tuple[str, ...]) -> None:
    assert KeyMap(THREE.specs, {"tool.brush": (*keys, "J")}).keys("tool.brush") == ("J",)


@pytest.mark.parametrize(
    "key",
    [
        "Space",
        "Left",
        "Shift+Up",
        "Return",
        "Enter",
        "Esc",
        "Tab",
        "Shift+Tab",
        "Ctrl",
        "Shift",
        "Alt",
        "C",
        "V",
    ],
)
def test_that_the_canvas_keeps_its_keys_and_says_why(key: str) -> None:
    assert refusal(key).endswith(".")
    with pytest.raises(ValueError, match=r"\."):
        THREE.with_key("tool.brush", key)


@pytest.mark.parametrize("key", ["Ctrl+Return", "Ctrl+C", "Shift+C", "J", "F5", "Ctrl+Shift+P", "Alt+J"])
def test_that_other_keys_are_free(key: str) -> None:
    assert refusal(key) == ""


def test_that_a_menu_keeps_its_letter() -> None:
    assert "File" in refusal("Alt+F")


def test_that_every_held_key_of_the_sheet_is_refused_to_commands() -> None:
    held = [key.removeprefix("Hold ") for row in GESTURES for key in row.keys if key.startswith("Hold ")]
    assert held
    assert [key for key in held if not refusal(key)] == []


def test_that_escape_stays_with_stop() -> None:
    assert THREE.is_fixed("draft.stop", "Esc")
    assert THREE.without_key("draft.stop", "Esc").keys("draft.stop") == ("Esc",)
    assert THREE.with_key("draft.stop", "F9").keys("draft.stop") == ("Esc", "F9")
    assert KeyMap(THREE.specs, {"draft.stop": ()}).keys("draft.stop") == ("Esc",)


KEYS = st.sampled_from(["B", "b", "D", "Ctrl+B", "Shift+[", "{", "F5", "PgDown", "Ctrl+Shift+Z", "K"])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["with_key", "without_key", "reset"]),
            st.sampled_from([spec.id for spec in ACTIONS]),
            KEYS,
        ),
        max_size=12,
    )
)
def test_that_after_any_changes_no_key_has_two_commands(steps: list[tuple[str, str, str]]) -> None:
    keymap = KeyMap(ACTIONS)
    for step, action_id, key in steps:
        if step == "reset":
            keymap = keymap.reset(action_id)
            assert keymap.is_default(action_id)
        else:
            keymap = getattr(keymap, step)(action_id, key)
            assert (normal(key) in map(normal, keymap.keys(action_id))) is (step == "with_key")
        bound = [
            ActionSpec(spec.id, "", "", tuple(map(normal, keymap.keys(spec.id))), spec.scope, "")
            for spec in ACTIONS
        ]
        assert collisions(bound) == []
    assert keymap.reset_all().chosen == {}
