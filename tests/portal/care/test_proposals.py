"""Done for you: nothing public before the owner's one tap, exactly what was shown after it, and once."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import time, timedelta
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from directory import moderation, suspension, timetable
from directory.enums import MembershipRole, ProposalStatus, Tier
from directory.hours import Span
from directory.models import Membership, Merchant, Proposal
from directory.moderation import Stage
from home import links
from home.models import AuditEntry
from home.tenancy import portal_scope
from portal.care import answers, letters, proposals
from portal.care.answers import NotWaiting
from portal.models import User
from shop.models import Product, StockMovement
from shop.payments.handlers import deliver_outbox
from tests.factories import ImageFactory, MembershipFactory, MerchantFactory, UserFactory
from tests.portal.care.conftest import html_of
from tests.portal.merchant_space.conftest import photo
from tests.portal.towns import Town

INTRO = "Des fromages faits ici, chaque matin"
PRODUCT = {"title": "Tomme neuve", "price": "12,50", "units": "4", "goods": "basic_food", "net_quantity": "250",
           "net_unit": "g", "description": "Affinée trois mois"}  # fmt: skip
VALUES = {"title": "Tomme neuve", "description": "Affinée trois mois", "price_cents": 1250, "units": 4,
          "goods": "basic_food", "net_quantity": "250", "net_unit": "g", "photo": None}  # fmt: skip
WEEK = {"d3_opens_1": "10:00", "d3_closes_1": "18:00"}


class Desk:
    """Who prepares, at one merchant."""

    def __init__(self, client: Client, town: Town) -> None:
        self.client, self.town = client, town
        self.base = f"/admin/accompagnement/{town.merchant.pk}/preparation/"

    def post(self, path: str, **answers: Any) -> Any:
        return self.client.post(self.base + path, answers)

    def prepare(self) -> None:
        for path, answers_of in (
            ("textes/", {"intro": INTRO, "story_1": "Venez goûter."}),
            ("photo/", {"photo": photo("vitrine.jpg"), "alt": "La vitrine"}),
            ("heures/", WEEK),
            ("produit/", {**PRODUCT, "photo": photo("tomme.jpg")}),
        ):
            assert self.post(path, **answers_of).status_code == 302, path

    def send(self) -> str:
        """The owner's link."""
        answer = self.post("envoyer/", owner=self.town.owner.pk, words="Comme convenu jeudi")
        assert answer.status_code == 302
        return self.link()

    def link(self) -> str:
        return f"/approbation/{proposals.token_of(self.row)}/"

    @property
    def row(self) -> Proposal:
        with portal_scope(self.town.site):
            return Proposal.objects.select_related("merchant", "sent_to", "prepared_by", "site").latest("pk")


@pytest.fixture
def desk(chamber: Client, here: Town) -> Desk:
    return Desk(chamber, here)


@pytest.fixture
def sent(desk: Desk, here: Town, odile: User) -> str:
    """The link to a page, hours and a product that may be sold."""
    with portal_scope(here.site):
        identified = {"legal_name": "Fromages 9000-0000 inc.", "city": "Lévis", "postal_code": "G6V 6C4"}
        Merchant.objects.filter(pk=here.merchant.pk).update(**identified)
        front, cheese = (ImageFactory(merchant=here.merchant) for _n in range(2))
        row = proposals.begin(here.merchant, by_id=odile.pk)
        copy = proposals.page_with(row)
        copy.intro, copy.cover, copy.cover_alt = INTRO, front, "La vitrine"
        copy.body = [{"type": "text_block", "value": "<p>Venez goûter.</p>", "id": "a1"}]
        proposals.keep_page(row, copy, by_id=odile.pk)
        proposals.keep_week(row, {3: [Span(time(10), time(18))]}, by_id=odile.pk)
        proposals.add_product(row, {**VALUES, "photo": cheese.pk}, by_id=odile.pk)
        sent = proposals.send(
            row, here.owner.pk, words="Comme convenu jeudi", by_id=odile.pk, now=timezone.now()
        )
        letters.send_proposal(sent, now=timezone.now())
    return desk.link()


@pytest.fixture
def anybody(here: Town) -> Client:
    return here.visitor()


def public(town: Town) -> str:
    return html_of(town.visitor().get(f"/commerces/{town.merchant.slug}/"))


