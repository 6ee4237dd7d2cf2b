"""The command log of every picture, and the cursor in it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from functools import cache

from lsegdiff_gui import __version__
from lsegdiff_gui.annotation.codec import FindDraft, decode, encode, encode_base
from lsegdiff_gui.annotation.commands import (
    Bake,
    BaseChange,
    BringBack,
    Command,
    LabelsChange,
    MaskImport,
    PaintEdit,
    PartitionChange,
    RecipeChange,
    Standing,
    StatusChange,
    edit_of,
    merged,
)
from lsegdiff_gui.annotation.findings import UNKNOWN
from lsegdiff_gui.annotation.labels import Labels, Status, ordered, with_change
from lsegdiff_gui.project.chain import fingerprint_of, last_link, link
from lsegdiff_gui.project.drafts import Drafts
from lsegdiff_gui.project.errors import ProjectError
from lsegdiff_gui.project.label_use import LabelUse
from lsegdiff_gui.project.labels import ProjectLabels
from lsegdiff_gui.project.pictures import now


@dataclass(frozen=True)
class _State:
    """What follows from the commands in effect; head: the last of them, 0 for none."""

    head: int
    standing: Standing
    painted: int


class CommandLog:
    """Appends commands and moves the cursor. Transactions are the caller's; raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection, drafts: Drafts, labels: ProjectLabels) -> None:
        self._connection = connection
        self._drafts = drafts
        self._labels = labels

    def append(self, picture_id: int, command: Command, annotator: str) -> None:
        """Log a command that was just done; commands that were undone before are discarded.

        A slider's move that goes on with the last command takes its place, in the same transaction: that one is
        undone, and discarded by the one that stands for both. The events tell it as it is: do, undo, do.
        """
        state = self._state(picture_id)
        if (both := merged(self._last_recipe_change(state.head), command)) is not None:
            self.back(picture_id, annotator)
            state = self._state(picture_id)
            command = both
        if isinstance(command, BaseChange | Bake | MaskImport):
            for draft in (command.before.draft, command.after.draft):
                if draft is not None:
                    self._drafts.save(picture_id, draft)
        self._discard_after(picture_id, state.head)
        kind, payload = encode(command)
        standing = state.standing.after(command)
        edit = edit_of(command)
        painted = state.painted + (edit.growth if edit else 0)
        cursor = self._connection.execute(
            "INSERT INTO commands (picture, kind, payload, status, note, painted, tool, pixels, app_version, sha256)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                picture_id,
                kind,
                payload,
                standing.status.value,
                standing.note,
                painted,
                edit.tool if edit else "",
                edit.pixels if edit else 0,
                __version__,
                fingerprint_of(kind, payload),
            ),
        )
        head = int(cursor.lastrowid or 0)
        self._move(picture_id, _State(head, standing, painted), "do", head, annotator)
        self._follow(picture_id, command, forward=True)

    def back(self, picture_id: int, annotator: str) -> None:
        """Undo the command at the cursor. Raises ProjectError if there is none."""
        head = self._state(picture_id).head
        if head == self.start(picture_id)[0]:
            raise ProjectError("There is nothing to undo in the project.")
        before = self._connection.execute(
            "SELECT id, status, note, painted FROM commands"
            " WHERE picture = ? AND discarded = 0 AND id < ? ORDER BY id DESC LIMIT 1",
            (picture_id, head),
        ).fetchone()
        state = _State(0, Standing(), 0) if before is None else _state_of(before)
        self._move(picture_id, state, "undo", head, annotator)
        self._follow(picture_id, self._command(head), forward=False)

    def forward(self, picture_id: int, annotator: str) -> None:
        """Do the command after the cursor again. Raises ProjectError if there is none."""
        after = self._connection.execute(
            "SELECT id, status, note, painted FROM commands"
            " WHERE picture = ? AND discarded = 0 AND id > ? ORDER BY id LIMIT 1",
            (picture_id, self._state(picture_id).head),
        ).fetchone()
        if after is None:
            raise ProjectError("There is nothing to redo in the project.")
        state = _state_of(after)
        self._move(picture_id, state, "redo", state.head, annotator)
        self._follow(picture_id, self._command(state.head), forward=True)

    def live(self, picture_id: int) -> tuple[list[int], list[Command], int]:
        """Ids and commands that are neither discarded nor folded, oldest first, and how many of them are in effect."""
        rows = self._connection.execute(
            "SELECT id, kind, payload FROM commands WHERE picture = ? AND discarded = 0 AND folded = 0 ORDER BY id",
            (picture_id,),
        ).fetchall()
        head = self._state(picture_id).head
        ids = [number for number, _, _ in rows]
        load = cache(self._drafts.load)  # each change of base names two drafts, most of them twice
        commands = [_decoded(kind, payload, load) for _, kind, payload in rows]
        return ids, commands, sum(number <= head for number in ids)

    def start(self, picture_id: int) -> tuple[int, Standing]:
        """The last folded command, from whose checkpoint the log goes on, and the standing then; 0 for none."""
        found = self._connection.execute(
            "SELECT id, status, note FROM commands WHERE picture = ? AND discarded = 0 AND folded = 1"
            " ORDER BY id DESC LIMIT 1",
            (picture_id,),
        ).fetchone()
        return (0, Standing()) if found is None else (found[0], Standing(Status(found[1]), found[2]))

    def _state(self, picture_id: int) -> _State:
        found = self._connection.execute(
            "SELECT coalesce(head, 0), status, note, painted FROM pictures WHERE id = ?", (picture_id,)
        ).fetchone()
        if found is None:
            raise ProjectError(f"The project holds no picture number {picture_id}.")
        return _state_of(found)

    def _command(self, command_id: int) -> Command:
        kind, payload = self._connection.execute(
            "SELECT kind, payload FROM commands WHERE id = ?", (command_id,)
        ).fetchone()
        return _decoded(kind, payload, self._drafts.load)

    def _discard_after(self, picture_id: int, head: int) -> None:
        self._connection.execute(
            "DELETE FROM checkpoints WHERE picture = ? AND command > ?", (picture_id, head)
        )
        self._connection.execute(
            "UPDATE commands SET discarded = 1 WHERE picture = ? AND discarded = 0 AND id > ?",
            (picture_id, head),
        )

    def _move(self, picture_id: int, state: _State, kind: str, command_id: int, annotator: str) -> None:
        (sha256,) = self._connection.execute(
            "SELECT sha256 FROM commands WHERE id = ?", (command_id,)
        ).fetchone()
        time = now()
        chain = link(last_link(self._connection, picture_id), kind, sha256, annotator, time)
        self._connection.execute(
            "INSERT INTO events (picture, kind, command, annotator, time, chain) VALUES (?, ?, ?, ?, ?, ?)",
            (picture_id, kind, command_id, annotator, time, chain),
        )
        standing = state.standing
        self._connection.execute(
            "UPDATE pictures SET head = ?, status = ?, note = ?, painted = ?, annotator = ?, changed = ? WHERE id = ?",
            (state.head or None, standing.status, standing.note, state.painted, annotator, time, picture_id),
        )

    def _follow(self, picture_id: int, command: Command, *, forward: bool) -> None:
        """Bring what the tables repeat of the log's outcome up to date."""
        if isinstance(command, MaskImport):
            partition = command.parted if forward else command.parted_before
            self._set(picture_id, "partition", json.dumps(partition.to_dict()))
        if isinstance(command, BringBack):
            recipe = command.recipe if forward else command.recipe_before
            self._set(picture_id, "recipe", json.dumps(recipe.to_dict()))
        match command:
            case BaseChange() | Bake() | MaskImport():
                base = command.after if forward else command.before
                found = base.draft.findings if base.draft is not None else UNKNOWN
                score = base.draft.spread_score if base.draft is not None else None
                self._connection.execute(
                    "UPDATE pictures SET base = ?, presence = ?, strangeness = ?, spread_score = ? WHERE id = ?",
                    (encode_base(base), found.presence, found.strangeness, score, picture_id),
                )
            case RecipeChange():
                recipe = command.after if forward else command.before
                self._set(picture_id, "recipe", json.dumps(recipe.to_dict()))
            case PartitionChange():
                partition = command.after if forward else command.before
                self._set(picture_id, "partition", json.dumps(partition.to_dict()))
            case LabelsChange():
                old, new = (command.before, command.after) if forward else (command.after, command.before)
                self._write_labels(picture_id, old, new)
            case PaintEdit():
                self._connection.execute(
                    "UPDATE pictures SET strokes = strokes + ? WHERE id = ?",
                    (1 if forward else -1, picture_id),
                )
            case StatusChange():
                pass

    def _write_labels(self, picture_id: int, old: Labels, new: Labels) -> None:
        """Change the project's labels; one that another picture has stays, or its pixels would have no name."""
        present = self._labels.all()
        after = with_change(present, old, new)
        gone = {label.id for label in present} - {label.id for label in after}
        kept = LabelUse(self._connection).elsewhere(gone, picture_id)
        self._labels.write(ordered([*after, *(label for label in present if label.id in kept)]))

    def _set(self, picture_id: int, column: str, value: str) -> None:
        self._connection.execute(f"UPDATE pictures SET {column} = ? WHERE id = ?", (value, picture_id))

    def _last_recipe_change(self, head: int) -> Command | None:
        """The last command in effect where it moved a slider; others cost more to read, and do not merge."""
        found = self._connection.execute(
            "SELECT kind, payload FROM commands WHERE id = ? AND kind = 'recipe'", (head,)
        ).fetchone()
        if found is None:
            return None
        kind, payload = found
        return _decoded(kind, payload, self._drafts.load)


def _decoded(kind: str, payload: bytes, drafts: FindDraft) -> Command:
    try:
        return decode(kind, payload, drafts)
    except ValueError as error:
        raise ProjectError(f"The project's log cannot be read: {error}") from error


def _state_of(row: tuple[int, str, str, int]) -> _State:
    head, status, note, painted = row
    return _State(head, Standing(Status(status), note), painted)
