"""The team: a merchant's, for its owners alone; the portal's, for its managers and the operator."""

from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from wagtail.models import Site

from directory import memberships
from directory.enums import MembershipRole
from directory.models import Invitation, Membership, Merchant
from home.models import AuditEntry, PortalRole, PortalStaff
from home.tenancy import portal_scope
from portal import staffing
from portal.models import User
from tests.factories import MembershipFactory, UserFactory
from tests.portal.people import is_signed_in, person, visitor

GUEST = "invitee@exemple.test"
OWNER, HELPER = MembershipRole.OWNER, MembershipRole.HELPER


@pytest.fixture
def shop(in_levis: Site) -> Merchant:
    return MembershipFactory(user__email="proprio@exemple.test").merchant


def owner_of(shop: Merchant) -> User:
    return Membership.objects.get(merchant=shop, user__email="proprio@exemple.test").user


def signed_in(user: User, host: str = "localhost") -> Client:
    client = Client(headers={"host": host})
    client.force_login(user)
    return client


def team(shop: Merchant, rest: str = "") -> str:
    return f"/mon-commerce/{shop.slug}/equipe/{rest}"


def test_owner_sees_the_people_and_invites(shop: Merchant) -> None:
    client = signed_in(owner_of(shop))
    assert "proprio@exemple.test" in client.get(team(shop)).content.decode()
    assert client.post(team(shop), {"email": GUEST, "role": HELPER}).url == team(shop)
    html = client.get(team(shop)).content.decode()
    assert GUEST in html
    assert "C’est envoyé à invitee@exemple.test." in html


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Écrivez son courriel"),
        ("pas un courriel", "Écrivez un courriel complet"),
        ("proprio@exemple.test", "Cette personne est déjà dans votre équipe."),
        (GUEST, "Une invitation l’attend déjà."),
    ],
)
def test_what_stands_in_the_way_is_said(shop: Merchant, email: str, said: str) -> None:
    client = signed_in(owner_of(shop))
    client.post(team(shop), {"email": GUEST, "role": HELPER})
    answer = client.post(team(shop), {"email": email, "role": HELPER})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("who", ["helper", "stranger", "other owner", "manager"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_team_does_not_exist_for_others(shop: Merchant, in_levis: Site, who: str, method: str) -> None:
    owner = Membership.objects.get(merchant=shop)
    letter = Invitation.objects.create(
        site=in_levis, merchant=shop, email=GUEST, role=HELPER, invited_by=owner.user,
        secret_digest="d", expires_at="2030-01-01T00:00Z",
    )  # fmt: skip
    people = {
        "helper": lambda: MembershipFactory(merchant=shop, role=HELPER).user,
        "stranger": UserFactory,
        "other owner": lambda: MembershipFactory().user,
        "manager": lambda: manager(in_levis),
    }
    client = signed_in(people[who]())
    for rest in ("", f"{owner.pk}/", f"invitation/{letter.pk}/"):
        given = {"email": "x@exemple.test", "role": OWNER, "retirer": "1"} if method == "post" else {}
        answer = getattr(client, method)(team(shop, rest), given)
        assert answer.status_code in ({404, 405} if method == "get" else {404}), rest
    letter.refresh_from_db()
    assert letter.revoked_at is None
    assert Membership.objects.filter(pk=owner.pk, role=OWNER).exists()


def test_own_member_of_another_shop_is_not_found(shop: Merchant) -> None:
    mine, other = owner_of(shop), MembershipFactory(role=HELPER)
    assert signed_in(mine).post(team(shop, f"{other.pk}/"), {"retirer": "1"}).status_code == 404
    assert Membership.objects.filter(pk=other.pk).exists()


def test_who_is_removed_is_out_at_once(shop: Merchant) -> None:
    helper = MembershipFactory(merchant=shop, role=HELPER)
    theirs = signed_in(helper.user)
    assert "n’aura plus accès" in signed_in(owner_of(shop)).get(team(shop, f"{helper.pk}/")).content.decode()
    assert signed_in(owner_of(shop)).post(team(shop, f"{helper.pk}/"), {"retirer": "1"}).url == team(shop)
    assert not is_signed_in(theirs)
    entry = AuditEntry.objects.get(action="membership.remove")
    assert (entry.merchant_id, entry.before) == (shop.pk, {"user": helper.user_id, "role": "helper"})


def test_last_owner_neither_leaves_nor_becomes_a_helper(shop: Merchant) -> None:
    row = Membership.objects.get(merchant=shop)
    client = signed_in(row.user)
    for wish in ({"retirer": "1"}, {"role": HELPER}):
        answer = client.post(team(shop, f"{row.pk}/"), wish, follow=True)
        assert "Un commerce garde toujours un propriétaire." in answer.content.decode()
    assert Membership.objects.get(merchant=shop).role == OWNER
    helper = MembershipFactory(merchant=shop, role=HELPER)
    client.post(team(shop, f"{helper.pk}/"), {"role": OWNER})
    client.post(team(shop, f"{row.pk}/"), {"retirer": "1"})
    assert Membership.objects.get(merchant=shop).user == helper.user


@pytest.mark.django_db(transaction=True)
def test_two_owners_do_not_leave_at_once(levis: Site) -> None:
    with portal_scope(levis):
        first = MembershipFactory()
        second = MembershipFactory(merchant=first.merchant)
    start, refused = Barrier(2, timeout=5), []

    def leave(row: Membership) -> None:
        try:
            start.wait()
            with portal_scope(levis):
                memberships.remove(row, by=row.user)
        except memberships.LastOwner:
            refused.append(row)
        finally:
            connection.close()

    both = [Thread(target=leave, args=(row,)) for row in (first, second)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    with portal_scope(levis):
        assert (len(refused), Membership.objects.filter(merchant=first.merchant).count()) == (1, 1)


def test_letter_is_sent_again_or_taken_back(shop: Merchant) -> None:
    client = signed_in(owner_of(shop))
    client.post(team(shop), {"email": GUEST, "role": HELPER})
    row = Invitation.objects.get()
    client.post(team(shop, f"invitation/{row.pk}/"), {"renvoyer": "1"})
    assert len(mail.outbox) == 2
    client.post(team(shop, f"invitation/{row.pk}/"), {"retirer": "1"})
    row.refresh_from_db()
    assert row.revoked_at
    again = client.post(team(shop, f"invitation/{row.pk}/"), {"renvoyer": "1"}, follow=True)
    assert "Cette invitation n’attend plus de réponse." in again.content.decode()
    assert len(mail.outbox) == 2


# ------------------------------------------------------------------------------------------------------------ the staff


def manager(site: Site) -> User:
    user = person("direction@exemple.test")
    staffing.grant(user, site, PortalRole.MANAGER)
    return user


def staff(site: Site, role: PortalRole) -> User:
    user = person(f"{role}@{site.hostname}.test")
    with portal_scope(site):
        staffing.grant(user, site, role)
    return user


def test_manager_sees_its_portals_people_alone(in_levis: Site, bellechasse: Site) -> None:
    staff(in_levis, PortalRole.EDITOR)
    staff(bellechasse, PortalRole.EDITOR)
    html = signed_in(manager(in_levis)).get("/admin/equipe/").content.decode()
    assert "editor@localhost.test" in html
    assert "bellechasse" not in html


def test_manager_invites_and_takes_back(in_levis: Site) -> None:
    client = signed_in(manager(in_levis))
    assert client.post("/admin/equipe/", {"email": GUEST, "role": "adviser"}).url == "/admin/equipe/"
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([GUEST], f"{in_levis.site_name} vous invite")
    assert client.post("/admin/equipe/", {"email": GUEST, "role": "owner"}).status_code == 422
    row = Invitation.objects.get()
    assert client.post(f"/admin/equipe/invitation/{row.pk}/", {"retirer": "1"}).url == "/admin/equipe/"
    row.refresh_from_db()
    assert row.revoked_at


def test_withdrawn_role_ends_the_sessions(in_levis: Site) -> None:
    editor = staff(in_levis, PortalRole.EDITOR)
    theirs, client = signed_in(editor), signed_in(manager(in_levis))
    row = PortalStaff.objects.get(user=editor)
    assert "editor@localhost.test" in client.get(f"/admin/equipe/retirer/{row.pk}/").content.decode()
    assert PortalStaff.objects.filter(pk=row.pk).exists()
    assert client.post(f"/admin/equipe/retirer/{row.pk}/").url == "/admin/equipe/"
    assert not PortalStaff.objects.filter(pk=row.pk).exists()
    assert not is_signed_in(theirs)
    assert AuditEntry.objects.get(action="staff.withdraw").before == {"user": editor.pk, "role": "editor"}


def test_nobody_withdraws_themselves(in_levis: Site) -> None:
    user = manager(in_levis)
    row = PortalStaff.objects.get(user=user)
    assert signed_in(user).post(f"/admin/equipe/retirer/{row.pk}/").status_code == 422
    assert PortalStaff.objects.filter(pk=row.pk).exists()


def test_other_portals_row_is_not_found(in_levis: Site, bellechasse: Site) -> None:
    other = staff(bellechasse, PortalRole.EDITOR)
    with portal_scope(bellechasse):
        row = PortalStaff.objects.get(user=other)
    assert signed_in(manager(in_levis)).post(f"/admin/equipe/retirer/{row.pk}/").status_code == 404
    with portal_scope(bellechasse):
        assert PortalStaff.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", [PortalRole.EDITOR, PortalRole.ADVISER, PortalRole.CITY])
def test_team_desk_does_not_exist_for_other_roles(in_levis: Site, role: PortalRole) -> None:
    client = signed_in(staff(in_levis, role))
    assert client.get("/admin/equipe/").status_code == 404
    assert client.post("/admin/equipe/", {"email": GUEST, "role": "manager"}).status_code == 404
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [PortalRole.EDITOR, PortalRole.MANAGER, PortalRole.ADVISER])
@pytest.mark.parametrize(
    "address", ["/admin/users/", "/admin/users/add/", "/admin/groups/", "/admin/groups/new/"]
)
def test_wagtails_users_and_groups_are_the_operators_alone(
    in_levis: Site, role: PortalRole, address: str
) -> None:
    assert signed_in(staff(in_levis, role)).get(address).status_code == 404


def test_operator_sees_the_team_of_each_portal(in_levis: Site) -> None:
    operator = UserFactory(is_superuser=True)
    assert signed_in(operator).get("/admin/equipe/").status_code == 200
    assert visitor().get("/admin/equipe/").url == "/compte/connexion/?next=/admin/equipe/"
