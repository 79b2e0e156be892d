"""``python -m netcore`` is the command line."""

import sys

from netcore.cli import main

sys.exit(main())
