import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_models_have_no_change_without_a_migration(capsys) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=3)


@pytest.mark.django_db
def test_deploy_checks_find_nothing_to_say(settings) -> None:
    # A browser of this same process needs DJANGO_ALLOW_ASYNC_UNSAFE while it runs, and so does this test beside it.
    settings.SILENCED_SYSTEM_CHECKS = ["async.E001"]
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 3600
    settings.SECRET_KEY = "".join(map(chr, range(ord("0"), ord("0") + 60)))
    call_command("check", deploy=True, fail_level="INFO", databases=["default"])
