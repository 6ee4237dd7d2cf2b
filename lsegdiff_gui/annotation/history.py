"""The command log of one picture, with a cursor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lsegdiff_gui.annotation.commands import Command, RecipeChange, Standing, merged


class History:
    """Commands in the order they were done; those before the cursor are in effect.

    Doing something new after an undo drops what was undone. The standing (status, note) follows from the
    commands in effect, so that undo brings back the status too.
    """

    def __init__(
        self, commands: Iterable[Command] = (), cursor: int | None = None, start: Standing | None = None
    ) -> None:
        """commands: oldest first; cursor: how many are in effect (default: all); start: before the first."""
        self._commands: list[Command] = []
        self._standings = [start or Standing()]
        for command in commands:
            self._add(command)
        self._cursor = len(self._commands) if cursor is None else cursor
        if not 0 <= self._cursor <= len(self._commands):
            raise ValueError(f"The cursor is at {cursor} in a log of {len(self._commands)} steps.")

    @property
    def commands(self) -> tuple[Command, ...]:
        """All commands, also those that were undone and can be done again."""
        return tuple(self._commands)

    @property
    def cursor(self) -> int:
        """How many of the commands are in effect."""
        return self._cursor

    @property
    def standing(self) -> Standing:
        """Status and note at the cursor."""
        return self._standings[self._cursor]

    @property
    def can_undo(self) -> bool:
        """Whether a command is in effect."""
        return self._cursor > 0

    @property
    def can_redo(self) -> bool:
        """Whether a command was undone and not replaced."""
        return self._cursor < len(self._commands)

    @property
    def last(self) -> Command | None:
        """The last command in effect."""
        return self._commands[self._cursor - 1] if self._cursor else None

    @property
    def next(self) -> Command | None:
        """The command that can be done again."""
        return self._commands[self._cursor] if self.can_redo else None

    def push(self, command: Command) -> None:
        """Put a command that was just done at the cursor; what was undone is dropped.

        A slider's move that goes on with the last command takes its place: see `commands.merged`.
        """
        if (both := merged(self.last, command)) is not None:
            self._cursor -= 1
            command = both
        elif isinstance(command, RecipeChange):
            command = replace(command, merge=False)
        del self._commands[self._cursor :]
        del self._standings[self._cursor + 1 :]
        self._add(command)
        self._cursor += 1

    def back(self) -> Command:
        """Move the cursor back and return the command to undo. Raises IndexError at the start."""
        if not self.can_undo:
            raise IndexError("Nothing to undo.")
        self._cursor -= 1
        return self._commands[self._cursor]

    def forward(self) -> Command:
        """Move the cursor on and return the command to do again. Raises IndexError at the end."""
        if not self.can_redo:
            raise IndexError("Nothing to redo.")
        self._cursor += 1
        return self._commands[self._cursor - 1]

    def _add(self, command: Command) -> None:
        self._commands.append(command)
        self._standings.append(self._standings[-1].after(command))
