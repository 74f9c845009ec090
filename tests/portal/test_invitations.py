"""Invitations: who may ask whom in, and a letter that is good once, for its addressee, for two weeks."""

import re
from contextlib import suppress
from datetime import timedelta
from itertools import product
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from directory import invitations
from directory.enums import MembershipRole
from directory.invitations import Inviter, may_invite
from directory.models import Invitation, Membership
from home.models import AuditEntry, PortalRole, PortalStaff
from home.tenancy import portal_scope
from portal import staffing
from portal.models import User
from tests.factories import MembershipFactory, MerchantFactory, UserFactory
from tests.portal.people import is_signed_in, last_code, person, visitor

OWNER, HELPER = MembershipRole.OWNER, MembershipRole.HELPER
EDITOR, MANAGER = PortalRole.EDITOR, PortalRole.MANAGER
GUEST = "invitee@exemple.test"
WHO = {
    "nobody": Inviter(),
    "owner of 7": Inviter(owns=frozenset({7})),
    "manager": Inviter(portal_roles=frozenset({MANAGER})),
    "editor": Inviter(portal_roles=frozenset({EDITOR})),
    "adviser": Inviter(portal_roles=frozenset({PortalRole.ADVISER})),
    "superuser": Inviter(is_superuser=True),
}


def test_nobody_invites_beyond_their_house() -> None:
    places = [*product((*MembershipRole.values, *PortalRole.values, "pope"), (7, 8, None))]
    allowed = {who: {place for place in places if may_invite(WHO[who], *place)} for who in WHO}
    of_merchant = {(role, pk) for role in MembershipRole.values for pk in (7, 8)}
    of_staff = {(role, None) for role in PortalRole.values}
    assert allowed == {
        "nobody": set(),
        "owner of 7": {(OWNER, 7), (HELPER, 7)},
        "manager": of_staff,
        "editor": set(),
        "adviser": set(),
        "superuser": of_merchant | of_staff,
    }


@pytest.fixture
def owner(in_levis: Site) -> User:
    return MembershipFactory().user


@pytest.fixture
def manager(in_levis: Site) -> User:
    user = person("direction@exemple.test")
    staffing.grant(user, in_levis, MANAGER)
    return user


def send(
    by: User, role: str = HELPER, *, email: str = GUEST, merchant: object = "own"
) -> tuple[Invitation, str]:
    site = Site.objects.get(hostname="localhost")
    if merchant == "own":
        found = Membership.objects.filter(user=by).select_related("merchant").first()
        merchant = found.merchant if found else None
    return invitations.invite(site, email, role, merchant=merchant, by=by, now=timezone.now())


def accept(secret: str, user: User) -> Invitation | None:
    return invitations.accept(secret, user, grant=staffing.grant, now=timezone.now())


def test_secret_is_in_no_column(owner: User) -> None:
    row, secret = send(owner)
    stored = Invitation.objects.filter(pk=row.pk).values_list().get()
    assert len(secret) >= 40
    assert secret not in map(str, stored)
    assert secret not in str(list(AuditEntry.objects.values()))


def test_accepting_gives_the_place_once_and_is_in_the_trail(owner: User) -> None:
    row, secret = send(owner)
    guest = UserFactory(email=GUEST)
    assert accept(secret, guest) == row
    assert accept(secret, guest) is None
    assert Membership.objects.get(user=guest).role == HELPER
    actions = AuditEntry.objects.order_by("pk").values_list("action", "actor", "merchant")
    assert list(actions) == [
        ("invitation.send", owner.pk, row.merchant_id),
        ("invitation.accept", guest.pk, row.merchant_id),
    ]


def test_staff_get_their_role_and_their_group(manager: User, in_levis: Site) -> None:
    _row, secret = send(manager, EDITOR)
    guest = UserFactory(email=GUEST)
    assert accept(secret, guest)
    assert PortalStaff.objects.get(user=guest).role == EDITOR
    assert guest.has_perm("wagtailadmin.access_admin")


@pytest.mark.parametrize("why", ["another person", "too late", "taken back", "sent anew", "wrong secret"])
def test_letter_opens_nothing(owner: User, why: str, time_machine) -> None:
    row, secret = send(owner)
    guest, now = UserFactory(email=GUEST), timezone.now()
    if why == "another person":
        guest = UserFactory(email="autre@exemple.test")
    elif why == "too late":
        time_machine.move_to(now + timedelta(days=14, seconds=1))
    elif why == "taken back":
        assert invitations.revoke(row, by=owner, now=now)
    elif why == "sent anew":
        assert invitations.renew(row, by=owner, now=now)
    else:
        secret = secret[:-1]
    assert accept(secret, guest) is None
    assert not Membership.objects.filter(user=guest).exists()


def test_letter_of_who_may_no_longer_send_it_opens_nothing(manager: User, in_levis: Site) -> None:
    _row, secret = send(manager, MANAGER)
    staffing.withdraw(manager, in_levis, MANAGER)
    assert accept(secret, UserFactory(email=GUEST)) is None


def test_letter_of_a_suspended_merchant_opens_nothing(owner: User) -> None:
    row, secret = send(owner)
    type(row.merchant).objects.filter(pk=row.merchant_id).update(suspended_at=timezone.now())
    assert accept(secret, UserFactory(email=GUEST)) is None


def test_letter_of_one_town_opens_nothing_in_another(owner: User, bellechasse: Site) -> None:
    _row, secret = send(owner)
    guest = UserFactory(email=GUEST)
    with portal_scope(bellechasse):
        assert accept(secret, guest) is None
    client = Client(headers={"host": "bellechasse.localhost"})
    assert client.get(f"/compte/invitation/{secret}/").status_code == 404


