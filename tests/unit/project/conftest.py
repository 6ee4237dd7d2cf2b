from collections.abc import Iterator
from pathlib import Path

import pytest

from lsegdiff_gui.project.store import Store


@pytest.fixture
def project_file(tmp_path: Path) -> Path:
    return tmp_path / "project.lsegdiff"


@pytest.fixture
def store(project_file: Path) -> Iterator[Store]:
    with Store.open(project_file) as opened:
        yield opened


@pytest.fixture
def picture_id(store: Store, tmp_path: Path) -> int:
    (row,) = store.add_pictures([tmp_path / "skin.jpg"])
    store.set_identity(row.id, "ab" * 32, 330, 290, 1)
    return row.id
