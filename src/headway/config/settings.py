"""Django's settings for every way Headway runs. What differs between installations comes from the environment."""

import os
import sys
from pathlib import Path

try:  # SQLite from the wheel, swapped in before Django imports sqlite3 (docs/decisions/0003)
    import pysqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
except ImportError:  # Windows has no wheel; `headway check` refuses a SQLite that is too old
    pass

import dj_database_url
from csp.constants import NONE, SELF

from headway.api import defaults as api
from headway.config.installation import data_folder, database_url, secret_key
from headway.config.providers import providers

DATA = data_folder()
SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = [name.strip() for name in os.environ.get("HEADWAY_HOSTS", "localhost,127.0.0.1,[::1]").split(",")]
BEHIND_TLS = os.environ.get("HEADWAY_TLS") == "1"
DEMO = os.environ.get("HEADWAY_DEMO") == "1"

_url = database_url()
if _url:
    DATABASES = {"default": {**dj_database_url.parse(_url, conn_max_age=600), "CONN_HEALTH_CHECKS": True}}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "headway.sqlite3",
            "CONN_MAX_AGE": 600,
            # Measured: the defaults refuse a fifth of the saves at a deadline; NORMAL loses marks in a power cut.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        },
        # Who looked at whom: a file of its own, so that no mark waits for a look (docs/decisions/0012).
        "audit": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "audit.sqlite3",
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        },
    }
DATABASE_ROUTERS = ["headway.records.stores.StoreRouter"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth.account",  # asked for by the two that are used: second steps, and other providers' sign-in
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.microsoft",
    "allauth.socialaccount.providers.openid_connect",
    "headway.records.apps.RecordsConfig",
    "headway.web.apps.WebConfig",
]
AUTH_USER_MODEL = "records.User"
PASSWORD_HASHERS = ["headway.config.passwords.SteadyArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "headway.config.passwords.NotTheSchoolsName"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # how long a one-time link works

# django-allauth: its second steps and its way to other providers, never its pages or addresses (docs/decisions/0010).
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # asked for by its own check; nobody can sign up
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "headway.services.sign_in.secrets.SecretsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Headway"
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a key that was found opens nothing without its PIN or finger
SOCIALACCOUNT_ADAPTER = "headway.web.providers.ProvidersAdapter"
SOCIALACCOUNT_PROVIDERS = providers(os.environ)

MIDDLEWARE = [
    "headway.web.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",  # before the static files, which carry the policy too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "headway.web.middleware.PersonalPagesMiddleware",
    "headway.web.looking.LookingMiddleware",
]
ROOT_URLCONF = "headway.config.urls"
WSGI_APPLICATION = "headway.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent.parent / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "headway.web.context.frame",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True  # Headway has a name of its own: what is under it is Headway's too
    SECURE_SSL_REDIRECT = True  # behind a proxy that lets plain http through
# Of Django's own checks for an open server these do not apply. The browsers' preload list: it is the domain's, whose
# other names are not ours. The rest: plain http is for loopback alone.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if not BEHIND_TLS:
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

STATIC_URL = "static/"
STATICFILES_DIRS = [Path(__file__).parent.parent / "web" / "static"]
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Counts that must hold across the server's processes, such as failed sign-ins.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "headway_cache",
        # Django's own limit of 300 would let whoever tries many names push out the count of tries at one.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
REST_FRAMEWORK, SPECTACULAR_SETTINGS = api.REST_FRAMEWORK, api.SPECTACULAR_SETTINGS
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000  # a mark sheet of all subjects sent as one form
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "headway.web.incoming.RefuseLargeForms",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
