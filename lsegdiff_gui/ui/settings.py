"""What the program remembers between runs, declared once: defaults, limits, words, and their file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, ClassVar

from lsegdiff_gui import places
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.imaging.read import Limits
from lsegdiff_gui.imaging.write import write_atomically

FILE_NAME = "settings.json"
_RECENT_KEPT = 10
_COMMANDS_KEPT = 8
_KEPT = {"recent": _RECENT_KEPT, "recent_commands": _COMMANDS_KEPT}
_KEY = "declared"

LONGEST_NAME = 80
"""Letters of an annotator's name."""


@dataclass(frozen=True)
class Declared:
    """The words and limits of one setting; those with a label are shown in the settings dialog.

    low, high: inclusive; of a text its
    longest length. choices: (stored value, words for it). unit: written behind the number. form: what the
    file holds and what it begins with, where type and default do not say it.
    """

    section: str = ""
    label: str = ""
    help: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    form: tuple[str, str] = ("", "")

    def accepts(self, value: object) -> bool:
        """Whether a value of the right type lies within the limits."""
        if self.choices:
            return value in {stored for stored, _ in self.choices}
        if isinstance(value, str):
            return self.high is None or len(value) <= self.high
        if isinstance(value, int | float) and not isinstance(value, bool):
            return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        return True


def _setting(default: object, **words: Any) -> Any:
    return field(default=default, metadata={_KEY: Declared(**words)})


