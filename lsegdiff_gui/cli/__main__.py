"""`python -m lsegdiff_gui.cli` is `lsegdiff`."""

import sys

from lsegdiff_gui.cli import main

sys.exit(main())
