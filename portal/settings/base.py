"""Production. `dev` and `test` loosen it; nothing here knows about them.

Every value that differs between installations comes from the environment (docs/operate.md lists it). A missing secret
stops the boot with a sentence that names it.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from portal.csp import public_directives
from portal.settings.environment import (
    cache_settings,
    comma_list,
    email_settings,
    flag,
    optional,
    origin,
    required,
    search_settings,
    whole_number,
)

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# ---------------------------------------------------------------------------------------------------- this installation

DEBUG = False
DEMO = flag("DEMO")
SECRET_KEY = required(
    "SECRET_KEY", "it signs sessions and order links; make one of 50 random characters and keep it"
)
ALLOWED_HOSTS = comma_list(
    required("ALLOWED_HOSTS", "the host names of the portals, with commas between them")
)
BASE_URL = required(
    "BASE_URL", "the address that mails to staff link to, like https://achetons.example"
).rstrip("/")
CSRF_TRUSTED_ORIGINS = [
    origin(BASE_URL),
    *(f"https://{host}" for host in ALLOWED_HOSTS if not host.startswith(".")),
]

# ------------------------------------------------------------------------------------------------------------- payments

STRIPE_SECRET_KEY = required(
    "STRIPE_SECRET_KEY", "the secret key of the portal's Stripe account, sk_live_… or sk_test_…"
)
STRIPE_WEBHOOK_SECRETS = comma_list(
    required(
        "STRIPE_WEBHOOK_SECRETS",
        "the webhook's signing secret, whsec_…; several with commas while one rotates",
    )
)
STRIPE_API_BASE = optional("STRIPE_API_BASE")
STRIPE_LIVE_MODE = "_live_" in STRIPE_SECRET_KEY

if DEMO and STRIPE_LIVE_MODE:
    raise ImproperlyConfigured(
        "DEMO=1 with a live STRIPE_SECRET_KEY: a demo never touches real money. Unset one of them."
    )
if STRIPE_API_BASE and STRIPE_LIVE_MODE:
    raise ImproperlyConfigured(
        "STRIPE_API_BASE is for a payment sandbox, and STRIPE_SECRET_KEY is a live key: it would be sent to a server "
        "that is not Stripe. Unset one of them."
    )

# ----------------------------------------------------------------------------------------------------------------- apps

INSTALLED_APPS = [
    # Our floors, from the top: a template or a catalogue of ours wins over the packages below.
    "portal",
    "editorial",
    "shop",
    "directory",
    "home",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtail_modeladmin",
    "wagtail_localize",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "phonenumber_field",
    "localflavor",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    # After Wagtail's: its letters take the place of Wagtail's notifications.
    "portal.staff_desk",
    "portal.joining",
    "portal.chamber_desk",
    "portal.favourites",
    "portal.leaving",
    "portal.results",
    "portal.impact",
    # The last of all: it replaces policies that Wagtail's apps register.
    "portal.walls",
]

MIDDLEWARE = [
    "portal.middleware.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Before everything that may answer early, so that no answer goes out without a policy.
    "portal.csp.PortalCSPMiddleware",
    # Early: the image that counts a page costs a few hundredths of that page.
    "directory.counting.middleware.CountingMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "portal.middleware.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.PortalScopeMiddleware",
    "portal.middleware.OfferedLanguageMiddleware",
    "portal.middleware.PatienceMiddleware",
    "portal.walls.fence.FenceMiddleware",
    "portal.accounts.second_factor.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "portal.moved.MovedMiddleware",
    # Puts its own answer in place of the page that a locked-out person would get: nothing may come between.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "home.context_processors.portal",
            ],
            "builtins": ["home.templatetags.french_dates", "home.templatetags.language_tags"],
        },
    },
]
# Form widgets and fields are templates of the roof too.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ------------------------------------------------------------------------------------------------------------- database

DATABASES = {
    "default": dj_database_url.parse(
        required(
            "DATABASE_URL", "the address of PostgreSQL, like postgresql://user:password@host:5432/achetons"
        ),
        conn_max_age=0,
    )
}
if not DATABASES["default"]["ENGINE"].endswith("postgresql"):
    raise ImproperlyConfigured(
        "DATABASE_URL must be a postgresql:// address: PostgreSQL is the only database."
    )

DATABASE_POOL_SIZE = whole_number("DATABASE_POOL_SIZE", default=0)
if DATABASE_POOL_SIZE:
    # A new connection for each request costs more than the request. Django wants CONN_MAX_AGE 0 beside a pool.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL_SIZE,
        "timeout": 10,
    }

CACHES = {"default": cache_settings(optional("CACHE_URL", "locmem:"))}

# --------------------------------------------------------------------------------------------------------------- people

AUTH_USER_MODEL = "portal.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account:home"
LOGOUT_REDIRECT_URL = "/"
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
# Staff sign in where everybody does: Wagtail's own screens for it are closed.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses whoever is locked out
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Whoever enters the admin proves a second factor; a demo offers it.
SECOND_FACTOR_REQUIRED = not DEMO
# How many proxies in front add to X-Forwarded-For (docs/operate.md): limits count by the visitor's address.
TRUSTED_PROXIES = whole_number("TRUSTED_PROXIES", default=1)

ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True  # one address; the new one takes the old one's place once it is proved
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 900
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.SignInForm",
    "signup": "portal.accounts.forms.SignUpForm",
    "add_email": "portal.accounts.forms.NewEmailForm",
    "change_email": "portal.accounts.forms.CorrectEmailForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "set_password": "portal.accounts.forms.ChoosePasswordForm",
    "reset_password": "portal.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "portal.accounts.forms.NewPasswordForm",
    "reauthenticate": "portal.accounts.forms.PasswordAgainForm",
    "request_login_code": "portal.accounts.forms.AskForCodeForm",
    "confirm_login_code": "portal.accounts.forms.SignInCodeForm",
    "confirm_email_verification_code": "portal.accounts.forms.EmailCodeForm",
    "confirm_password_reset_code": "portal.accounts.forms.ForgottenPasswordCodeForm",
}
# Failures by account and address are counted in the database (AXES_*, portal.accounts.limits). These stop floods.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "300/m/ip",
    "login_failed": "5/5m/key",  # a second factor's codes: only who knows the password gets to try one
    "request_login_code": "20/m/ip,5/15m/key",
    "code_to_account": "30/h/key",
    "reset_password": "20/m/ip",
    "signup": "20/m/ip",
    "claim": "60/h/ip",
    "page_report": "10/h/ip",
    "newsletter": "20/h/ip",
    "favourites": "300/h/ip",
    "favourites_list": "40/h/ip",
    "confirm_email": "1/10s/key",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8}

MFA_ADAPTER = "portal.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.SecondStepForm",
    "reauthenticate": "portal.accounts.forms.SecondStepAgainForm",
    "activate_totp": "portal.accounts.forms.AppCodeForm",
    "add_webauthn": "portal.accounts.forms.NewKeyForm",
}

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(hours=1)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "portal.accounts.limits.account_tried"
AXES_CLIENT_IP_CALLABLE = "portal.accounts.limits.client_address"
AXES_LOCKOUT_CALLABLE = "portal.accounts.limits.answer_to_locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "email", "ip_address", "password"]
AXES_DISABLE_ACCESS_LOG = True  # the audit trail tells of sign-ins
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --------------------------------------------------------------------------------------------------- language and place

LANGUAGE_CODE = "fr-ca"
# Each by its own name. French has no prefix, English is under /en/: the address alone says the language.
LANGUAGES = [("fr-ca", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Toronto"
USE_TZ = True
USE_I18N = True
# Django prints fr-CA times wrong (13:40 as « 13 01 40 »): our formats come first.
FORMAT_MODULE_PATH = ["home.formats"]
PHONENUMBER_DEFAULT_REGION = "CA"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

# ----------------------------------------------------------------------------------------------------------- the worker

WORKER_JOBS = [
    "portal.jobs.forget_what_is_past",
    "portal.staff_desk.schedule.keep_to_the_hours",
    "portal.chamber_desk.first_sales.tell_of_first_sales",
    "portal.staff_desk.imports.carry_on",
    "portal.leaving.departing.close_old",
    "portal.leaving.packages.work",
    "portal.impact.closing.close_what_is_due",
    "portal.still_true.weekly.ask_the_week",
    "portal.results.weekly.tell_the_week",
    "directory.own_site.readings.work",
    "directory.searching.refreshing.keep_fresh",
    "directory.searching.refreshing.tell_doubts",
    "shop.on_shelves.tell_sold",
    "editorial.newsletter.mailings.carry_on",
    "editorial.share_pictures.carry_on",
]

IMPACT_CLOSES = (3, 6)
"""The day of the month after, and the hour of the town, at which a month of the impact report is published for ever."""
"""Dotted names of what the worker does for the floors above the shop."""

SEARCH_SOURCES = {
    "merchant": "directory.searching.merchants.Merchants",
    "product": "shop.search_entries.Products",
    "story": "editorial.search_entries.Stories",
}
"""Dotted names of what tells the search of each kind of thing that may be found (``directory.searching.entries``)."""

SEARCH_ENGINE = search_settings(optional("SEARCH_URL"))
"""What finds instead of PostgreSQL, for portals that outgrow it, or None (``directory.searching.engine``)."""

SEARCH_MERCHANT_WORDS = ["shop.search_entries.words_of_merchants"]
"""Dotted names of what floors above the directory add to a merchant's words."""

