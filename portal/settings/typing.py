"""What mypy reads: the test settings, without a server behind them."""

import os

os.environ["DATABASE_URL"] = "postgresql://nobody@localhost/none"

from .test import *  # noqa: F403