def products(town: Town) -> list[str]:
    with portal_scope(town.site):
        return list(
            Product.objects.filter(merchant=town.merchant).order_by("pk").values_list("title", flat=True)
        )


# --------------------------------------------------------------------------------------------------------- prepared


def test_nothing_is_anybodys_before_the_owner_said_yes(
    desk: Desk, here: Town, sent: str, owner: Client
) -> None:
    before = products(here)
    assert INTRO not in public(here)
    assert "Tomme neuve" not in html_of(here.visitor().get("/boutique/"))
    assert before == [f"Produit {here.canary}"]
    with portal_scope(here.site):
        page = here.merchant.pages.get()
        assert (page.latest_revision_id, moderation.standing(page).stage) == (None, Stage.LIVE)
        assert timetable.week_facts(here.merchant) == {"0": ["09:00-17:30"]}
    for path in ("", "page/", "page/apercu/", "produits/", "activite/"):
        assert INTRO not in html_of(owner.get(f"/mon-commerce/{here.merchant.slug}/{path}"))


def test_the_merchants_own_forms_fill_it(desk: Desk, here: Town) -> None:
    """Its photos have addresses that nobody guesses."""
    desk.prepare()
    row = desk.row
    assert {name: row.page[name] for name in ("intro", "cover_alt")} == {
        "intro": INTRO,
        "cover_alt": "La vitrine",
    }
    assert row.week == {"3": ["10:00-18:00"]}
    assert {name: row.products[0][name] for name in VALUES if name != "photo"} == {
        name: value for name, value in VALUES.items() if name != "photo"
    }
    with portal_scope(here.site):
        names = [picture.file.name for picture in here.merchant.images.order_by("-pk")[:2]]
    assert all(re.search(r"/[0-9a-f]{20}\.jpg$", name) for name in names), names


def test_only_what_differs_is_kept(desk: Desk, here: Town) -> None:
    desk.post("textes/", intro=f"Chez {here.canary}", story_1="")
    desk.post("heures/", d0_opens_1="9:00", d0_closes_1="17:30")
    assert (desk.row.page, desk.row.week) == ({}, None)


