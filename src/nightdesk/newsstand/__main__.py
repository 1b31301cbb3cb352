"""``python -m nightdesk.newsstand`` is the same as ``nightdesk newsstand``, without the rest."""

import sys

from nightdesk.newsstand.command import newsstand_command
from nightdesk.settings.table import SettingError

try:
    sys.exit(newsstand_command(sys.argv[1:]))
except SettingError as error:
    print(f"nightdesk newsstand: {error}", file=sys.stderr)
    sys.exit(2)
