"""The list of pictures as the window asks for it: filters, orders, search, pages, figures."""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from made.drafts import draft

from lsegdiff_gui.annotation.commands import StatusChange
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.project import statistics
from lsegdiff_gui.project.catalogue import Catalogue, Order, Query
from lsegdiff_gui.project.names import order_of
from lsegdiff_gui.project.statistics import PictureFigures
from lsegdiff_gui.project.store import Store

NAMES = ("naevus_2.png", "Naevus_10.png", "polyp_1.png", "Zäpfchen.png")


@pytest.fixture
def store(project_file: Path) -> Iterator[Store]:
    with Store.open(project_file) as store:
        store.add_pictures([project_file.with_name(name) for name in NAMES])
        for number in range(1, 5):
            store.set_identity(number, f"{number:064x}", 96, 64)
        yield store


@pytest.fixture
def catalogue(store: Store) -> Iterator[Catalogue]:
    with closing(Catalogue(store.path)) as catalogue:
        yield catalogue


def paint(store: Store, picture_id: int, label: int = 1) -> Document:
    document = store.load_document(picture_id, 96, 64)
    document.rebuild_base()
    stroke = Stroke(document, label=label, radius=5, tool="brush")
    stroke.move_to(30, 30)
    edit = stroke.finish()
    assert edit is not None
    store.record(picture_id, edit)
    return document


def say(store: Store, picture_id: int, status: Status, note: str = "") -> None:
    before = store.picture(picture_id).status
    store.record(picture_id, StatusChange(before, status, note))


def test_that_without_a_question_all_are_listed_as_they_were_added(catalogue: Catalogue) -> None:
    found = catalogue.find(Query())
    assert found.ids == [1, 2, 3, 4]
    assert found.statuses == [Status.NEW] * 4
    assert (found.counts, found.listed) == ({Status.NEW: 4}, 4)
    assert not Query(order=Order.NAME, descending=True).is_narrow


def test_that_names_are_sorted_with_their_numbers_and_whatever_their_case(catalogue: Catalogue) -> None:
    assert catalogue.find(Query(order=Order.NAME)).ids == [1, 2, 3, 4]
    assert catalogue.find(Query(order=Order.NAME, descending=True)).ids == [4, 3, 2, 1]
    assert order_of("a/B2.png") < order_of(b"x/b10.png")


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (("NAEVUS",), [1, 2]),
        (("png", "10"), [2]),
        (("zäpf",), [4]),
        (("hair",), [3]),
        (("naevus", "hair"), []),
    ],
)
def test_that_every_word_is_looked_for_in_names_and_notes(
    store: Store, catalogue: Catalogue, words: tuple[str, ...], ids: list[int]
) -> None:
    say(store, 3, Status.FLAGGED, "much Hair")
    assert catalogue.find(Query(words=words)).ids == ids


def test_that_a_status_narrows_and_the_counts_are_of_the_whole_list(
    store: Store, catalogue: Catalogue
) -> None:
    say(store, 2, Status.DONE)
    found = catalogue.find(Query(statuses=frozenset({Status.DONE})))
    assert (found.ids, found.statuses) == ([2], [Status.DONE])
    assert found.counts == {Status.NEW: 3, Status.DONE: 1}
    assert catalogue.find(Query(order=Order.STATUS, descending=True)).ids[0] == 2


def test_that_the_least_certain_come_first_and_those_without_a_draft_last(
    store: Store, catalogue: Catalogue
) -> None:
    scores = {}
    for number in (1, 2, 3):
        made = draft(number)
        scores[number] = made.spread_score
        store.place_draft(number, made)
    expected = sorted(scores, key=lambda number: -scores[number])
    assert catalogue.find(Query(order=Order.SPREAD, descending=True)).ids == [*expected, 4]
    assert catalogue.find(Query(order=Order.SPREAD)).ids == [*reversed(expected), 4]
    limit = scores[expected[1]]
    assert sorted(catalogue.find(Query(least_spread=limit)).ids) == sorted(expected[:2])
    assert catalogue.rows([expected[0]])[0].spread == pytest.approx(scores[expected[0]])


def test_that_who_and_when_and_whether_with_a_note_narrow(store: Store, catalogue: Catalogue) -> None:
    store.annotator = "Ada"
    say(store, 2, Status.DONE)
    store.annotator = "Ben"
    say(store, 3, Status.FLAGGED, "blurred")
    assert catalogue.annotators() == ["Ada", "Ben"]
    assert catalogue.find(Query(annotator="Ada")).ids == [2]
    assert catalogue.find(Query(noted=True)).ids == [3]
    assert catalogue.find(Query(noted=False)).ids == [1, 2, 4]
    assert catalogue.find(Query(changed_since="2000-01-01")).ids == [2, 3]
    assert catalogue.find(Query(changed_since="2999-01-01")).ids == []
    assert catalogue.find(Query(order=Order.CHANGED, descending=True)).ids[:2] == [3, 2]
    assert catalogue.find(Query(order=Order.ANNOTATOR)).ids == [2, 3, 1, 4]
    assert catalogue.find(Query(order=Order.NOTE)).ids[0] == 3


def test_that_a_label_narrows_to_the_masks_that_have_it(store: Store, catalogue: Catalogue) -> None:
    store.place_draft(1, draft(1))
    store.note_labels(2, [1, 254])
    assert catalogue.find(Query(label=1)).ids == [1, 2]
    assert catalogue.find(Query(label=254)).ids == [2]
    store.note_labels(2, [])
    assert catalogue.find(Query(label=254)).ids == []


