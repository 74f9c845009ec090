"""The staff's desks in the admin: what is to be done today, answered in two clicks, each portal's alone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Revision

from directory import moderation
from directory.models import HelpConsent, Invitation, Merchant, MerchantPage, SearchPick
from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from portal import staffing
from portal.models import User
from portal.staff_desk.opening import open_staff_desk
from tests.factories import MembershipFactory, MerchantFactory, UserFactory, make_merchant_page
from tests.portal.towns import Town

QUEUE = "/admin/a-approuver/"


def staff(town: Town, role: PortalRole) -> Client:
    """Somebody who works there, with the role's native group."""
    user = UserFactory(email=f"{role}@{town.host}.test")
    with portal_scope(town.site):
        staffing.grant(user, town.site, role)
    return town.signed_in(user)


@pytest.fixture
def journal(here: Town) -> Client:
    return staff(here, PortalRole.EDITOR)


@pytest.fixture
def chamber(here: Town) -> Client:
    return staff(here, PortalRole.ADVISER)


def sent(town: Town, intro: str = "Texte neuf", merchant: Merchant | None = None) -> MerchantPage:
    """A merchant's page that waits."""
    with portal_scope(town.site):
        open_staff_desk(town.site)
        page = MerchantPage.objects.get(merchant=merchant or town.merchant)
        seen = page.latest_revision_id
        copy = moderation.working_copy(page) if seen else page
        copy.intro = intro
        moderation.keep(copy, user=town.owner, seen=seen)
        page.refresh_from_db()
        moderation.send(page.pk, user=town.owner, seen=page.latest_revision_id)
        return MerchantPage.objects.get(pk=page.pk)


def answer(client: Client, page: MerchantPage, verb: str, comment: str = "", seen: int | None = None) -> Any:
    data = {"answer": verb, "comment": comment, "seen": seen or page.latest_revision_id}
    return client.post(f"{QUEUE}{page.pk}/repondre/", data)


def after(html: str) -> str:
    """The screen's words without those that go away."""
    return re.sub(r"<del>.*?</del>|</?ins>", "", html, flags=re.DOTALL)


def intro_of(page: MerchantPage) -> str:
    return MerchantPage.objects.values_list("intro", flat=True).get(pk=page.pk)


def test_page_is_approved_from_the_home_in_two_clicks(journal: Client, here: Town) -> None:
    page = sent(here, "Un texte tout neuf")
    home = journal.get("/admin/").content.decode()
    assert "À faire aujourd’hui" in home
    assert f'href="{QUEUE}{page.pk}/"' in home
    screen = journal.get(f"{QUEUE}{page.pk}/").content.decode()
    assert "Un texte tout neuf" in after(screen)
    assert answer(journal, page, "approuver").url == "/admin/"
    assert intro_of(page) == "Un texte tout neuf"
    assert f'href="{QUEUE}{page.pk}/"' not in journal.get("/admin/").content.decode()


def test_refusal_needs_a_word_and_keeps_what_was_typed(journal: Client, here: Town) -> None:
    page = sent(here)
    silent = answer(journal, page, "refuser")
    assert silent.status_code == 422
    assert "Écrivez au commerce ce qu’il faut changer." in silent.content.decode()
    long = answer(journal, page, "refuser", "Mon mot " * 200)
    assert long.status_code == 422
    assert "Mon mot" in long.content.decode()
    assert answer(journal, page, "refuser", "Plus court").status_code == 302
    with portal_scope(here.site):
        assert moderation.standing(MerchantPage.objects.get(pk=page.pk)).comment == "Plus court"
    assert intro_of(page) != "Texte neuf"


def test_answer_to_what_was_replaced_is_refused_with_a_sentence(journal: Client, here: Town) -> None:
    earlier = sent(here, "Vu")
    with portal_scope(here.site):
        copy = moderation.working_copy(earlier)
        copy.intro = "Jamais vu"
        moderation.keep(copy, user=here.owner, seen=earlier.latest_revision_id)
    asked = answer(journal, earlier, "approuver")
    html = journal.get(asked.url).content.decode()
    assert "le commerce a changé ou retiré son texte entre-temps" in html
    assert "Jamais vu" in after(html)
    assert intro_of(earlier) not in ("Vu", "Jamais vu")


def test_wagtail_s_own_button_refuses_what_was_replaced(journal: Client, here: Town) -> None:
    page = sent(here, "Vu")
    with portal_scope(here.site):
        (task,) = moderation.what_waits(here.site.root_page)
        copy = moderation.working_copy(page)
        copy.intro = "Jamais vu"
        moderation.keep(copy, user=here.owner, seen=page.latest_revision_id)
    button = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    asked = journal.post(button)
    assert asked.url == f"{QUEUE}{page.pk}/?depasse=1"
    assert intro_of(page) not in ("Vu", "Jamais vu")