DELIVERY_FACTS = "shop.delivery_facts.delivering_to"
"""Dotted name of what tells the directory which merchants deliver to an address (``directory.delivery``)."""

PLAN_FACTS = "shop.plan_facts.paid_of"
"""Dotted name of what tells ``directory.tiers`` what a merchant has paid (``directory.tiers.PaidOf``)."""

LETTER_WRITERS: dict[str, str] = {
    "care_answer": "portal.care.letters.answer",
    "care_callback": "portal.care.letters.callback",
    "care_proposal": "portal.care.letters.proposal",
    "join_invitation": "portal.joining.letters.invitation",
    "join_resume": "portal.joining.letters.resuming",
    "results": "portal.results.letters.weekly",
    "still_true": "portal.still_true.letters.weekly",
    "newsletter_address": "editorial.newsletter.letters.new_address",
    "newsletter_confirmation": "editorial.newsletter.letters.confirmation",
    "newsletter_moved": "editorial.newsletter.letters.moved",
}
"""Dotted names of what writes a letter at the moment it leaves (``shop.letters.post_later``), by its writer's name."""

COUNTS_WRITTEN_EACH_SECONDS = 1
"""How long a process keeps what it counted in memory (``directory.counting.tally``); 0: until somebody writes it."""

# ------------------------------------------------------------------------------------------------------------- the map

