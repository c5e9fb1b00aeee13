"""What the API is built on is loaded with its addresses, and by nothing else."""

import subprocess
import sys

AFTER_SET_UP = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "headway.config.settings"
import django
django.setup()
import headway.services.listings, headway.services.tokens
print(*sorted(name for name in sys.modules if name.partition(".")[0] in {"rest_framework", "drf_spectacular"}))
"""


def test_a_command_that_serves_nothing_does_not_load_it() -> None:
    loaded = subprocess.run([sys.executable, "-c", AFTER_SET_UP], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == ""
