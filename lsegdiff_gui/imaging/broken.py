"""What is wrong with the bytes of a file, in the words that end up in the sentence for the user."""

from __future__ import annotations


class BrokenFile(ValueError):
    """The bytes hold no picture that can be shown.

    cause: what is wrong, to follow “NAME cannot be read: ”. advice: what the reader of it can do.
    """

    def __init__(self, cause: str, advice: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.advice = advice


def cut_off() -> BrokenFile:
    """The error for a file that ends before its picture does."""
    return BrokenFile("it is incomplete, its end is missing", "Copy it again from its source.")


def damaged() -> BrokenFile:
    """The error for a file whose bytes contradict each other."""
    return BrokenFile("its content is damaged", "Copy it again from its source.")


def too_large_for_memory() -> BrokenFile:
    """The error for a picture that there is no memory for."""
    return BrokenFile("it does not fit into the memory", "Close other programs or reduce the picture.")


def no_such_page(page: int, pages: int) -> BrokenFile:
    """The error for a page that a file does not have."""
    has = "one page" if pages == 1 else f"{pages} pages"
    return BrokenFile(f"it has {has} and no page {page}", "Was it replaced by another file?")
