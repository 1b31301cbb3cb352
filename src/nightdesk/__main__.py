"""`python -m nightdesk` is the same as `nightdesk`."""

import sys

from nightdesk.cli import main

sys.exit(main())
