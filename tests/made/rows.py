"""Lines of the picture list without a project."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.findings import UNKNOWN, Findings
from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.project.catalogue import Found
from lsegdiff_gui.project.store import PictureRow


def row(
    number: int,
    status: Status = Status.NEW,
    *,
    name: str = "",
    note: str = "",
    findings: Findings = UNKNOWN,
) -> PictureRow:
    """The row of a picture; its number is its id."""
    return PictureRow(
        id=number,
        path=Path("pictures") / (name or f"naevus_{number}.png"),
        sha256="",
        width=0,
        height=0,
        status=status,
        has_draft=status is not Status.NEW,
        is_edited=False,
        note=note,
        findings=findings,
    )


class MadeRows(QObject):
    """Rows that are at hand when the test puts them there."""

    arrived = Signal(object)
    changed = Signal(object)

    def __init__(self, rows: Iterable[PictureRow] = ()) -> None:
        super().__init__()
        self.rows = {each.id: each for each in rows}
        self.wanted: list[int] = []

    def get(self, picture_id: int) -> PictureRow | None:
        return self.rows.get(picture_id)

    def want(self, ids: Sequence[int]) -> None:
        self.wanted.extend(ids)

    def put(self, rows: Iterable[PictureRow]) -> None:
        self.rows.update((each.id, each) for each in rows)
        self.arrived.emit(list(rows))

    def change(self, news: PictureRow) -> None:
        self.rows[news.id] = news
        self.changed.emit(news)


def found(rows: Sequence[PictureRow], listed: int | None = None) -> Found:
    """What a query gives that keeps these; listed: how many more are new and left out."""
    counts = dict.fromkeys(Status, 0)
    for each in rows:
        counts[each.status] += 1
    counts[Status.NEW] += 0 if listed is None else listed - len(rows)
    return Found([each.id for each in rows], [each.status for each in rows], counts)
