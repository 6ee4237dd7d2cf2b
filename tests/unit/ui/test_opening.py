"""From paths to a document, with the real store and file threads."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from made.drafts import draft
from made.windows import write_picture
from pytestqt.qtbot import QtBot

from lsegdiff_gui.project.catalogue import Catalogue
from lsegdiff_gui.project.store import PictureRow, Store
from lsegdiff_gui.ui.ahead import Ahead
from lsegdiff_gui.ui.opening import Opening, Shown
from lsegdiff_gui.ui.rows import Rows
from lsegdiff_gui.workers.catalogue import CatalogueThread
from lsegdiff_gui.workers.files import FilePool
from lsegdiff_gui.workers.store import StoreThread


@dataclass
class Desk:
    """An Opening and what it said."""

    opening: Opening
    store: StoreThread
    known: Rows
    ahead: Ahead
    project: Path
    shown: list[Shown] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.opening.shown.connect(self.shown.append)
        self.opening.leaving.connect(lambda: self.said.append("leaving"))
        self.opening.reading.connect(lambda row: self.said.append(f"reading {row.path.name}"))
        self.opening.unreadable.connect(
            lambda row, _sentence: self.said.append(f"unreadable {row.path.name}")
        )
        self.opening.looking.connect(lambda: self.said.append("looking"))
        self.opening.emptied.connect(lambda: self.said.append("emptied"))
        self.opening.failed.connect(lambda _sentence: self.said.append("failed"))

    @property
    def rows(self) -> list[PictureRow]:
        with closing(Catalogue(self.project)) as catalogue:
            return catalogue.all()

    def names(self) -> list[str]:
        return [row.path.name for row in self.rows]


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Desk]:
    store, files, catalogue = StoreThread(), FilePool(), CatalogueThread()
    store.opened.connect(lambda project: catalogue.open(project.path))
    rows, ahead = Rows(store, catalogue), Ahead(store, files)
    yield Desk(Opening(store, files, rows, ahead), store, rows, ahead, tmp_path / "p.lsegdiff")
    assert store.stop(5000)
    assert files.stop(5000)
    assert catalogue.stop(5000)


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return [write_picture(tmp_path / f"{name}.png", 60, 40, seed=n) for n, name in enumerate("abc")]


def test_that_an_empty_project_leaves_the_desk_empty(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.opening.emptied):
        desk.store.open(desk.project)
    assert desk.opening.project == desk.project
    assert desk.names() == []


def test_that_paths_named_before_the_project_is_open_are_opened_with_it(
    desk: Desk, pictures: list[Path], qtbot: QtBot
) -> None:
    desk.opening.open_paths(pictures[:2])
    with qtbot.waitSignal(desk.opening.shown):
        desk.store.open(desk.project)
    assert desk.names() == ["a.png", "b.png"]
    assert "emptied" not in desk.said
    assert desk.said.index("looking") < desk.said.index("reading a.png")


def test_that_the_first_of_the_new_pictures_is_shown(desk: Desk, pictures: list[Path], qtbot: QtBot) -> None:
    desk.store.open(desk.project)
    with qtbot.waitSignal(desk.opening.shown):
        desk.opening.open_paths([pictures[0]])
    with qtbot.waitSignal(desk.opening.shown):
        desk.opening.open_paths([pictures[2], pictures[1]])
    assert sorted(desk.names()) == ["a.png", "b.png", "c.png"]
    assert [shown.row.path.name for shown in desk.shown] == ["a.png", desk.names()[1]]


def test_that_a_picture_is_left_before_the_next_is_read(
    desk: Desk, pictures: list[Path], qtbot: QtBot
) -> None:
    desk.opening.open_paths(pictures)
    with qtbot.waitSignal(desk.opening.shown):
        desk.store.open(desk.project)
    desk.said.clear()
    with qtbot.waitSignal(desk.opening.shown):
        desk.opening.show(desk.rows[1].id)
    assert desk.said == ["leaving", "reading b.png"]


def test_that_only_the_picture_gone_to_last_is_shown(desk: Desk, pictures: list[Path], qtbot: QtBot) -> None:
    desk.opening.open_paths(pictures)
    with qtbot.waitSignal(desk.opening.shown):
        desk.store.open(desk.project)
    first, second, third = (row.id for row in desk.rows)
    desk.known.put(desk.rows)
    desk.shown.clear()
    for picture_id in (second, first, third, first):
        desk.opening.show(picture_id)
    qtbot.waitUntil(lambda: len(desk.shown) == 1)
    qtbot.wait(100)
    assert [shown.row.id for shown in desk.shown] == [first]


def test_that_what_was_found_out_about_a_file_is_kept(desk: Desk, pictures: list[Path], qtbot: QtBot) -> None:
    rows: list[PictureRow] = []
    desk.known.changed.connect(rows.append)
    desk.opening.open_paths(pictures[:1])
    with qtbot.waitSignal(desk.opening.shown):
        desk.store.open(desk.project)
    qtbot.waitUntil(lambda: bool(rows))
    assert (rows[-1].width, rows[-1].height) == (60, 40)


def test_that_a_bad_file_is_current_but_not_shown(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    bad = tmp_path / "bad.png"
    bad.write_text("no picture")
    desk.opening.open_paths([bad])
    with qtbot.waitSignal(desk.opening.unreadable):
        desk.store.open(desk.project)
    assert desk.opening.row(desk.opening.current) is not None
    assert desk.shown == []


def test_that_the_list_and_the_place_in_it_come_back(desk: Desk, pictures: list[Path], qtbot: QtBot) -> None:
    desk.opening.open_paths(pictures)
    with qtbot.waitSignal(desk.opening.shown):
        desk.store.open(desk.project)
    with qtbot.waitSignal(desk.opening.shown):
        desk.opening.show(desk.rows[2].id)
    with qtbot.waitSignal(desk.opening.shown):
        desk.store.open(desk.project)
    assert desk.shown[-1].row.path.name == "c.png"


def test_that_a_cleared_list_stays_empty_and_the_project_keeps_its_pictures(
    desk: Desk, pictures: list[Path], qtbot: QtBot
) -> None:
    desk.opening.open_paths(pictures)
    with qtbot.waitSignal(desk.opening.shown):
        desk.store.open(desk.project)
    with qtbot.waitSignal(desk.opening.emptied):
        desk.opening.clear()
    with qtbot.waitSignal(desk.opening.emptied):
        desk.store.open(desk.project)
    assert desk.names() == []
    with Store.open(desk.project) as store:
        assert len(store.pictures()) == 3


def test_that_a_picture_that_is_ready_is_shown_at_once_with_its_exact_mask(
    desk: Desk, pictures: list[Path], qtbot: QtBot
) -> None:
    desk.opening.open_paths(pictures)
    with qtbot.waitSignal(desk.opening.shown):
        desk.store.open(desk.project)
    second = desk.rows[1]
    with qtbot.waitSignal(desk.store.pictures_changed):
        desk.store.set_identity(second.id, second.sha256, 60, 40, 1)
        desk.store.place_draft(second.id, draft(3))
    desk.known.put([second])
    desk.ahead.prepare([second])
    qtbot.waitUntil(lambda: desk.ahead.is_ready(second.id))
    desk.opening.show(second.id)
    assert [shown.row.id for shown in desk.shown][1:] == [second.id]
    document = desk.shown[-1].document
    assert document.base.draft == draft(3)
    assert not document.needs_base


def test_that_what_was_ready_before_a_draft_came_is_not_shown_without_it(
    desk: Desk, pictures: list[Path], qtbot: QtBot
) -> None:
    desk.opening.open_paths(pictures)
    with qtbot.waitSignal(desk.opening.shown):
        desk.store.open(desk.project)
    second = desk.rows[1]
    desk.ahead.prepare([second])
    qtbot.waitUntil(lambda: desk.ahead.is_ready(second.id))
    desk.store.set_identity(second.id, second.sha256, 60, 40, 1)
    desk.store.place_draft(second.id, draft(3))
    desk.ahead.forget(second.id)
    assert not desk.ahead.is_ready(second.id)
    with qtbot.waitSignal(desk.opening.shown):
        desk.opening.show(second.id)
    assert desk.shown[-1].document.base.draft == draft(3)


def test_that_a_file_that_is_another_by_now_is_not_made_ready(
    desk: Desk, pictures: list[Path], qtbot: QtBot
) -> None:
    desk.opening.open_paths(pictures)
    with qtbot.waitSignal(desk.opening.shown):
        desk.store.open(desk.project)
    other = replace(desk.rows[1], sha256="ab" * 32)
    desk.ahead.prepare([other])
    qtbot.waitUntil(lambda: not desk.ahead._guests)
    assert desk.ahead.take(other.id) is None
