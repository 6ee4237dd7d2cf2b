"""The labels of a project."""

from __future__ import annotations

import sqlite3

from lsegdiff_gui.annotation.labels import Label, Labels


class ProjectLabels:
    """Reads and writes the table of labels. Transactions are the caller's; raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> Labels:
        """The labels by number."""
        rows = self._connection.execute(
            "SELECT id, name, colour, key, visible, locked FROM labels ORDER BY id"
        )
        return tuple(
            Label(number, name, colour, key, bool(visible), bool(locked))
            for number, name, colour, key, visible, locked in rows
        )

    def write(self, labels: Labels) -> None:
        """Make these the project's labels."""
        self._connection.execute("DELETE FROM labels")
        self._connection.executemany(
            "INSERT INTO labels (id, name, colour, key, visible, locked) VALUES (?, ?, ?, ?, ?, ?)",
            [(each.id, each.name, each.colour, each.key, each.visible, each.locked) for each in labels],
        )
