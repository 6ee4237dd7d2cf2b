"""What a person sees of a command: sentences and progress on stderr, so that stdout holds only results."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

stderr = Console(stderr=True, soft_wrap=True)


def progress_bar() -> Progress:
    """A bar with a description, how many of how many, and the time that is left."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=stderr,
    )


def say(sentence: str) -> None:
    """Write a sentence to stderr as it is."""
    stderr.print(sentence, markup=False, highlight=False)


def complain(sentence: str) -> None:
    """Write a sentence about what went wrong to stderr."""
    stderr.print(sentence, style="red", markup=False, highlight=False)


def complain_about(picture: Path, sentence: str) -> None:
    """Name a picture that failed, with its folder, and why, on stderr."""
    name = str(picture)
    complain(sentence if name in sentence else f"{name}: {sentence}")
