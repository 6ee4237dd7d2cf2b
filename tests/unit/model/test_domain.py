from pathlib import Path

import pytest

from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.model.domain import guess_domain
from lsegdiff_gui.places import bundled


@pytest.mark.parametrize(
    "path", sorted(bundled("resources", "samples").glob("*.[jp][pn]g")), ids=lambda p: p.stem
)
def test_that_the_samples_are_told_apart(path: Path) -> None:
    assert path.name.startswith(guess_domain(read(path).rgb8))


@pytest.mark.pictures
@pytest.mark.parametrize("folder", ["polyp/kvasir_seg", "polyp/polypgen", "skin/isic2017"])
def test_that_nearly_all_real_pictures_are_told_apart(real_data: Path, folder: str) -> None:
    root = real_data / folder
    stems = [line for line in (root / "select.txt").read_text("utf-8").splitlines() if line][::3]
    guesses = [guess_domain(read(root / "images" / f"{stem}.jpg").rgb8) for stem in stems]
    assert guesses.count(folder.split("/")[0]) >= 0.95 * len(stems)
