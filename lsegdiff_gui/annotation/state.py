"""What the steps of a document change besides pixels, and where each of them may start."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lsegdiff_gui.annotation.base import Base
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
    StatusChange,
)
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import Labels, Status, with_change
from lsegdiff_gui.annotation.recipe import Recipe


@dataclass(frozen=True)
class State:
    """Base and recipe, the labels by number, and the ties and cuts between lesions."""

    base: Base
    recipe: Recipe
    labels: Labels
    partition: Partition

    def is_start_of(self, command: Command, status: Status) -> bool:
        """Whether the command starts from this state, and from this status."""
        match command:
            case RecipeChange():
                return command.before == self.recipe
            case BaseChange() | Bake():
                return command.before == self.base
            case BringBack() if command.recipe_before != self.recipe:
                return False
            case MaskImport():
                return command.before == self.base and command.parted_before == self.partition
            case LabelsChange():
                return command.before == self.labels
            case PartitionChange():
                return command.before == self.partition
            case StatusChange():
                return command.before == status
            case PaintEdit():
                return True

    def moved(self, command: Command, *, forward: bool) -> State:
        """The state once the command is done, or taken back."""
        match command:
            case RecipeChange():
                return replace(self, recipe=command.after if forward else command.before)
            case BaseChange() | Bake():
                return replace(self, base=command.after if forward else command.before)
            case MaskImport():
                base, partition = (
                    (command.after, command.parted) if forward else (command.before, command.parted_before)
                )
                moved = replace(self, base=base, partition=partition)
                if isinstance(command, BringBack):
                    moved = replace(moved, recipe=command.recipe if forward else command.recipe_before)
                return moved
            case PartitionChange():
                return replace(self, partition=command.after if forward else command.before)
            case LabelsChange():
                old, new = (command.before, command.after) if forward else (command.after, command.before)
                return replace(self, labels=with_change(self.labels, old, new))
            case PaintEdit() | StatusChange():
                return self