@pytest.mark.parametrize(
    ("path", "wrong", "said"),
    [
        ("textes/", {"intro": ""}, "Écrivez une phrase"),
        ("photo/", {"alt": "x"}, "Choisissez une photo"),
        ("heures/", {"d3_opens_1": "10:00"}, "Écrivez aussi l’heure de fermeture"),
        ("produit/", {**PRODUCT, "price": "gratuit"}, "prix"),
    ],
)
def test_wrong_answers_are_said_and_nothing_is_kept(
    desk: Desk, here: Town, path: str, wrong: dict[str, str], said: str
) -> None:
    with portal_scope(here.site):
        here.merchant.pages.update(cover=None)
    answer = desk.post(path, **wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with portal_scope(here.site):
        assert not Proposal.objects.exists()


def test_a_product_can_be_taken_out_again(desk: Desk) -> None:
    desk.post("produit/", **PRODUCT)
    desk.post("produit/retirer/", produit=desk.row.products[0]["token"])
    assert desk.row.products == []


def test_nothing_prepared_is_not_sent(desk: Desk, here: Town) -> None:
    desk.post("textes/", intro=f"Chez {here.canary}", story_1="")
    desk.post("envoyer/", owner=here.owner.pk)
    assert desk.row.status == ProposalStatus.DRAFT
    assert mail.outbox == []


def test_an_owner_alone_receives_it(desk: Desk, here: Town) -> None:
    desk.post("heures/", **WEEK)
    with portal_scope(here.site):
        helper = MembershipFactory(merchant=here.merchant, role=MembershipRole.HELPER).user
    for person in (helper, UserFactory()):
        assert desk.post("envoyer/", owner=person.pk).status_code == 422
    assert desk.row.status == ProposalStatus.DRAFT


def test_letter_carries_the_link_and_no_row_does(desk: Desk, here: Town, sent: str) -> None:
    with portal_scope(here.site):
        row = Proposal.objects.get()
    deliver_outbox(now=timezone.now())
    letter = mail.outbox[-1]
    assert letter.to == [here.owner.email]
    assert sent in letter.body
    assert "Comme convenu jeudi" in letter.body
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload::text FROM shop_outboxmessage")
        assert not [told for (told,) in cursor if proposals.token_of(row) in told]


@pytest.mark.parametrize("path", ["", "textes/", "photo/", "personne/", "heures/", "produit/", "apercu/"])
def test_journal_prepares_too_and_nobody_else(
    path: str, journal: Client, here: Town, owner: Client, far_chamber: Client
) -> None:
    address = f"/admin/accompagnement/{here.merchant.pk}/preparation/{path}"
    assert journal.get(address).status_code in {200, 302}
    assert owner.get(address).status_code == 404
    assert far_chamber.get(address).status_code == 404
    assert here.visitor().get(address).status_code == 302


# ------------------------------------------------------------------------------------------------------------ approved


def test_owner_sees_it_without_signing_in_and_approves(
    desk: Desk, here: Town, sent: str, anybody: Client, odile: User
) -> None:
    shown = anybody.get(sent)
    page = html_of(shown)
    for words in (INTRO, "Venez goûter.", "La vitrine", "Tomme neuve", "12,50", "10\u00a0h", "J’approuve"):
        assert words in page, words
    assert page.count("10\u00a0h – 18\u00a0h") == 2  # as hours, and on the page as it will be
    assert shown["X-Robots-Tag"] == "noindex, nofollow"
    assert 'content="noindex, nofollow"' in page
    assert shown["Referrer-Policy"] == "same-origin"
    assert anybody.post(sent, {"reponse": "approuver"}).url == sent
    assert "Merci, c’est approuvé" in html_of(anybody.get(sent))


def test_approved_is_applied_as_shown_through_the_rules(
    desk: Desk, here: Town, sent: str, anybody: Client, odile: User
) -> None:
    anybody.post(sent, {"reponse": "approuver"})
    assert INTRO not in public(here)  # the Journal has not looked yet
    with portal_scope(here.site):
        page = here.merchant.pages.get()
        assert moderation.standing(page).stage == Stage.WAITING
        copy = moderation.working_copy(page)
        assert (copy.intro, copy.cover_alt) == (INTRO, "La vitrine")
        assert page.latest_revision.user == here.owner
        assert timetable.week_facts(here.merchant) == {"3": ["10:00-18:00"]}
        made = Product.objects.get(title="Tomme neuve")
        assert made.status == "published"
        variant = made.variants.get()
        assert (variant.price_cents, variant.on_hand) == (1250, 4)
    with portal_scope(here.site):
        page = here.merchant.pages.get()
        moderation.approve(page.pk, user=UserFactory(is_superuser=True), seen=page.latest_revision_id)
    assert INTRO in public(here)


def test_the_trail_says_who_did_it_for_whom(here: Town, sent: str, anybody: Client, odile: User) -> None:
    anybody.post(sent, {"reponse": "approuver"})
    with portal_scope(here.site):
        told = {entry.action: entry for entry in AuditEntry.objects.all()}
    for action in ("page.edited", "hours.week", "product.create"):
        assert (told[action].actor, told[action].on_behalf_of) == (odile, here.merchant), action
    for action in ("proposal.approved", "page.sent", "product.publish"):
        assert (told[action].actor, told[action].on_behalf_of) == (here.owner, None), action


def test_trusted_merchants_page_is_live_at_once(here: Town, sent: str, anybody: Client) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(trusted_at=timezone.now())
    anybody.post(sent, {"reponse": "approuver"})
    assert INTRO in public(here)


def test_what_the_law_refuses_stays_a_draft_and_is_said(here: Town, sent: str, anybody: Client) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(legal_name="")
    anybody.post(sent, {"reponse": "approuver"})
    page = html_of(anybody.get(sent))
    assert "gardé en brouillon" in page
    assert "nom légal" in page
    with portal_scope(here.site):
        assert Product.objects.get(title="Tomme neuve").status == "draft"


def test_merchant_who_does_not_sell_gets_drafts(here: Town, sent: str, anybody: Client) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(tier=Tier.LISTING)
    anybody.post(sent, {"reponse": "approuver"})
    with portal_scope(here.site):
        assert Product.objects.get(title="Tomme neuve").status == "draft"


def test_merchant_without_a_page_gets_its_first(here: Town, odile: User) -> None:
    with portal_scope(here.site):
        merchant = MerchantFactory(name="Atelier neuf", slug="atelier-neuf")
        boss = MembershipFactory(merchant=merchant).user
        row = proposals.begin(merchant, by_id=odile.pk)
        copy = proposals.page_with(row)
        copy.intro = INTRO
        proposals.keep_page(row, copy, by_id=odile.pk)
        assert moderation.window_of(merchant) is None
        row = proposals.send(row, boss.pk, words="", by_id=odile.pk, now=timezone.now())
        answers.approve(Proposal.objects.get(pk=row.pk), now=timezone.now())
        page = moderation.window_of(merchant)
        assert page is not None
        assert (page.live, moderation.working_copy(page).intro) == (False, INTRO)


def test_changes_are_asked_in_words_and_nothing_changes(
    desk: Desk, here: Town, sent: str, anybody: Client, chamber: Client, odile: User
) -> None:
    assert anybody.post(sent, {"reponse": "changer", "words": " "}).status_code == 422
    assert anybody.post(sent, {"reponse": "changer", "words": "On ferme à 17 h le jeudi"}).url == sent
    assert desk.row.status == ProposalStatus.CHANGES
    assert products(here) == [f"Produit {here.canary}"]
    assert "On ferme à 17 h" in html_of(chamber.get(f"/admin/dossiers/{here.merchant.pk}/"))
    deliver_outbox(now=timezone.now())
    assert mail.outbox[-1].to == [odile.email]
    assert "On ferme à 17 h" in mail.outbox[-1].body
    desk.post("heures/", d3_opens_1="10:00", d3_closes_1="17:00")
    again = desk.send()
    assert anybody.get(sent).status_code == 404
    assert anybody.post(again, {"reponse": "approuver"}).url == again
    assert desk.row.status == ProposalStatus.APPROVED


# ----------------------------------------------------------------------------------------------- changed meanwhile


def test_what_the_merchant_changed_meanwhile_is_never_overwritten(
    desk: Desk, here: Town, sent: str, anybody: Client, owner: Client
) -> None:
    owner.post(
        f"/mon-commerce/{here.merchant.slug}/page/textes/", {"intro": "Ma phrase à moi", "story_1": ""}
    )
    page = html_of(anybody.get(sent))
    assert "J’approuve" not in page
    assert "Dites à la personne qui l’a préparé ce qu’il faut garder" in page
    answer = anybody.post(sent, {"reponse": "approuver"})
    assert answer.status_code == 409
    assert "rien n’a été touché" in answer.content.decode()
    with portal_scope(here.site):
        assert moderation.working_copy(here.merchant.pages.get()).intro == "Ma phrase à moi"
        assert timetable.week_facts(here.merchant) == {"0": ["09:00-17:30"]}
    assert products(here) == [f"Produit {here.canary}"]
    assert desk.row.status == ProposalStatus.SENT
    assert "Le commerce a changé la même chose" in html_of(desk.client.get(desk.base))
    assert "Le commerce a changé la même chose" in html_of(
        desk.client.get(f"/admin/dossiers/{here.merchant.pk}/")
    )
    again = desk.send()
    assert anybody.post(again, {"reponse": "approuver"}).status_code == 302
    assert desk.row.status == ProposalStatus.APPROVED


def test_hours_changed_meanwhile_do_not_stop_a_page(desk: Desk, here: Town, anybody: Client) -> None:
    desk.post("textes/", intro=INTRO, story_1="")
    link = desk.send()
    with portal_scope(here.site):
        timetable.state_week(here.merchant, {})
    anybody.post(link, {"reponse": "approuver"})
    assert desk.row.status == ProposalStatus.APPROVED


def test_staff_who_change_it_close_the_link(desk: Desk, sent: str, anybody: Client) -> None:
    desk.post("produit/", **{**PRODUCT, "title": "Glissé après coup"})
    assert anybody.post(sent, {"reponse": "approuver"}).status_code == 404
    assert desk.row.status == ProposalStatus.DRAFT


# ---------------------------------------------------------------------------------------------------- hostile links


def refused(client: Client, link: str) -> bool:
    """Looking and tapping both find nothing, and nothing of what was prepared is told."""
    answers_met = [client.get(link), client.post(link, {"reponse": "approuver"})]
    return all(each.status_code == 404 and INTRO not in each.content.decode() for each in answers_met)


def test_forged_cut_and_foreign_links_open_nothing(
    desk: Desk, there: Town, sent: str, anybody: Client
) -> None:
    row, token = desk.row, sent.split("/")[2]
    forged = [
        token[:-1], token + "A", token.replace(str(row.pk), str(row.pk + 1), 1), "x", "1-1.zzz",
        links.seal("registration", row.pk, row.link_version), links.seal(proposals.PURPOSE, row.pk, 99),
    ]  # fmt: skip
    assert all(refused(anybody, f"/approbation/{each}/") for each in forged)
    assert refused(there.visitor(), sent)
    assert desk.row.status == ProposalStatus.SENT


def test_used_link_tells_the_outcome_and_does_nothing_more(
    desk: Desk, here: Town, sent: str, anybody: Client
) -> None:
    anybody.post(sent, {"reponse": "approuver"})
    made = products(here)
    for answer in ("approuver", "changer"):
        page = html_of(anybody.post(sent, {"reponse": answer, "words": "Trop tard"}))
        assert "Merci, c’est approuvé" in page
        assert INTRO not in page
    assert products(here) == made
    assert desk.row.answer == ""


@pytest.mark.parametrize("how", ["expired", "revoked", "suspended", "removed", "no owner any more", "gone"])
def test_link_dies(how: str, desk: Desk, here: Town, sent: str, anybody: Client) -> None:
    now = timezone.now()
    with portal_scope(here.site):
        if how == "expired":
            Proposal.objects.update(sent_at=now - timedelta(days=15), expires_at=now - timedelta(seconds=1))
        elif how == "revoked":
            desk.post("retirer/")
        elif how == "suspended":
            suspension.suspend(here.merchant, reason="fraude", actor_id=None, now=now)
        elif how == "removed":
            Merchant.objects.filter(pk=here.merchant.pk).update(removed_at=now)
        elif how == "no owner any more":
            Membership.objects.filter(merchant=here.merchant).update(role=MembershipRole.HELPER)
        else:
            User.objects.filter(pk=here.owner.pk).update(is_active=False)
    assert refused(anybody, sent)
    with portal_scope(here.site):
        assert not AuditEntry.objects.filter(action="proposal.approved").exists()
        assert letters.proposal(desk.row.pk) is None


def test_programs_that_follow_links_approve_nothing(desk: Desk, sent: str, anybody: Client) -> None:
    for verb in (anybody.get, anybody.head, anybody.options):
        verb(sent)
    anybody.post(sent)
    anybody.post(sent, {"reponse": "autre"})
    assert desk.row.status == ProposalStatus.SENT


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_for_any_number_of_products(
    desk: Desk, rows: int, anybody: Client, django_assert_num_queries
) -> None:
    for _n in range(rows):
        desk.post("produit/", **PRODUCT, photo=photo())
    link = desk.send()
    anybody.get(link)
    with django_assert_num_queries(APPROVAL_QUERIES):
        anybody.get(link)


APPROVAL_QUERIES = 13


# ------------------------------------------------------------------------------------------------------------ the race


@pytest.fixture
def waiting(levis: Site) -> Iterator[Proposal]:
    with portal_scope(levis):
        merchant, adviser = MerchantFactory(), UserFactory()
        owner = MembershipFactory(merchant=merchant).user
        row = proposals.begin(merchant, by_id=adviser.pk)
        proposals.add_product(row, VALUES, by_id=adviser.pk)
        proposals.send(row, owner.pk, words="", by_id=adviser.pk, now=timezone.now())
        yield Proposal.objects.select_related("merchant", "site", "sent_to").get(pk=row.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("compares", [True, False])
def test_two_taps_apply_once(
    levis: Site, waiting: Proposal, compares: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the compare-and-swap both go through: that is what it is for."""
    meeting, applied = Barrier(2, timeout=2), []
    take = answers._take if compares else lambda *_row, **_how: True

    def take_together(row: Proposal, to: ProposalStatus, **how: Any) -> bool:
        with suppress(BrokenBarrierError):
            meeting.wait()
        return take(row, to, **how)

    monkeypatch.setattr(answers, "_take", take_together)

    def tap() -> None:
        try:
            with portal_scope(levis), suppress(NotWaiting):
                applied.append(answers.approve(waiting, now=timezone.now()))
        finally:
            connection.close()

    both = [Thread(target=tap) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(applied) == (1 if compares else 2)
    with portal_scope(levis):
        assert Product.objects.count() == 1
        assert StockMovement.objects.count() == 1
