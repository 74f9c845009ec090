"""The specification comes from the installed package, whole and quickly."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import stripe

from shop.sandbox.errors import Refusal
from shop.sandbox.simulated.registry import OPERATIONS
from shop.sandbox.specification import api_version, installed


def test_specification_lists_the_operations_of_the_package():
    known = {(operation.method, operation.path) for operation in installed().operations}
    assert ("post", "/v1/checkout/sessions") in known
    assert ("get", "/v2/core/accounts/{id}") in known
    assert ("post", "/v1/transfers/{id}/reversals") in known
    assert len(known) > 500


def test_every_simulated_operation_is_one_of_the_package():
    known = {(operation.method, operation.path) for operation in installed().operations}
    assert set(OPERATIONS) <= known


def test_every_operation_can_be_read_and_refuses_what_it_does_not_know():
    for operation in installed().operations:
        with pytest.raises(Refusal) as refusal:
            operation.read({"no_such_parameter": "1"})
        assert refusal.value.details["code"] == "parameter_unknown", operation


def test_api_version_is_the_packages():
    assert api_version() == stripe.api_version


def test_literal_segment_wins_over_a_path_argument():
    operation, path = installed().find("get", "/v1/charges/search") or (None, {})
    assert operation is not None
    assert (operation.path, path) == ("/v1/charges/search", {})


def test_start_takes_under_two_seconds_and_imports_neither_stripe_nor_django():
    script = (
        "import sys, time; t = time.perf_counter()\n"
        "from shop.sandbox.server import Sandbox\n"
        "with Sandbox() as s: s.control('GET', 'health')\n"
        "assert not {'stripe', 'django'} & set(sys.modules), 'imported'\n"
        "print(time.process_time())"
    )
    root = Path(__file__).parents[3]
    started = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert float(run.stdout) < 2, f"{run.stdout} of {time.perf_counter() - started}"
