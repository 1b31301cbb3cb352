"""The site as a WSGI application, served by pre-forked workers behind the newsstand."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nightdesk.settings.site")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
