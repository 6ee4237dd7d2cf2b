"""Start the window from a checkout: python main.py [FILES…]."""

import sys

from lsegdiff_gui.ui.app import main

if __name__ == "__main__":
    sys.exit(main())
