"""The root of every error whose text is meant for the person at the screen."""


class LSegDiffError(Exception):
    """Something the user can act on: `str(error)` is the sentence they read.

    The sentence says what happened, to which file, and what to do about it. Rooms subclass it once each;
    anything else that is raised is a fault of the program and is shown as one.
    """
