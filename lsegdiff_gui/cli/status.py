"""The exit statuses that other tools rely on."""

ALL_DONE = 0
SOME_FAILED = 1
BAD_ARGUMENTS = 2
INTERRUPTED = 130  # what shells give a program that Ctrl+C ended
