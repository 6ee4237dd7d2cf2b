"""Where things lie: what is shipped with the program, and the folders it may write to."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs

_APP = "LSegDiff"
_HOME_VARIABLE = "LSEGDIFF_HOME"
_PACKAGE = Path(__file__).resolve().parent


def bundled(*parts: str) -> Path:
    """Return the path of a shipped file or folder, e.g. `bundled("models", "polyp.safetensors")`.

    Looks, in this order, in a frozen app, an installed wheel, and a checkout (also when installed editable).
    The path is returned even if nothing lies there, so that whoever opens it can name it in its sentence.
    """
    candidates = [root.joinpath(*parts) for root in _bundle_roots()]
    return next((path for path in candidates if path.exists()), candidates[-1])


def _bundle_roots() -> Iterator[Path]:
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        yield Path(frozen)
    yield _PACKAGE / "_bundled"
    if (_PACKAGE.parent / "pyproject.toml").is_file():
        yield _PACKAGE.parent


def absolute(path: Path) -> Path:
    """The path from the root, without dots; links are kept, for their names are what the user knows."""
    return Path(os.path.normpath(path.absolute()))


def data_folder() -> Path:
    """Return the folder of what the user made, among it the unnamed project. Created when missing."""
    return _own_folder("data", platformdirs.user_data_path(_APP, appauthor=False))


def config_folder() -> Path:
    """Return the folder of the settings. Created when missing."""
    return _own_folder("config", platformdirs.user_config_path(_APP, appauthor=False))


def cache_folder() -> Path:
    """Return the folder of what can be made again, e.g. thumbnails. Created when missing."""
    return _own_folder("cache", platformdirs.user_cache_path(_APP, appauthor=False))


def log_folder() -> Path:
    """Return the folder of the log and the crash log. Created when missing."""
    return _own_folder("log", platformdirs.user_log_path(_APP, appauthor=False))


def unnamed_project() -> Path:
    """Return the path of the project that holds the work on files opened without a project."""
    return data_folder() / "unnamed.lsegdiff"


def _own_folder(name: str, usual: Path) -> Path:
    home = os.environ.get(_HOME_VARIABLE)
    folder = Path(home).expanduser().resolve() / name if home else usual
    folder.mkdir(parents=True, exist_ok=True)
    return folder
