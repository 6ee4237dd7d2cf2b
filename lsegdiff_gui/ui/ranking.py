"""After every twenty accepted pictures: how well the model knew where it would be wrong."""

from __future__ import annotations

from PySide6.QtCore import QObject

from lsegdiff_gui.project import statistics
from lsegdiff_gui.project.catalogue import Catalogue
from lsegdiff_gui.project.statistics import Ranking
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.reviewing import Reviewing
from lsegdiff_gui.ui.session import Session

EVERY = 20


class RankingReport(QObject):
    """Counts what is accepted, and tells."""

    def __init__(self, session: Session, reviewing: Reviewing) -> None:
        super().__init__(reviewing)
        self._session = session
        self._accepted = 0
        reviewing.accepted.connect(self._count)

    def _count(self) -> None:
        self._accepted += 1
        if self._accepted % EVERY == 0:
            self._session.staff.catalogue.ask(_rank, self._tell)

    def _tell(self, found: Ranking | None) -> None:
        if found is not None:
            self._session.message.emit(Message(found.words, "info", key="ranking"))


def _rank(catalogue: Catalogue) -> Ranking | None:
    return statistics.ranking(catalogue.figures())
