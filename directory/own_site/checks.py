"""The boot fails where anything but the tests may read this machine."""

import os
from collections.abc import Iterable
from typing import Any

from django.conf import ENVIRONMENT_VARIABLE
from django.core.checks import CheckMessage, Error, Tags, register

from directory.own_site.addresses import may_read_loopback

TESTS = "portal.settings.test"


@register(Tags.security)
def only_tests_read_loopback(**_asked: Any) -> Iterable[CheckMessage]:
    if may_read_loopback() and os.environ.get(ENVIRONMENT_VARIABLE) != TESTS:
        yield Error(
            "OWN_SITE_MAY_READ_LOOPBACK is set: anybody who registers could have this server read its own machine.",
            hint="Only the tests' settings set it; take it out of yours.",
            id="directory.E001",
        )
