"""The sandbox as a program: control, memory, several side by side, many buyers at once."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest
import stripe

from shop.sandbox.clock import Clock
from shop.sandbox.server import ControlError, Sandbox
from tests.shop.sandbox.asking import NewSession, client_of, raw, session_params
from tests.shop.sandbox.visiting import visit

ROOT = Path(__file__).parents[3]


def test_health_says_who_answers(sandbox: Sandbox):
    health = sandbox.control("GET", "health")
    assert (health["ok"], health["url"]) == (True, sandbox.url)


def test_clock_freezes_moves_and_follows(sandbox: Sandbox, new_session: NewSession):
    assert sandbox.freeze(1_800_000_000)["now"] == 1_800_000_000
    assert new_session().created == 1_800_000_000
    assert sandbox.advance(90)["now"] == 1_800_000_090
    sandbox.freeze(None)
    assert sandbox.advance(3600)["offset"] == 3600


def test_running_clock_shifts_and_keeps_running():
    real = iter([100.0, 101.0]).__next__
    clock = Clock(real)
    clock.start_at("+50")
    assert (clock.now(), clock.now()) == (150, 151)


@pytest.mark.parametrize(
    ("wish", "now"), [(None, 7), ("real", 7), ("+3", 10), ("-3", 4), ("1800000000", 1_800_000_000)]
)
def test_clock_starts_where_it_is_told(wish, now):
    clock = Clock(lambda: 7.9)
    clock.start_at(wish)
    assert clock.now() == now


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("clock", {"now": "noon"}),
        ("clock", {"advance": None}),
        ("faults", {"kind": "429", "times": "x"}),
        ("nothing", {}),
    ],
)
def test_senseless_control_is_refused(sandbox: Sandbox, path, wish):
    with pytest.raises(ControlError) as refused:
        sandbox.control("POST", path, wish)
    assert refused.value.status in (400, 404)


def test_other_sites_cannot_control_through_a_browser(sandbox: Sandbox):
    assert raw(sandbox, "POST", "/_sandbox/reset", b"{}", Origin="http://evil.example")[0] == 403
    assert raw(sandbox, "POST", "/_sandbox/reset", b"{}", Origin=sandbox.url)[0] == 200


def test_only_this_machine_controls(sandbox: Sandbox):
    from shop.sandbox.control import respond
    from shop.sandbox.messages import Request

    for peer, status in (("192.168.1.9", 403), ("127.0.0.1", 200), ("::1", 200)):
        assert respond(sandbox, Request("GET", "/_sandbox/health", peer=peer)).status == status


def test_reset_forgets_everything(sandbox: Sandbox, new_session: NewSession, client):
    sandbox.pay(new_session().id)
    sandbox.fail("GET", "/v1/events", "500_before")
    sandbox.webhooks("drop")
    sandbox.reset()
    assert client.v1.checkout.sessions.list().data == []
    assert client.v1.events.list().data == []
    assert sandbox.ledger()["holders"] == {}
    assert sandbox.control("GET", "webhooks")["mode"] == "deliver"


def test_memory_survives_a_restart(tmp_path: Path):
    state = str(tmp_path / "sandbox.sqlite")
    with Sandbox(state=state) as before:
        before.freeze(1_800_000_000)
        session = client_of(before).v1.checkout.sessions.create(
            params=session_params(), options={"idempotency_key": "cs:1"}
        )
        before.pay(session.id)
    with Sandbox(state=state, port=before.port) as after:
        client = client_of(after)
        assert client.v1.checkout.sessions.retrieve(session.id).status == "complete"
        assert after.control("GET", "clock")["now"] == 1_800_000_000
        assert after.control("GET", "webhooks")["deliveries"] == {"waiting": 3}
        again = client.v1.checkout.sessions.create(
            params=session_params(), options={"idempotency_key": "cs:1"}
        )
        assert again.id == session.id


def test_money_goes_on_after_a_restart(tmp_path: Path):
    """Everything that moves money, half done; then another process on the same file, which ends it."""
    state = str(tmp_path / "sandbox.sqlite")
    able = {"card_payments": "active", "stripe_transfers": "active"}
    with Sandbox(state=state) as before:
        before.freeze(1_800_000_000)
        client, account = client_of(before), before.add_account("acct_1Shop", capabilities=able)["id"]
        charges = [
            _bought(before, card) for card in ("4000000000005126", "4242424242424242", "4242424242424242")
        ]
        late = client.v1.refunds.create(params={"charge": charges[0], "amount": 100})
        pending = before.refund(charges[1], 200, status="pending")["id"]
        dispute = before.dispute(charges[2])["id"]
        wish = {"amount": 3000, "currency": "cad", "destination": account, "source_transaction": charges[1]}
        transfer = client.v1.transfers.create(params=wish)
        payout = before.pay_out(account, amount=1000, status="pending")["payout"]["id"]
        link = client.v1.account_links.create(params=_link(account)).url
        holders, told = before.ledger()["holders"], len(before.events())
    with Sandbox(state=state, port=before.port) as after:
        client, scope = client_of(after), {"stripe_account": account}
        assert (after.ledger()["holders"], len(after.events())) == (holders, told)
        assert after.settle_refund(pending)["status"] == "succeeded"
        after.advance(9 * 86400)
        assert client.v1.refunds.retrieve(late.id).status == "failed"
        assert client.v1.disputes.retrieve(dispute).status == "lost"
        assert client.v1.payouts.retrieve(payout, options=scope).status == "paid"
        client.v1.transfers.reversals.create(transfer.id, params={"amount": 2000})
        assert visit(link).location == "http://localhost:9/encore/"
        report = after.ledger()
        assert report["is_balanced"]
        assert report["holders"][f"balance:{account}"] == 0
        assert report["holders"]["cards"] == 200 + 4596 - 3 * 4596


def _bought(sandbox: Sandbox, card: str) -> str:
    session = client_of(sandbox).v1.checkout.sessions.create(params=session_params())
    return str(sandbox.pay(session.id, card)["payment_intent"]["latest_charge"])


def _link(account: str) -> dict[str, str]:
    addresses = {"refresh_url": "http://localhost:9/encore/", "return_url": "http://localhost:9/retour/"}
    return {"account": account, "type": "account_onboarding"} | addresses


def test_what_cannot_be_opened_is_told_and_nothing_stays_open(sandbox: Sandbox, tmp_path: Path):
    (tmp_path / "letter.txt").write_text(
        "Not a database, and long enough to be taken for one by its size alone. " * 9
    )
    for wish in (
        {"state": str(tmp_path / "nowhere" / "x")},
        {"state": str(tmp_path / "letter.txt")},
        {"port": sandbox.port},
    ):
        with pytest.raises(OSError):
            Sandbox(**wish)


def test_two_sandboxes_know_nothing_of_each_other(sandbox: Sandbox, new_session: NewSession):
    with Sandbox() as other:
        session = new_session()
        with pytest.raises(ControlError):
            other.pay(session.id)
        assert other.url != sandbox.url
        assert client_of(other).v1.checkout.sessions.list().data == []


def test_stop_ends_open_connections_and_threads():
    sandbox = Sandbox().start()
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=20)
    connection.request("GET", "/_sandbox/health")
    connection.getresponse().read()
    sandbox.stop()
    with pytest.raises(OSError):
        http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=5).connect()
    assert not sandbox._thread.is_alive()
    assert not sandbox.courier._thread.is_alive()
    connection.close()


@pytest.mark.parametrize("key", ["sk_live_1234567890", "rk_live_1234567890"])
def test_sandbox_does_not_start_beside_a_live_key(monkeypatch: pytest.MonkeyPatch, key: str):
    monkeypatch.setenv("STRIPE_SECRET_KEY", key)
    with pytest.raises(RuntimeError, match="live key"):
        Sandbox()


def start(*options: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "shop.sandbox", "--port", "0", *options]
    keep = {name: value for name, value in os.environ.items() if not name.startswith("STRIPE_")}
    return subprocess.Popen(
        command, cwd=ROOT, env=keep | environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_program_serves_without_django_and_leaves_on_sigterm(tmp_path: Path):
    with start(
        "--state", str(tmp_path / "s.sqlite"), "--clock", "1800000000", DJANGO_SETTINGS_MODULE="none"
    ) as program:
        assert program.stdout is not None
        url = program.stdout.readline().split()[3]
        with urllib.request.urlopen(f"{url}/_sandbox/health", timeout=10) as response:
            assert b"1800000000" in response.read()
        program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=20) == 0


def test_program_refuses_a_live_key():
    with start(STRIPE_SECRET_KEY="sk_live_1234567890") as program:
        _, error = program.communicate(timeout=20)
        assert program.returncode == 1
        assert "live key" in error
        assert "Traceback" not in error


def test_forty_buyers_at_once(sandbox: Sandbox, client):
    account, failures = sandbox.add_account()["id"], []

    def buy(number: int) -> None:
        own = client_of(sandbox)
        try:
            session = own.v1.checkout.sessions.create(
                params=session_params(), options={"idempotency_key": f"cs:{number}:1"}
            )
            charge = sandbox.pay(session.id)["payment_intent"]["latest_charge"]
            wish = {"amount": 4000, "currency": "cad", "destination": account, "source_transaction": charge}
            own.v1.transfers.create(params=wish, options={"idempotency_key": f"tr:{number}"})
        except (stripe.StripeError, ControlError, OSError) as error:
            failures.append(error)

    buyers = [threading.Thread(target=buy, args=(number,)) for number in range(40)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()
    assert failures == []
    ledger = sandbox.ledger()
    assert ledger["is_balanced"]
    assert ledger["holders"][f"balance:{account}"] == 40 * 4000
    assert ledger["holders"]["cards"] == -40 * 4596
    assert len(client.v1.checkout.sessions.list(params={"limit": 100, "status": "complete"}).data) == 40
