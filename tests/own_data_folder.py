"""Keeps tests away from a school's own data. Loaded before Django's settings are read (addopts in pyproject.toml)."""

import atexit
import os
import shutil
import tempfile

for name in ("HEADWAY_DEMO", "HEADWAY_HOSTS", "HEADWAY_TLS"):
    os.environ.pop(name, None)
os.environ["HEADWAY_DATA"] = folder = tempfile.mkdtemp(prefix="headway-tests-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
