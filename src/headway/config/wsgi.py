"""The WSGI application the server's workers run."""

import os

from django.core.wsgi import get_wsgi_application

from headway.config.server import watch_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
watch_parent()
application = get_wsgi_application()
