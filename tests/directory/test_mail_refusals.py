"""An address that refused is never written to again, in its portal; the link that says so is nobody else's."""

import pytest
from django.utils import timezone
from wagtail.models import Site

from directory import mail_refusals
from directory.models import MailRefusal, Registration
from home import links
from home.tenancy import portal_scope
from portal.privacy.erasure import erase
from portal.privacy.holdings import holdings_of
from tests.portal.people import person

pytestmark = pytest.mark.django_db


def invited(site: Site, email: str = "Marie@Exemple.test") -> Registration:
    with portal_scope(site):
        return Registration.objects.create(site=site, email=email)


def test_refusal_is_kept_once_whatever_the_case(levis: Site) -> None:
    with portal_scope(levis):
        assert mail_refusals.refuse(" Marie@Exemple.test ")
        assert not mail_refusals.refuse("marie@exemple.TEST")
        assert mail_refusals.is_refused("MARIE@exemple.test")
        assert not mail_refusals.is_refused("luc@exemple.test")
        assert [row.email for row in MailRefusal.objects.all()] == ["marie@exemple.test"]


def test_refusal_holds_in_its_portal_alone(levis: Site, bellechasse: Site) -> None:
    with portal_scope(levis):
        mail_refusals.refuse("marie@exemple.test")
    with portal_scope(bellechasse):
        assert not mail_refusals.is_refused("marie@exemple.test")


def test_no_address_refuses_nothing(levis: Site) -> None:
    with portal_scope(levis):
        with pytest.raises(ValueError, match="address"):
            mail_refusals.refuse("  ")
        assert mail_refusals.refused_among(["", " "]) == set()


def test_those_refused_among_many_are_found_in_one_query(levis: Site, django_assert_num_queries) -> None:
    with portal_scope(levis):
        mail_refusals.refuse("b@exemple.test")
        with django_assert_num_queries(1):
            found = mail_refusals.refused_among(["A@exemple.test", "B@exemple.test", ""])
    assert found == {"b@exemple.test"}


def test_link_stays_good_when_the_invitations_own_links_are_closed(levis: Site) -> None:
    row = invited(levis)
    token = mail_refusals.token_of(row)
    with portal_scope(levis):
        Registration.objects.filter(pk=row.pk).update(link_version=9, status="withdrawn")
        assert mail_refusals.address_of(token) == "Marie@Exemple.test"


def test_link_of_another_portal_another_kind_or_nobody_says_nothing(levis: Site, bellechasse: Site) -> None:
    theirs = invited(bellechasse)
    with portal_scope(levis):
        assert mail_refusals.address_of(mail_refusals.token_of(theirs)) == ""
        mine = invited(levis)
        for token in (
            "",
            "n’importe quoi",
            links.seal("registration", mine.pk, 0),
            links.seal(mail_refusals.PURPOSE, mine.pk, 1),
            mail_refusals.token_of(mine)[:-1],
        ):
            assert mail_refusals.address_of(token) == ""


def test_person_takes_its_own_refusals_along_and_erasure_keeps_them(levis: Site) -> None:
    with portal_scope(levis):
        mail_refusals.refuse("marie@exemple.test")
        mail_refusals.refuse("luc@exemple.test")
        marie = person("Marie@exemple.test")
        (row,) = holdings_of(marie)["refus_de_lettres"]
        assert row["courriel"] == "marie@exemple.test"
        erase(marie, now=timezone.now())
        assert mail_refusals.is_refused("marie@exemple.test")
