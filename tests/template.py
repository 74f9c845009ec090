"""``python -m tests.template`` makes the template of the test databases, if it is not there.

A minute of one core, which ``make test`` lets go by while it lints on another.
"""

import os

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    django.setup()
    from tests import database  # its factories need the models

    with database.maintenance() as server:
        database.ensure_template(server)


if __name__ == "__main__":
    main()
