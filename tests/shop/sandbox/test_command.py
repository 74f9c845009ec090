"""`manage.py stripe_sandbox`: the settings give the defaults, and a live key stops it."""

import pytest
from django.core.management import CommandError, call_command

from shop.management.commands.stripe_sandbox import Command


def test_settings_give_the_defaults(settings):
    settings.BASE_URL = "http://localhost:8000/"
    settings.STRIPE_API_BASE = "http://localhost:8001"
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]
    options = Command().create_parser("manage.py", "stripe_sandbox").parse_args([])
    assert options.port == 8001
    assert options.webhook_url == "http://localhost:8000/stripe/webhook/"
    assert options.webhook_secret == "whsec_new"
    assert options.state == ":memory:"


def test_command_line_wins(settings):
    parser = Command().create_parser("manage.py", "stripe_sandbox")
    options = parser.parse_args(
        [
            "--port",
            "9",
            "--state",
            "f",
            "--webhook-url",
            "http://x/",
            "--clock",
            "+60",
            "--connect-secret",
            "whsec_c",
        ]
    )
    assert options.connect_secret == "whsec_c"
    assert (options.port, options.state, options.webhook_url, options.clock) == (9, "f", "http://x/", "+60")


def test_live_key_stops_it(settings):
    settings.STRIPE_SECRET_KEY = "sk_live_1234567890"
    with pytest.raises(CommandError, match="live key"):
        call_command("stripe_sandbox", port=0)


def test_senseless_clock_is_told_in_one_sentence():
    with pytest.raises(CommandError):
        call_command("stripe_sandbox", port=0, clock="noon")
