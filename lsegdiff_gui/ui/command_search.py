"""Finding a command by what somebody remembers of it: a part of its name, of its explanation, or its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One command as it can be given now. obstacle: why it cannot, as a sentence; empty when it can."""

    id: str
    name: str
    section: str
    help: str
    keys: tuple[str, ...]
    obstacle: str = ""


def search(typed: str, commands: Sequence[Command], recent: Sequence[str] = ()) -> list[Command]:
    """The commands that hold all typed words, the best first; among equals those of `recent` (ids, newest first).

    A key typed as it is written finds its command before all others.
    """
    age = {action_id: number for number, action_id in enumerate(recent)}
    whole = typed.strip().casefold()
    found = []
    for command in commands:
        if (distance := _distance(whole, command)) is not None:
            found.append((distance, age.get(command.id, len(age)), command))
    return [command for _, _, command in sorted(found, key=lambda entry: entry[:2])]


def _distance(typed: str, command: Command) -> int | None:
    """How far a command is from what was typed, 0 the nearest; None when a word is nowhere in it."""
    if typed and any(typed == key.casefold() for key in command.keys):
        return 0
    total = 0
    for word in typed.split():
        distance = _word_distance(word, command)
        if distance is None:
            return None
        total += distance
    return total


def _word_distance(word: str, command: Command) -> int | None:
    name = command.name.casefold()
    if name.startswith(word):
        return 1
    if any(part.startswith(word) for part in name.split()):
        return 2
    if word in name:
        return 3
    elsewhere = (command.section, command.help, *command.keys)
    return 4 if any(word in text.casefold() for text in elsewhere) else None