@pytest.mark.parametrize("verb", ["", "APPROUVER", "supprimer"])
def test_other_answers_do_not_exist(journal: Client, here: Town, verb: str) -> None:
    page = sent(here)
    assert answer(journal, page, verb).status_code == 404
    with portal_scope(here.site):
        assert moderation.standing(page).stage == moderation.Stage.WAITING


def test_trusted_merchant_s_change_is_listed_with_its_difference(journal: Client, here: Town) -> None:
    assert journal.post(f"/admin/dossiers/{here.merchant.pk}/confiance/").status_code == 302
    desk = here.signed_in(here.owner)
    address = f"/mon-commerce/{here.merchant.slug}/page/"
    desk.post(f"{address}textes/", {"seen": "", "intro": "Sans attendre", "story_1": ""})
    desk.post(f"{address}envoyer/", {"seen": MerchantPage.objects.get().latest_revision_id})
    with portal_scope(here.site):
        entry = AuditEntry.objects.get(action="page.published")
    assert f'href="{QUEUE}changements/{entry.pk}/"' in journal.get(QUEUE).content.decode()
    assert "Sans attendre" in after(journal.get(f"{QUEUE}changements/{entry.pk}/").content.decode())
    journal.post(f"/admin/dossiers/{here.merchant.pk}/sans-confiance/")
    with portal_scope(here.site):
        assert Merchant.objects.get(pk=here.merchant.pk).trusted_at is None


def test_suspension_asks_why_and_everything_comes_back(journal: Client, here: Town) -> None:
    file = f"/admin/dossiers/{here.merchant.pk}/"
    assert journal.post(f"{file}suspendre/", {"reason": ""}).status_code == 422
    journal.post(f"{file}suspendre/", {"reason": "Permis échu"})
    assert "Permis échu" in journal.get(file).content.decode()
    shop = f"/commerces/{here.merchant.slug}/"
    assert here.visitor().get(shop).status_code == 404
    journal.post(f"{file}rouvrir/")
    assert here.visitor().get(shop).status_code == 200


def test_chamber_sees_who_is_stuck_by_facts(chamber: Client, here: Town) -> None:
    now = timezone.now()
    with portal_scope(here.site):
        for name in ("Jamais Paru", "Sans Photo", "Suspendu"):
            stuck = MerchantFactory(name=name, claimed_at=now - timedelta(days=9))
            if name != "Jamais Paru":
                make_merchant_page(stuck)
        Merchant.objects.filter(name="Suspendu").update(suspended_at=now)
        asker = MerchantFactory(name="Invité Muet")
        letter = Invitation.objects.create(
            site=here.site, merchant=asker, email="a@b.test", role="owner", secret_digest="x",
            invited_by=here.owner, expires_at=now + timedelta(days=9),
        )  # fmt: skip
        Invitation.objects.filter(pk=letter.pk).update(created_at=now - timedelta(days=8))
        HelpConsent.objects.create(
            merchant=here.merchant, given_by=here.owner, words="Oui", expires_at=now + timedelta(days=9)
        )
    html = chamber.get("/admin/").content.decode()
    for name in ("Jamais Paru", "Sans Photo", "Invité Muet", here.merchant.name):
        assert name in html
    assert "Suspendu" not in html
    assert "Pages à approuver" not in html


@pytest.mark.parametrize("waiting", [1, 3])
def test_home_asks_as_many_questions_for_any_number(
    journal: Client, here: Town, waiting: int, django_assert_num_queries
) -> None:
    for _n in range(waiting):
        with portal_scope(here.site):
            merchant = MembershipFactory(user=here.owner).merchant
            make_merchant_page(merchant)
        sent(here, merchant=merchant)
    journal.get("/admin/")
    with django_assert_num_queries(HOME_QUERIES):
        journal.get("/admin/")


HOME_QUERIES = 32


@pytest.mark.parametrize("who", ["chamber", "other portal's journal", "merchant", "shopper"])
def test_desks_of_the_journal_do_not_exist_for_others(here: Town, there: Town, who: str) -> None:
    page = sent(here)
    with portal_scope(here.site):
        pick = SearchPick.objects.create(site=here.site, words="sucre", page=page)
    moved = Redirect.objects.create(site=here.site, old_path="/ancien", redirect_link="https://exemple.test/")
    people = {
        "chamber": lambda: staff(here, PortalRole.ADVISER),
        "other portal's journal": lambda: here.signed_in(_user_of(there, PortalRole.MANAGER)),
        "merchant": lambda: here.signed_in(here.owner),
        "shopper": lambda: here.signed_in(UserFactory()),
    }
    client = people[who]()
    reads = [QUEUE, f"{QUEUE}{page.pk}/", "/admin/historique/", "/admin/redirections/", "/admin/recherche/",
             f"/admin/redirections/{moved.pk}/", f"/admin/recherche/{pick.pk}/"]  # fmt: skip
    assert [client.get(address).status_code for address in reads] == [404] * len(reads)
    assert answer(client, page, "approuver").status_code == 404
    file = f"/admin/dossiers/{here.merchant.pk}/"
    for act in ("confiance/", "suspendre/"):
        assert client.post(f"{file}{act}", {"reason": "Non"}).status_code == 404
    with portal_scope(here.site):
        merchant = Merchant.objects.get(pk=here.merchant.pk)
        assert (merchant.trusted_at, merchant.suspended_at) == (None, None)
        assert moderation.standing(page).stage == moderation.Stage.WAITING