# Without it the map is the town's own outline, and no third party learns who looks at it.
MAP_TILES_URL = optional("MAP_TILES_URL")
MAP_TILES_ATTRIBUTION = optional("MAP_TILES_ATTRIBUTION")
if MAP_TILES_URL and not MAP_TILES_ATTRIBUTION:
    raise ImproperlyConfigured(
        "MAP_TILES_URL without MAP_TILES_ATTRIBUTION: whoever draws the map asks to be named on it. Set both."
    )

# ----------------------------------------------------------------------------------------------------- files and pages

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(optional("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(required("MEDIA_ROOT", "the directory that keeps uploaded photos and documents"))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files that are sold: beside the photos, never among them, since no address may serve them freely.
    "private": {
        "BACKEND": "shop.files.FilesThatAreSold",
        "OPTIONS": {"base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Wagtail's page editor posts more fields than Django's thousand.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# -------------------------------------------------------------------------------------------------------------- Wagtail

WAGTAIL_SITE_NAME = "Achetons"
# Every page has one address in each language: home.twins says what is shown there.
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# A page sent to translation waits as a draft: nobody is shown French under an English flag.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILIMAGES_IMAGE_MODEL = "home.CustomImage"
WAGTAILDOCS_DOCUMENT_MODEL = "home.CustomDocument"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "jpg", "jpeg", "png", "webp"]
# A page of the flyer shows two dozen pictures: a third lighter than at 80, and nobody sees it at that size.
WAGTAILIMAGES_WEBP_QUALITY = 60
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 25 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "french"}
}
# Approving publishes the revision that was looked at, never a later one.
WAGTAIL_FINISH_WORKFLOW_ACTION = "directory.publishing.publish_what_was_seen"
# Wagtail's mails would tell the operator of every town's requests.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# Turned on, it tells an editor of one portal the titles of another's pages.
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = ""
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# An email address is the login: it changes only after proof, on our own screens.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# ---------------------------------------------------------------------------------------------------------------- mails

DEFAULT_FROM_EMAIL = required(
    "DEFAULT_FROM_EMAIL", "the sender of every mail, like « Achetons <bonjour@achetons.example> »"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The copy of a contract goes with its mail as PDF, where the system can make one, else as a page.
MAIL_ATTACHES_PDF = True
_mail = email_settings(required("EMAIL_URL", "where mails go, like smtp://user:password@host:587"))
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _mail.get("EMAIL_FILE_PATH")
EMAIL_HOST = _mail.get("EMAIL_HOST", "")
EMAIL_PORT = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = _mail.get("EMAIL_TIMEOUT")

# ------------------------------------------------------------------------------------------------------------- security

# The proxy in front must set this header itself and drop what a visitor sends (docs/operate.md).
SECURE_PROXY_SSL_HEADER: tuple[str, str] | None = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
# A merchant's site may know that a visit came from the portal; nobody may read the signed address it came from.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # « Strict » would lose the session on the way back from the payment page
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Lax"

STRIPE_PAGES = [f"https://{page}.stripe.com" for page in ("checkout", "billing", "connect")]
"""Where a shopper pays; where a merchant keeps its card and invoices; where it tells who it is."""
STRIPE_HOSTED_ORIGINS = [origin(STRIPE_API_BASE)] if STRIPE_API_BASE else STRIPE_PAGES
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": public_directives(
        form_origins=STRIPE_HOSTED_ORIGINS,
        image_origins=[origin(MAP_TILES_URL.replace("{s}", "*"))] if MAP_TILES_URL else [],
    )
}

# ----------------------------------------------------------------------------------------------------------------- logs

# One JSON object a line on standard error. No name, address, token or card data is logged: log primary keys.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.settings.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "stripe": {"level": "WARNING"},  # it would tell of each request
        "axes": {"level": "ERROR"},  # it would name who failed to sign in, and from where
    },
}
