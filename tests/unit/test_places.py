from pathlib import Path

import pytest

from lsegdiff_gui import places


def _as_if_installed_at(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package.mkdir(parents=True)
    monkeypatch.setattr(places, "_PACKAGE", package)


def _write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("here", encoding="utf-8")
    return path


def test_that_a_checkout_finds_its_own_folders() -> None:
    assert places.bundled("pyproject.toml") == Path(places.__file__).resolve().parents[1] / "pyproject.toml"


def test_that_a_wheel_finds_what_it_carries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "lsegdiff_gui"
    _as_if_installed_at(package, monkeypatch)
    weights = _write(package / "_bundled" / "models" / "polyp.safetensors")

    assert places.bundled("models", "polyp.safetensors") == weights


def test_that_a_wheel_does_not_take_a_neighbours_models_for_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "lsegdiff_gui"
    _as_if_installed_at(package, monkeypatch)
    _write(tmp_path / "site-packages" / "models" / "polyp.safetensors")

    assert places.bundled("models", "polyp.safetensors") == package / "_bundled/models/polyp.safetensors"


def test_that_a_frozen_app_looks_in_its_own_folder_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = _write(tmp_path / "frozen" / "models" / "skin.safetensors")
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path / "frozen"), raising=False)

    assert places.bundled("models", "skin.safetensors") == weights


def test_that_a_missing_file_still_has_a_path_to_name() -> None:
    path = places.bundled("models", "no such model.safetensors")

    assert not path.exists()
    assert path.parts[-2:] == ("models", "no such model.safetensors")


@pytest.mark.parametrize("name", ["data", "config", "cache", "log"])
def test_that_one_variable_moves_every_folder_of_the_user(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSEGDIFF_HOME", str(tmp_path / "home"))

    folder = getattr(places, f"{name}_folder")()

    assert folder == tmp_path / "home" / name
    assert folder.is_dir()


def test_that_without_the_variable_the_systems_folders_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LSEGDIFF_HOME")
    monkeypatch.setattr(
        "platformdirs.user_data_path", lambda *_args, **_kwargs: tmp_path / "share" / "LSegDiff"
    )

    assert places.data_folder() == tmp_path / "share" / "LSegDiff"
    assert places.unnamed_project() == tmp_path / "share" / "LSegDiff" / "unnamed.lsegdiff"
