"""The door gunicorn opens: `gunicorn portal.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
# Only the web server keeps a pool: a command opens one connection and is gone.
os.environ.setdefault("DATABASE_POOL_SIZE", "8")

application = get_wsgi_application()
