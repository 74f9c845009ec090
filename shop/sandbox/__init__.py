"""A payment sandbox that speaks Stripe, so that a town buys, refunds and pays its merchants offline.

Start it with `python -m shop.sandbox --port 12111 --webhook-url http://localhost:8000/stripe/webhook/` or
`manage.py stripe_sandbox`; in a test, `with shop.sandbox.server.Sandbox() as sandbox:`. Give the real package
`base_addresses={"api": sandbox.url}` and any `sk_test_…` key. A live key is refused everywhere.

What Stripe's API would check is checked against the installed `stripe` package. What is not simulated answers 501:
the sandbox never guesses. Where the real behaviour was not checked, the code says *verify*.

A request with `Stripe-Account` acts in that account's world: its sessions, charges, refunds, disputes, payouts, events
and idempotency keys are its own, and missing everywhere else. Its events carry `account`, and are signed with
`connect_secret` (`--connect-secret`) where there is one. Thin v2 events are signed with the platform's secret.

Time is the clock's: sessions expire, money becomes available (after three days, or the account's own delay), payouts
arrive (after two), unanswered disputes are lost (after nine). Cards beside CONTRACT.md's: 4000 0000 0000 0077 pays at
once, 4000 0000 0000 0341 is kept for later and then declined each time, 4000 0027 6000 3184 asks its bank each time,
4000 0000 0000 7726 refunds `pending` for five seconds, 4000 0000 0000 5126 refunds and fails five seconds later.

Plans (`shop/sandbox/billing/`): a moved clock lets trials end (`trial_will_end` three days before), periods turn,
drafts be finalized after an hour, and kept cards be asked again after 3, 5 and 7 days, each thing at its own second.
A portal session needs a configuration, as on Stripe where none was saved in the dashboard.

Pages, in French and English: `/c/pay/<session>` takes the fields `email` (when the session has none), `number`,
`expiry`, `cvc`, `name` and `postal_code`; `/c/pay/<session>/authentication` takes `outcome=authorize` or `refuse`.
`/c/onboarding/<link>` leads to a form that takes `registered_name`, `line1`, `city`, `state`, `postal_code`, `transit`,
`institution`, `number` and `consent=yes` (or `act=fill`); `/c/express/<login>` shows balance and payouts.
`/c/invoice/<token>` takes the card fields and `keep=yes`, or `act=kept`; `/c/portal/<token>` takes `act=resume` with
`subscription`, its `/card` the card fields, its `/cancel` `subscription` and `reason`.

Tests have a method for each control (`Sandbox.pay`, `.refund`, `.dispute`, `.pay_out`… in `controls.py`).

Control addresses, JSON both ways, from this machine only:

GET  /_sandbox/health                      {"ok": true, "api_version", "now", "url"}
GET  /_sandbox/clock                       the present second, and whether it is frozen
POST /_sandbox/clock                       {"now": unix} freezes, {"now": null} follows real time, {"advance": seconds};
                                           what is due by then happens before the answer
GET  /_sandbox/webhooks                    mode, address, deliveries by state
POST /_sandbox/webhooks                    {"mode": "deliver|drop|hold|duplicate|reorder", "delay": seconds,
                                           "types": ["charge.refunded"]} (no types: all)
POST /_sandbox/webhooks/flush              sends what is held or waiting, answers once each was tried;
                                           {"wait": seconds, "include_dropped": false}
POST /_sandbox/webhooks/send               {"events": [ids], "times": 1, "at_once": false}: sends these now, in this
                                           order, whatever the mode; answers their statuses (0: no answer)
GET  /_sandbox/events                      all events of all accounts, oldest first
GET  /_sandbox/faults                      faults still to come, requests that wait
POST /_sandbox/faults                      {"method": "POST", "path": "/v1/transfers", "kind": …, "times": 1,
                                           "seconds": 30}; `*` in the path stands for anything; kinds:
                                           500_before, 500_after (stored under the key, like Stripe's), 429,
                                           hang, reset (nothing happens, no answer), hang_after, reset_after
                                           (it happens, no answer), slow (it happens, late)
POST /_sandbox/faults/clear                no more faults; what waits goes on
POST /_sandbox/sessions/<id>/pay           {"card": "4242424242424242", "authenticate": true, "name", "email",
                                           "postal_code"}; the session with its payment intent, or Stripe's 402
GET  /_sandbox/dunning                     days between attempts on a kept card, and what follows the last one
POST /_sandbox/dunning                     {"days": [3, 5, 7], "then": "cancel|mark_unpaid|leave"}, from now on
POST /_sandbox/accounts                    {"id"?, "display_name"?, "contact_email"?, "capabilities"?:
                                           {"stripe_transfers": "active"}}: an onboarded account, safe to repeat
POST /_sandbox/accounts/<id>/capabilities  {"stripe_transfers": "restricted", "card_payments": "active"}; sends
                                           account.updated, and v2's thin events
POST /_sandbox/accounts/<id>/onboard       {"registered_name"?, "number"?, …}: as if its onboarding page was filled in
POST /_sandbox/accounts/<id>/payout        {"amount"?, "status"?: "paid|pending|failed"}: its balance (all of it, even
                                           what is pending) leaves for the bank, so that a reversal finds nothing
POST /_sandbox/payouts/run                 each account's available balance leaves, unless its schedule is manual;
                                           arrives two days later
POST /_sandbox/payouts/<id>/settle         {"status": "paid"}, or "failed" with "failure_code"?: the money is back
POST /_sandbox/charges/<id>/refund         {"amount"?, "reason"?, "status"?: "pending"}: a refund made in Stripe's
                                           dashboard; sends refund.created, charge.refunded, refund.updated
POST /_sandbox/refunds                     {"status": "pending"}: how refunds begin from now on (null: succeeded)
POST /_sandbox/refunds/<id>/settle         {"status": "succeeded"}, or "failed" with "failure_reason"?: the money is
                                           back on the balance, the charge may be refunded again
POST /_sandbox/charges/<id>/dispute        {"reason": "fraudulent", "amount"?}; unanswered for nine days it is lost
POST /_sandbox/disputes/open               disputes every charge paid with 4000 0000 0000 0259
POST /_sandbox/disputes/<id>/close         {"status": "won|lost"}; the evidence `winning_evidence` or `losing_evidence`
                                           in `uncategorized_text` decides by itself
GET  /_sandbox/requests                    the last thousand API requests, oldest first
GET  /_sandbox/ledger                      who holds what; the sum is zero
POST /_sandbox/reset                       forgets everything
"""
