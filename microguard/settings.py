"""The one settings file: everything that differs between installations comes from the environment.

A missing variable stops the process with a sentence that says how to set it.
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str, how: str) -> str:
    """Return the variable, or stop with a sentence that says how to set it.

    :raises ImproperlyConfigured: when the variable is missing or empty
    """
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {how}")
    return value


HOW = "Start MicroGuard by ./run, which sets it, or see .env.example."
DEMO = os.environ.get("MICROGUARD_DEMO") == "1"
# Commands that read no stored data (legal_term, makemigrations, …) run without any server or secret.
SERVERLESS = os.environ.get("MICROGUARD_SERVERLESS") == "1"

OPERATOR = os.environ.get("MICROGUARD_OPERATOR", "consumer_association")
if OPERATOR not in {"consumer_association", "market_regulator", "mediation_organisation"}:
    raise ImproperlyConfigured(
        f"MICROGUARD_OPERATOR is {OPERATOR!r}; choose consumer_association, market_regulator "
        "or mediation_organisation."
    )

SECRET_KEY = "serverless" * 6 if SERVERLESS else required("MICROGUARD_SECRET_KEY", HOW)
# First key encrypts, all decrypt: "k2:<base64>,k1:<base64>". The index key makes keyed hashes for look-up.
FIELD_KEYS = os.environ.get("MICROGUARD_FIELD_KEYS", "") if SERVERLESS else required("MICROGUARD_FIELD_KEYS", HOW)
INDEX_KEY = os.environ.get("MICROGUARD_INDEX_KEY", "") if SERVERLESS else required("MICROGUARD_INDEX_KEY", HOW)

BASE_URL = os.environ.get("MICROGUARD_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
_host = BASE_URL.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = [_host, "127.0.0.1", "localhost"] if DEMO else [_host]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE = BASE_URL.startswith("https://")
VAR = Path(os.environ.get("MICROGUARD_VAR", BASE_DIR / "var"))

HELP_PHONE = os.environ.get("MICROGUARD_HELP_PHONE") or "0000-123456"
# The name under which letters go out.
OPERATOR_NAME = os.environ.get("MICROGUARD_OPERATOR_NAME") or "MicroGuard"
# Sellers can be looked up once the operator names the legal review that allows it; in the demo they can.
PUBLIC_RECORD_REVIEW = os.environ.get("MICROGUARD_PUBLIC_RECORD_REVIEW") or ("demo" if DEMO else "")
# Webhooks go to public addresses; the demo's platform listens on this machine.
WEBHOOKS_TO_THIS_MACHINE = DEMO
# Text messages go out as e-mail to <phone>@<gateway>: the operator's provider turns them into SMS.
SMS_GATEWAY = os.environ.get("MICROGUARD_SMS_GATEWAY") or "sms.invalid"

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",  # its templates, so that ours can replace them
    "microguard.dashboard.apps.DeskConfig",  # django.contrib.admin with our own site
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "rest_framework",
    "microguard.core",
    "microguard.jurisdictions",
    "microguard.law",
    "microguard.accounts",
    "microguard.events",
    "microguard.deadlines",
    "microguard.notifications",
    "merchants",
    "complaints",
    "disputes",
    "microguard.statistics",
    "microguard.demo",
    "microguard.bench",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "microguard.accounts.middleware.PolicyMiddleware",
]

ROOT_URLCONF = "microguard.urls"
WSGI_APPLICATION = "microguard.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "microguard.core.context.page",
                "microguard.demo.context.demo",
            ],
        },
    }
]
FORM_RENDERER = "microguard.core.rendering.FormRenderer"

# --- state: PostgreSQL only ---------------------------------------------------------------------------------
# The application's role owns no table; migrations run as the owner (manage.py prepare).
DATABASES: dict[str, dict[str, Any]] = {"default": {"ENGINE": "django.db.backends.dummy"}}
if not SERVERLESS:
    DATABASES["default"] = {
        **dj_database_url.parse(required("DATABASE_URL", HOW), conn_max_age=60, conn_health_checks=True),
        "OPTIONS": {
            "options": "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s"
        },
    }
DATABASE_OWNER_URL = os.environ.get("DATABASE_OWNER_URL", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits that deny something are counted where they survive: in PostgreSQL, not in the doorbell.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # Django's 300 would let whoever makes many entries push a running counter out.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "mg_session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "mg_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "microguard.core.failures.csrf_failure"

# --- the doorbell -------------------------------------------------------------------------------------------
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
BELL_PREFIX = os.environ.get("MICROGUARD_BELL_PREFIX", "mg")
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "bell"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_POOL_LIMIT = 4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    # kombu looks for lost messages only every tenth round unless told otherwise
    "unacked_restore_interval": 3,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
    "global_keyprefix": f"{BELL_PREFIX}:",
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Without it Celery drops the database connection after every task.
CELERY_DB_REUSE_MAX = 1000

# --- people -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_FORMS = {
    "login": "microguard.accounts.forms.SignInForm",
    "reauthenticate": "microguard.accounts.forms.SignInAgainForm",
    "change_password": "microguard.accounts.forms.ChangePasswordForm",
}
ACCOUNT_ADAPTER = "microguard.accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "MicroGuard"
MFA_ADAPTER = "microguard.accounts.adapter.SecondFactorAdapter"

# --- languages and time -------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_AUTOREFRESH = False
EVIDENCE_DIR = VAR / "evidence"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# Larger than any accepted file, so that the form can say which file is too big.
FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # stream every upload to a file
FILE_UPLOAD_PERMISSIONS = 0o600

# --- mail ---------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or "MicroGuard <no-reply@microguard.invalid>"
MAIL_DIR = os.environ.get("MICROGUARD_MAIL_DIR", "")

# --- what the browser may do --------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

UNFOLD = {
    "SITE_TITLE": "MicroGuard",
    "SITE_HEADER": "MicroGuard",
    "SHOW_LANGUAGES": True,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {"show_search": False, "show_all_applications": False},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("MICROGUARD_LOG_LEVEL", "INFO")},
    "loggers": {"celery": {"level": "WARNING"}, "kombu": {"level": "WARNING"}},
}
