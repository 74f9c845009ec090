import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from shop.worker import run_due_jobs

logger = logging.getLogger(__name__)

PAUSE_S = 1.0


class Command(BaseCommand):
    help = "The background worker: applies webhooks, sends transfers and mails, lets unpaid checkouts go."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_frame: stop.set())
        self.stdout.write("The worker runs.")
        while not stop.is_set():
            run_due_jobs()
            close_old_connections()
            stop.wait(PAUSE_S)