@dataclass(frozen=True)
class Settings:
    """All settings. Raises ValueError when made with a value outside its limits.

    step_ms: shortest time a denoising step stays on screen, milliseconds. brush_radius: picture pixels.
    overlay_opacity: 0 to 1. recent: paths, newest first. keys: action ids to keys, those of unknown ids too. unknown:
    what a newer version wrote, kept as it was.
    """

    theme: str = _setting(
        "system",
        section="Look",
        label="Theme",
        help="Dark keeps the eyes on the picture. “Like the desktop” follows your system.",
        choices=(("system", "Like the desktop"), ("light", "Light"), ("dark", "Dark")),
    )
    step_ms: int = _setting(
        80,
        section="Live view",
        label="Each step is shown for at least",
        help="How fast the denoising steps are played. Any key skips to the end.",
        low=80,
        high=2000,
        unit="ms",
    )
    device: str = _setting(
        "auto",
        section="Drafting",
        label="Device",
        help="Where drafts are computed. “Automatic” takes a graphics card when there is one.",
        choices=(
            ("auto", "Automatic"),
            ("cpu", "Processor"),
            ("cuda", "NVIDIA graphics"),
            ("mps", "Apple graphics"),
        ),
    )
    steps: int = _setting(
        4,
        section="Drafting",
        label="Steps",
        help="Denoising steps per draft. More take longer and change little beyond 4.",
        low=1,
        high=50,
    )
    samples: int = _setting(
        5,
        section="Drafting",
        label="Samples",
        help="Drafts whose mean is the mask; where they disagree, the spread is high.",
        low=1,
        high=20,
    )
    seed: int = _setting(
        0,
        section="Drafting",
        label="Seed",
        help="The same seed gives the same draft.",
        low=0,
        high=2**31 - 1,
    )
    largest_megapixels: int = _setting(
        150,
        section="Pictures",
        label="Largest picture",
        help="Larger ones are refused before they are decoded. While it is edited, a megapixel takes some 7 MB.",
        low=1,
        high=1000,
        unit="megapixels",
    )
    largest_megabytes: int = _setting(
        1024,
        section="Pictures",
        label="Largest file",
        help="Larger files are refused before they are read.",
        low=1,
        high=16_384,
        unit="MB",
    )
    annotator: str = _setting(
        "",
        section="Work",
        label="Who annotates",
        help="Written beside each step from now on. Never taken from the system; empty for no name.",
        high=LONGEST_NAME,
    )
    blind: bool = _setting(
        False,
        section="Drafting",
        label="Draw first, then see the draft",
        help="Drafts are made but kept out of sight until you have said done, or ask for them (Shift+H). That it was "
        "so stays with the mask.",
    )
    tool: str = _setting("brush", help="The tool in the hand, by the name of its command.")
    brush_radius: float = _setting(
        20.0, help="Half the brush's width, in pixels of the picture.", low=0.5, high=1000, unit="px"
    )
    wand_tolerance: float = _setting(
        10.0,
        help="How unlike in colour a pixel may be for the magic wand to take it.",
        low=0,
        high=100,
        unit="%",
    )
    pen: str = _setting(
        "pressure",
        section="Tools",
        label="Pen",
        help="Whether a pen that is pressed harder paints broader strokes.",
        choices=(("pressure", "Pressure counts"), ("steady", "Steady width")),
    )
    grow_pixels: int = _setting(
        3,
        section="Tools",
        label="Grow, shrink and smooth by",
        help="How far these commands of the Mask menu move the label's edge, in pixels of the picture.",
        low=1,
        high=100,
        unit="px",
    )
    overlay_visible: bool = _setting(True, help="Whether the mask is shown over the picture.")
    overlay_opacity: float = _setting(
        0.45, help="How opaque the mask is; 1 hides the picture.", low=0, high=1
    )
    overlay_outline: bool = _setting(False, help="Whether only the mask's border is drawn.")
    notice_accepted: bool = _setting(False, help="Whether the notice of the first start was acknowledged.")
    annotator_asked: bool = _setting(False, help="Whether it was asked who annotates.")
    recent: tuple[str, ...] = _setting(
        (),
        help=f"Files and folders opened last, newest first, at most {_RECENT_KEPT}.",
        form=("list of paths", "empty"),
    )
    recent_commands: tuple[str, ...] = _setting(
        (),
        help=f"Commands last run from “Find a command”, newest first, at most {_COMMANDS_KEPT}.",
        form=("list of command ids", "empty"),
    )
    keys: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict,
        metadata={
            _KEY: Declared(
                help="Keys of the commands that do not have their default ones; set by “Change the keys”.",
                form=("command id to list of keys", "empty"),
            )
        },
    )
    recipe: Recipe = field(
        default_factory=Recipe,
        metadata={
            _KEY: Declared(
                help="What the Mask panel begins with for a new picture.",
                form=("parameter to value", "the panel's defaults"),
            )
        },
    )
    unknown: Mapping[str, object] = field(default_factory=dict)

    # Not written under their own names, or not plain values.
    _SPECIAL: ClassVar[frozenset[str]] = frozenset({"recent", "recent_commands", "keys", "recipe", "unknown"})

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not declared(item).accepts(value):
                raise ValueError(f"{item.name} = {value!r} is outside its limits")

    @property
    def limits(self) -> Limits:
        """What is refused of pictures, and where the user reads that it can be changed."""
        return Limits(self.largest_megapixels, self.largest_megabytes, raised_in="the settings")

    def with_recent(self, path: Path) -> Settings:
        """The same settings with one more file or folder at the head of the recent ones."""
        text = str(path)
        others = tuple(old for old in self.recent if old != text)
        return replace(self, recent=(text, *others)[:_RECENT_KEPT])

    def with_command(self, action_id: str) -> Settings:
        """The same settings with one more command at the head of those run last."""
        others = tuple(old for old in self.recent_commands if old != action_id)
        return replace(self, recent_commands=(action_id, *others)[:_COMMANDS_KEPT])

    def to_dict(self) -> dict[str, object]:
        """Plain values for the file; what is unknown comes along, what is known wins."""
        known: dict[str, object] = {
            item.name: getattr(self, item.name) for item in fields(self) if item.name not in self._SPECIAL
        }
        special = {
            "recent": list(self.recent),
            "recent_commands": list(self.recent_commands),
            "keys": {action_id: list(keys) for action_id, keys in self.keys.items()},
            "recipe": self.recipe.to_dict(),
        }
        return {**self.unknown, **known, **special}