def test_that_only_those_nobody_worked_on_may_be_drafted(store: Store, catalogue: Catalogue) -> None:
    for number, status in enumerate(
        (status for status in Status if status not in (Status.NEW, Status.DRAFTED)), start=1
    ):
        (row,) = store.add_pictures([store.path.with_name(f"{number}.png")])
        say(store, row.id, status)
    store.place_draft(1, draft(1))
    paint(store, 2)
    assert [row.id for row in catalogue.untouched(Query())] == [1, 3, 4]
    assert [row.id for row in catalogue.untouched(Query(words=("polyp",)))] == [3]


def test_that_a_list_taken_apart_comes_back_in_the_order_it_is_added_again(
    store: Store, catalogue: Catalogue
) -> None:
    store.unlist()
    assert (catalogue.find(Query()).ids, store.listed(), store.last_shown()) == ([], 0, None)
    store.list_paths([store.path.with_name(name) for name in (NAMES[3], NAMES[0])])
    assert catalogue.find(Query()).ids == [4, 1]
    assert len(store.pictures()) == 4
    store.set_value("shown", "1")
    shown = store.last_shown()
    assert shown is not None and shown.id == 1


def test_that_files_nobody_looked_into_are_told_until_they_are_identified(
    store: Store, catalogue: Catalogue
) -> None:
    from lsegdiff_gui.project.pictures import Identity

    (row,) = store.add_pictures([store.path.with_name("new.png")])
    assert catalogue.unknown() == [row.id]
    store.identify([Identity(row.id, "ab" * 32, 7, 5, 6), Identity(1, "cd" * 32, 1, 1, 1)])
    assert catalogue.unknown() == []
    assert (store.picture(row.id).width, store.picture(1).width) == (7, 96), "what is known stays"


def test_that_reading_waits_for_no_step_that_is_being_written(store: Store, catalogue: Catalogue) -> None:
    with contextlib.closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE pictures SET note = 'not committed'")
        assert catalogue.find(Query(noted=True)).ids == []
        other.execute("ROLLBACK")


def test_that_the_figures_follow_the_work_and_its_undoing(store: Store, catalogue: Catalogue) -> None:
    store.place_draft(1, draft(1))
    paint(store, 1)
    paint(store, 1, label=254)
    store.undo(1)
    store.add_seconds(1, 2.5)
    store.add_seconds(1, 4.0)
    assert catalogue.figures()[0].dice is None, "not finished"
    say(store, 1, Status.DONE)
    first = catalogue.figures()[0]
    assert (first.picture, first.status, first.strokes, first.seconds) == (NAMES[0], Status.DONE, 1, 6.5)
    assert first.dice is not None and 0.5 < first.dice < 1


def test_that_figures_come_to_columns_and_words() -> None:
    figures = [
        PictureFigures("a.png", Status.DONE, 20.0, 0, 1.0, 0.1, "Ada", ""),
        PictureFigures("b.png", Status.DONE, 40.0, 4, 0.85, 0.2, "Ada", ""),
        PictureFigures("c.png", Status.NEW, 0.0, 0, None, None, "", ""),
    ]
    statuses, seconds, strokes, dice = statistics.plots(figures)
    assert {bar.label: bar.count for bar in statuses.bars if bar.count} == {"new": 1, "done": 2}
    assert {bar.label: bar.count for bar in seconds.bars if bar.count} == {"30 s": 1, "1 min": 1}
    assert seconds.summary == "1 min in all, half of the pictures below 30 s"
    assert {bar.label: bar.count for bar in strokes.bars if bar.count} == {"0": 1, "3–5": 1}
    assert strokes.summary == "1 of 2 were left as drafted"
    assert {bar.label: bar.count for bar in dice.bars if bar.count} == {".8–.9": 1, "≥ .99": 1}
    assert dice.summary == (
        "Mean 0.925, median 0.925 of 2 pictures; its rank correlation with the model's doubt -1.00"
    )
    assert all(plot.summary == "" for plot in statistics.plots([]))


def test_that_the_ranking_of_errors_is_told_in_words() -> None:
    figures = [
        PictureFigures(f"{n}.png", Status.DONE, 1.0, 0, dice, score, "Ada", "")
        for n, (dice, score) in enumerate([(0.9, 0.1), (0.8, 0.3), (0.95, 0.2), (0.5, 0.4), (None, 0.9)])
    ]
    found = statistics.ranking(figures)
    assert found is not None
    assert (found.pictures, found.doubtful, found.others) == (4, pytest.approx(0.65), pytest.approx(0.925))
    assert found.correlation == pytest.approx(0.8)
    assert "Dice 0.65, the other half with 0.93" in found.words
    same = [PictureFigures("a.png", Status.DONE, 1.0, 0, 1.0, 0.1, "", "")] * 3
    alike = statistics.ranking(same)
    assert alike is not None
    assert "nothing to rank" in alike.words
    assert statistics.ranking(same[:1]) is None


def test_that_the_table_has_a_line_for_each_picture() -> None:
    figures = [PictureFigures('a, "b".png', Status.DONE, 20.0, 1, None, 0.25, "Ada", "2026-01-02")]
    lines = statistics.as_csv(figures).decode("utf-8-sig").splitlines()
    assert lines[0] == "picture,status,seconds,strokes,dice,spread_score,annotator,changed"
    assert lines[1] == '"a, ""b"".png",done,20.0,1,,0.25,Ada,2026-01-02'
