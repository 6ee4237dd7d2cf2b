import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.ui import settings as stored
from lsegdiff_gui.ui.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_that_a_first_start_gets_the_defaults_without_a_word(file: Path) -> None:
    assert stored.load(file) == stored.Loaded(Settings())
    assert not file.exists()


def test_that_what_is_saved_is_loaded(file: Path) -> None:
    changed = replace(
        Settings(),
        theme="dark",
        step_ms=200,
        overlay_opacity=1.0,
        brush_radius=7.5,
        notice_accepted=True,
        annotator_asked=True,
        recipe=Recipe(kernel=9, threshold=0.3),
        recent=("/pictures/a é.png",),
        recent_commands=("file.open",),
        keys={"tool.brush": ("J", "Ctrl+B"), "draft.run": (), "tool.of_tomorrow": ("L",)},
        tool="eraser",
    )
    stored.save(changed, file)
    assert stored.load(file) == stored.Loaded(changed)


@given(
    st.builds(
        Settings,
        theme=st.sampled_from(["system", "light", "dark"]),
        step_ms=st.integers(80, 2000),
        seed=st.integers(0, 2**31 - 1),
        overlay_opacity=st.floats(0, 1),
        brush_radius=st.floats(0.5, 1000),
        recent=st.lists(st.text(), max_size=10).map(tuple),
    )
)
def test_that_any_settings_survive_the_file(
    tmp_path_factory: pytest.TempPathFactory, chosen: Settings
) -> None:
    file = tmp_path_factory.mktemp("config") / "settings.json"
    if any("\ud800" <= letter <= "\udfff" for text in chosen.recent for letter in text):
        return  # lone surrogates cannot be UTF-8
    stored.save(chosen, file)
    assert stored.load(file) == stored.Loaded(chosen)


def test_that_what_a_newer_version_wrote_is_kept(file: Path) -> None:
    file.write_text(json.dumps({"theme": "dark", "colour_of_tomorrow": {"hue": 7}}), encoding="utf-8")
    stored.save(replace(stored.load(file).settings, theme="light"), file)
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["colour_of_tomorrow"] == {"hue": 7}
    assert written["theme"] == "light"


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b"\xff\xfe\x00", b"null", b"[" * 200_000])
def test_that_a_file_that_cannot_be_understood_is_kept_and_told(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    loaded = stored.load(file)
    kept = file.with_name("settings.unreadable.json")
    assert loaded.settings == Settings()
    assert loaded.sentence is not None
    assert str(kept) in loaded.sentence
    assert kept.read_bytes() == content
    assert not file.exists()


def test_that_a_second_bad_file_does_not_replace_the_first_one_kept(file: Path) -> None:
    for content in ("first", "second"):
        file.write_text(content, encoding="utf-8")
        stored.load(file)
    assert file.with_name("settings.unreadable.json").read_text(encoding="utf-8") == "first"
    assert file.with_name("settings.unreadable-2.json").read_text(encoding="utf-8") == "second"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "sepia"),
        ("step_ms", 10),
        ("step_ms", "80"),
        ("step_ms", 80.5),
        ("steps", 0),
        ("samples", True),
        ("overlay_opacity", 1.5),
        ("overlay_opacity", float("nan")),
        ("notice_accepted", 1),
        ("recent", "/one/path"),
        ("recent", [3]),
        ("recipe", {"kernel": 4}),
        ("recipe", {"kernel": "five"}),
        ("recipe", []),
        ("device", None),
        ("tool", 1),
        ("recent_commands", [1]),
        ("keys", ["B"]),
        ("keys", {"tool.brush": "B"}),
        ("keys", {"tool.brush": [1]}),
    ],
)
def test_that_one_bad_value_costs_only_itself(file: Path, name: str, value: object) -> None:
    file.write_text(json.dumps({name: value, "seed": 42}), encoding="utf-8")
    loaded = stored.load(file)
    assert getattr(loaded.settings, name) == getattr(Settings(), name)
    assert loaded.settings.seed == 42
    assert loaded.sentence is not None
    assert f"“{name}”" in loaded.sentence


def test_that_a_whole_number_is_taken_where_a_fraction_is_meant(file: Path) -> None:
    file.write_text(json.dumps({"brush_radius": 12}), encoding="utf-8")
    assert stored.load(file) == stored.Loaded(replace(Settings(), brush_radius=12.0))


def test_that_a_folder_in_the_place_of_the_file_is_told(file: Path) -> None:
    file.mkdir()
    loaded = stored.load(file)
    assert loaded.settings == Settings()
    assert loaded.sentence is not None
    assert str(file) in loaded.sentence


def test_that_settings_outside_their_limits_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="step_ms"):
        Settings(step_ms=5)
    with pytest.raises(ValueError, match="theme"):
        Settings(theme="sepia")


def test_that_a_folder_that_refuses_gives_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LSegDiffError, match="does not exist"):
        stored.save(Settings(), tmp_path / "missing" / "settings.json")


def test_that_recent_paths_are_newest_first_once_and_ten() -> None:
    settings = Settings()
    for number in [*range(12), 5]:
        settings = settings.with_recent(Path(f"/p/{number}"))
    assert settings.recent[:2] == (str(Path("/p/5")), str(Path("/p/11")))
    assert len(settings.recent) == len(set(settings.recent)) == 10


def test_that_commands_run_last_are_newest_first_once_and_eight() -> None:
    settings = Settings()
    for number in [*range(10), 5]:
        settings = settings.with_command(f"view.{number}")
    assert settings.recent_commands[:2] == ("view.5", "view.9")
    assert len(settings.recent_commands) == len(set(settings.recent_commands)) == 8


def test_that_every_setting_explains_itself() -> None:
    for item in fields(Settings):
        if item.name != "unknown":
            assert stored.declared(item).help.endswith("."), item.name


def test_that_every_setting_that_is_shown_has_words_and_every_number_limits() -> None:
    for item in fields(Settings):
        words = stored.declared(item)
        if words.label:
            assert words.section and words.help, item.name
        if type(item.default) in (int, float):
            assert words.low is not None and words.high is not None, item.name


def test_that_settings_lie_in_the_config_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSEGDIFF_HOME", str(tmp_path))
    stored.save(Settings(seed=3))
    assert (tmp_path / "config" / "settings.json").is_file()
    assert stored.load().settings.seed == 3
