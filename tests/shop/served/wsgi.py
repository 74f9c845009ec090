import importlib
import os

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

if module := os.environ["SERVED_STOCK"]:
    importlib.import_module(module)
