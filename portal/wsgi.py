"""The door gunicorn opens: `gunicorn portal.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
# Only the web server keeps a pool: a command opens one connection and is gone.
os.environ.setdefault("DATABASE_POOL_SIZE", "8")

application = get_wsgi_application()

# A server runs no checks of its own: it starts with every wall between the portals, or not at all.
from portal.walls.checks import stand_or_fall  # noqa: E402 - the apps are loaded only now

stand_or_fall()
