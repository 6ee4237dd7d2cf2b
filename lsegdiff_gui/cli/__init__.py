"""The command line: `lsegdiff segment | evaluate | train | bench | doctor`."""

from lsegdiff_gui.cli.entry import main

__all__ = ["main"]
