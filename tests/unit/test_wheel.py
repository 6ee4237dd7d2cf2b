"""What a user installs: the wheel carries the models and resources, and finds them without a checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
BUNDLED = "lsegdiff_gui/_bundled"

FIND = """
from lsegdiff_gui import places
print(places.bundled("models"))
print(places.bundled("resources", "samples"))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from this checkout, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    options = ["--disable-pip-version-check", "--no-cache-dir", "-q", "-w", str(folder), str(CHECKOUT)]
    built = subprocess.run([*command, *options], capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's contents, as an installation has them."""
    folder = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def test_that_the_wheel_carries_what_the_checkout_bundles(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "models", "resources"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    ).stdout.split()

    assert {f"{BUNDLED}/{path}" for path in tracked} <= carried
    assert any(name.startswith(f"{BUNDLED}/resources/samples/") for name in carried)
    assert any(name.startswith(f"{BUNDLED}/models/") for name in carried)


def test_that_tests_and_benchmarks_stay_out_of_the_wheel(wheel: Path) -> None:
    roots = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {root for root in roots if not root.endswith(".dist-info")} == {"lsegdiff_gui"}


def test_that_an_installed_program_finds_its_models_and_resources(site: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}

    found = subprocess.run(
        [sys.executable, "-c", FIND],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert found.stdout.splitlines() == [
        str(site / BUNDLED / "models"),
        str(site / BUNDLED / "resources" / "samples"),
    ], found.stderr