def test_stranger_and_helper_send_nothing(owner: User) -> None:
    merchant = Membership.objects.get(user=owner).merchant
    helper = MembershipFactory(merchant=merchant, role=HELPER).user
    other = MembershipFactory(merchant=MerchantFactory()).user
    for by in (helper, other):
        with pytest.raises(invitations.NotAllowed):
            send(by, merchant=merchant)
    with pytest.raises(invitations.NotAllowed):
        send(owner, EDITOR, merchant=None)
    assert not Invitation.objects.exists()


def test_one_letter_waits_and_who_is_there_needs_none(owner: User, time_machine) -> None:
    send(owner)
    with pytest.raises(invitations.AlreadyInvited):
        send(owner, email=GUEST.upper())
    with pytest.raises(invitations.AlreadyThere):
        send(owner, email=owner.email)
    time_machine.move_to(timezone.now() + timedelta(days=15))
    send(owner)
    assert invitations.waiting(timezone.now()).count() == 1


def test_owner_who_accepts_a_helpers_letter_stays_owner(owner: User) -> None:
    row, secret = send(owner)
    guest = UserFactory(email=GUEST)
    MembershipFactory(merchant=row.merchant, user=guest)
    assert accept(secret, guest)
    assert Membership.objects.get(user=guest).role == OWNER


# ------------------------------------------------------------------------------------------------------------- the page


def link(secret: str) -> str:
    return f"/compte/invitation/{secret}/"


def test_newcomer_enters_with_one_button_and_its_email_is_proved(owner: User) -> None:
    _row, secret = send(owner)
    client = visitor()
    page = client.get(link(secret))
    assert f"invite <strong>{GUEST}</strong>" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert not User.objects.filter(email=GUEST).exists(), "looking gives nothing"
    merchant = Membership.objects.get(user=owner).merchant
    assert client.post(link(secret)).url == f"/mon-commerce/{merchant.slug}/"
    assert is_signed_in(client)
    assert EmailAddress.objects.get(user__email=GUEST).verified
    assert client.get(link(secret)).url == f"/mon-commerce/{merchant.slug}/", "pressed twice, it leads there"
    again = visitor().post(link(secret))
    assert again.status_code == 404
    assert "Cette invitation ne vaut plus" in again.content.decode()


def test_newcomer_made_a_moment_ago_by_another_press_is_no_accident(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _row, secret = send(owner)
    monkeypatch.setattr("portal.accounts.joining._standing", lambda *_given: "new")
    person(GUEST)
    assert visitor().post(link(secret)).status_code == 404
    assert not Membership.objects.filter(user__email=GUEST).exists()


def test_who_has_an_account_signs_in_first_and_comes_back(owner: User) -> None:
    _row, secret = send(owner)
    person(GUEST)
    client = visitor()
    assert f'href="/compte/connexion/code/?next={link(secret)}"' in client.get(link(secret)).content.decode()
    assert client.post(link(secret)).status_code == 200
    assert not is_signed_in(client), "a letter of two weeks is no way into an account"
    back = {"email": GUEST, "next": link(secret)}
    client.post("/compte/connexion/code/", back)
    assert client.post("/compte/connexion/code/saisie/", {"code": last_code(), **back}).url == link(secret)
    assert client.post(link(secret)).status_code == 302
    assert Membership.objects.filter(user__email=GUEST).exists()


def test_somebody_else_is_told_to_sign_out(owner: User) -> None:
    _row, secret = send(owner)
    client = visitor()
    client.force_login(person("autre@exemple.test"))
    html = client.get(link(secret)).content.decode()
    assert "Vous êtes connecté avec autre@exemple.test." in html
    assert client.post(link(secret)).status_code == 200
    assert not Membership.objects.filter(user__email="autre@exemple.test").exists()


def test_letter_says_who_and_where_and_carries_the_secret(owner: User) -> None:
    merchant = Membership.objects.get(user=owner).merchant
    client = visitor()
    client.force_login(owner)
    client.post(f"/mon-commerce/{merchant.slug}/equipe/", {"email": GUEST, "role": HELPER})
    letter = mail.outbox[-1]
    assert (letter.to, letter.subject) == ([GUEST], f"{merchant.name} vous invite")
    secret = re.search(r"http://localhost[^\s]*/compte/invitation/([\w-]+)/", letter.body)
    assert secret
    assert invitations.by_secret(secret[1], timezone.now())


# ------------------------------------------------------------------------------------------------------------- the race


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, False])
def test_two_answers_at_once_give_one_place(
    levis: Site, locks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the lock taken out both go through: that is what it is for."""
    with portal_scope(levis):
        owner = MembershipFactory().user
        _row, secret = send(owner)
        guest = UserFactory(email=GUEST)
    if not locks:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    meeting, won = Barrier(2, timeout=1), []
    stands = invitations._still_stands

    def wait_for_the_other(row: Invitation) -> bool:
        with suppress(BrokenBarrierError):  # with the lock the other never comes this far meanwhile
            meeting.wait()
        return stands(row)

    monkeypatch.setattr(invitations, "_still_stands", wait_for_the_other)

    def answer() -> None:
        try:
            with portal_scope(levis):
                won.append(accept(secret, guest))
        finally:
            connection.close()

    both = [Thread(target=answer) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sum(row is not None for row in won) == (1 if locks else 2)