@dataclass(frozen=True)
class Loaded:
    """Settings as read, and the sentence to show when not all of them could be."""

    settings: Settings
    sentence: str | None = None


def declared(item: Field[Any]) -> Declared:
    """The words and limits of a field of `Settings`."""
    found = item.metadata.get(_KEY)
    return found if isinstance(found, Declared) else Declared()


def settings_file() -> Path:
    """Where the settings lie."""
    return places.config_folder() / FILE_NAME


def load(path: Path | None = None) -> Loaded:
    """Read the settings; never fails. No file gives the defaults.

    A file that cannot be understood is kept beside itself under another name and the defaults are used; a
    single value that cannot be used is replaced by its default. Both are told in the sentence.
    """
    path = path or settings_file()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Loaded(Settings())
    except OSError as problem:
        reason = problem.strerror or "unknown reason"
        return Loaded(Settings(), f"The settings in {path} could not be read ({reason}): defaults are used.")
    except UnicodeDecodeError:
        return _set_aside(path)
    try:
        stored = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return _set_aside(path)
    if not isinstance(stored, dict):
        return _set_aside(path)
    return _from_dict(stored, path)


def save(settings: Settings, path: Path | None = None) -> None:
    """Write the settings, all or nothing. Raises ImageError with the sentence when the folder refuses."""
    text = json.dumps(settings.to_dict(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    write_atomically(path or settings_file(), text.encode("utf-8"))


def _from_dict(stored: dict[str, object], path: Path) -> Loaded:
    known = {item.name: item for item in fields(Settings) if item.name != "unknown"}
    values: dict[str, Any] = {}
    refused: list[str] = []
    for name in known.keys() & stored.keys():
        value = _understood(known[name], stored[name])
        if value is None:
            refused.append(name)
        else:
            values[name] = value
    unknown = {name: value for name, value in stored.items() if name not in known}
    settings = Settings(**values, unknown=unknown)
    if not refused:
        return Loaded(settings)
    names = ", ".join(f"“{name}”" for name in sorted(refused))
    return Loaded(settings, f"In {path} these settings cannot be used: {names}. Their defaults are used.")


def _understood(item: Field[Any], value: object) -> object | None:
    """The stored value as the field's own type, or None when it is not of it or outside the limits."""
    if item.name in ("recent", "recent_commands"):
        entries = _texts(value)
        return None if entries is None else entries[: _KEPT[item.name]]
    if item.name == "keys":
        return _keys(value)
    if item.name == "recipe":
        try:
            return Recipe.from_dict(value) if isinstance(value, dict) else None
        except (TypeError, ValueError):
            return None
    wanted = type(item.default)
    if wanted is float and type(value) is int:
        value = float(value)
    if type(value) is not wanted or value != value:  # a NaN is not equal to itself
        return None
    return value if declared(item).accepts(value) else None


def _texts(value: object) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return tuple(value)
    return None


def _keys(value: object) -> dict[str, tuple[str, ...]] | None:
    if not isinstance(value, dict):
        return None
    understood = {action_id: _texts(keys) for action_id, keys in value.items()}
    found = {action_id: keys for action_id, keys in understood.items() if keys is not None}
    return found if len(found) == len(understood) else None


def _set_aside(path: Path) -> Loaded:
    kept = path.with_name(f"{path.stem}.unreadable{path.suffix}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.stem}.unreadable-{number}{path.suffix}")
    try:
        path.rename(kept)
    except OSError:
        return Loaded(Settings(), f"The settings in {path} could not be understood: the defaults are used.")
    return Loaded(
        Settings(),
        f"The settings could not be understood: the defaults are used. The old file was kept as {kept}.",
    )