def _user_of(town: Town, role: PortalRole) -> User:
    user = UserFactory()
    with portal_scope(town.site):
        staffing.grant(user, town.site, role)
    return user


def test_other_portal_s_rows_are_not_found(journal: Client, there: Town) -> None:
    theirs = sent(there)
    with portal_scope(there.site):
        pick = SearchPick.objects.create(site=there.site, words="sucre", page=theirs)
    moved = Redirect.objects.create(
        site=there.site, old_path="/ancien", redirect_link="https://exemple.test/"
    )
    everywhere = Redirect.objects.create(old_path="/partout", redirect_link="https://exemple.test/")
    for address in (
        f"{QUEUE}{theirs.pk}/", f"/admin/dossiers/{there.merchant.pk}/", f"/admin/recherche/{pick.pk}/",
        f"/admin/redirections/{moved.pk}/", f"/admin/redirections/{everywhere.pk}/",
    ):  # fmt: skip
        assert journal.get(address).status_code == 404
    assert answer(journal, theirs, "approuver").status_code == 404
    for address in (QUEUE, "/admin/historique/", "/admin/redirections/", "/admin/recherche/", "/admin/"):
        assert there.canary not in journal.get(address).content.decode()
    assert Revision.objects.filter(pk=theirs.latest_revision_id).exists()


def test_history_tells_of_this_portal_in_french(journal: Client, here: Town) -> None:
    page = sent(here)
    answer(journal, page, "approuver", "Bravo")
    html = journal.get("/admin/historique/").content.decode()
    assert "a approuvé une page de commerce" in html
    assert journal.get("/admin/historique/", {"avant": "n’importe quoi"}).status_code == 200
    far = journal.get("/admin/historique/", {"avant": "2001-01-01T00:00:00+00:00"}).content.decode()
    assert "Rien encore." in far


def test_redirect_leads_on_in_this_portal_alone(journal: Client, here: Town, there: Town) -> None:
    form = {
        "old_path": "/vieille-adresse/",
        "redirect_page": here.story.pk,
        "redirect_link": "",
        "is_permanent": "on",
    }
    assert journal.post("/admin/redirections/ajouter/", form).status_code == 302
    assert here.visitor().get("/vieille-adresse/").url.endswith(f"/histoires/{here.story.slug}/")
    assert there.visitor().get("/vieille-adresse/").status_code == 404
    again = journal.post("/admin/redirections/ajouter/", form)
    assert "déjà redirigée" in again.content.decode()
    for wrong in ({"redirect_page": there.story.pk}, {"old_path": "sans-barre"}, {"redirect_page": ""}):
        refused = journal.post("/admin/redirections/ajouter/", {**form, "old_path": "/autre", **wrong})
        assert refused.status_code == 422
        assert "staff-field__error" in refused.content.decode()
        assert there.canary not in refused.content.decode()
    row = Redirect.objects.get()
    journal.post(f"/admin/redirections/{row.pk}/retirer/")
    assert not Redirect.objects.exists()


def test_picked_page_comes_first_even_where_nothing_is_found(
    journal: Client, here: Town, there: Town
) -> None:
    form = {"words": "Fête des  sucres", "page": here.story.pk, "reason": "Tout y est", "sort_order": 0}
    assert journal.post("/admin/recherche/ajouter/", form).status_code == 302
    html = here.visitor().get("/commerces/", {"q": "fete des sucres"}).content.decode()
    assert "Aucun commerce ne correspond." in html
    assert f"/histoires/{here.story.slug}/" in html
    assert "Tout y est" in html
    assert "search-picks" not in here.visitor().get("/commerces/", {"q": "sucres"}).content.decode()
    here.story.unpublish()
    assert "Tout y est" not in here.visitor().get("/commerces/", {"q": "fete des sucres"}).content.decode()
    refused = journal.post("/admin/recherche/ajouter/", {**form, "page": there.story.pk})
    assert refused.status_code == 422
    assert there.canary not in refused.content.decode()
