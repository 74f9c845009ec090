"""What is left for a merchant to do, from facts alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from directory.enums import MembershipRole, Tier
from directory.models import Merchant, OpeningHours, TaskPutOff
from directory.moderation import Stage
from home.models import PortalSettings
from home.tenancy import portal_scope
from portal.care.facts import facts_of
from portal.care.tasks import Facts, Key, task_list, tasks_of
from tests.factories import MembershipFactory, ProductFactory
from tests.portal.care.conftest import html_of
from tests.portal.towns import Town

THEN = datetime(2026, 11, 1, tzinfo=UTC)
NEW = Facts(tier=Tier.LISTING, stage=Stage.EMPTY, here_since=THEN)
SELLER = Facts(tier=Tier.TRANSACTIONAL, stage=Stage.LIVE, is_public=True, here_since=THEN)
ALL_DONE = replace(
    SELLER, has_hours=True, has_sentence=True, has_photo=True, has_phone=True, is_identified=True,
    has_returns=True, has_set_remise=True, may_be_paid=True, has_product=True, sells_a_product=True, has_poster=True,
)  # fmt: skip


def left(facts: Facts) -> list[Key]:
    return [task.key for task in task_list(facts).left]


def test_newcomer_begins_with_its_hours() -> None:
    assert left(NEW) == [Key.HOURS, Key.SENTENCE, Key.PHOTO, Key.PHONE, Key.ADDRESS, Key.OPTION]


def test_what_was_kept_and_not_sent_is_to_be_sent() -> None:
    draft = replace(NEW, stage=Stage.DRAFT, stage_since=THEN)
    assert Key.SEND in left(draft)
    assert Key.SEND not in left(replace(draft, stage=Stage.WAITING))


def test_a_refusal_comes_first_with_its_day() -> None:
    refused = datetime(2026, 11, 20, tzinfo=UTC)
    first = task_list(replace(NEW, stage=Stage.REFUSED, stage_since=refused)).left[0]
    assert (first.key, first.since) == (Key.RETOUCH, refused)


def test_seller_is_told_of_what_the_law_asks() -> None:
    assert set(left(SELLER)) >= {Key.SELLER, Key.RETURNS, Key.REMISE, Key.PAYOUTS, Key.PRODUCT, Key.POSTER}
    assert not {Key.SELLER, Key.RETURNS, Key.PAYOUTS, Key.PRODUCT} & set(left(NEW))


def test_selling_waits_since_it_was_chosen() -> None:
    chose = datetime(2026, 11, 10, tzinfo=UTC)
    since = {task.key: task.since for task in tasks_of(replace(SELLER, selling_since=chose))}
    assert (since[Key.HOURS], since[Key.RETURNS]) == (THEN, chose)


def test_products_that_wait_lead_to_the_list() -> None:
    screens = {task.key: task.screen for task in tasks_of(replace(SELLER, has_product=True))}
    assert screens[Key.PRODUCT] == "products"
    assert {task.key: task.screen for task in tasks_of(SELLER)}[Key.PRODUCT] == "product_add"


def test_list_is_gone_when_all_is_done() -> None:
    assert not task_list(ALL_DONE)
    assert len(task_list(ALL_DONE).done) == len(tasks_of(ALL_DONE))


def test_only_what_may_wait_can_be_put_off() -> None:
    tasks = task_list(replace(NEW, put_off=frozenset({"heures", "option"})))
    assert [task.key for task in tasks.put_off] == [Key.OPTION]
    assert tasks.left[0].key == Key.HOURS


def test_helper_is_not_told_of_what_the_owner_alone_sees() -> None:
    keys = {task.key for task in task_list(SELLER, is_owner=False).left}
    assert not keys & {Key.OPTION, Key.PAYOUTS}


def test_every_task_says_why_in_one_sentence_and_leads_somewhere() -> None:
    seen = set()
    for tier in Tier:
        for stage in Stage:
            for task in tasks_of(replace(SELLER, tier=tier, stage=stage)):
                assert task.why.endswith(".")
                assert task.why.count(". ") == 0
                assert reverse(f"merchant:{task.screen}", args=["commerce"])
                seen.add(task.key)
    assert seen == set(Key)


# ------------------------------------------------------------------------------------------------------------ of rows


def facts(town: Town) -> Facts:
    with portal_scope(town.site):
        return facts_of(town.merchant, PortalSettings.for_site(town.site))


def test_facts_are_the_rows(here: Town) -> None:
    found = facts(here)
    assert found.tier == Tier.TRANSACTIONAL
    assert found.is_public
    assert found.has_hours
    assert found.has_sentence
    assert found.has_photo
    assert found.has_phone
    assert found.sells_a_product
    assert found.may_be_paid
    with portal_scope(here.site):
        OpeningHours.objects.filter(merchant=here.merchant).delete()
        here.merchant.phone = ""
        here.merchant.save()
    assert not facts(here).has_hours
    assert not facts(here).has_phone


def test_text_that_waits_for_the_journal_counts_as_written(here: Town) -> None:
    with portal_scope(here.site):
        page = here.merchant.pages.get()
        page.cover = None
        page.save_revision(user=here.owner)
    found = facts(here)
    assert (found.has_photo, found.stage) == (False, Stage.DRAFT)


@pytest.mark.parametrize("rows", [1, 3])
def test_facts_cost_the_same_for_any_number_of_rows(here: Town, rows: int, django_assert_num_queries) -> None:
    with portal_scope(here.site):
        for number in range(rows):
            ProductFactory(merchant=here.merchant, slug=f"p{number}")
            TaskPutOff.objects.create(merchant=here.merchant, task=f"t{number}")
        settings = PortalSettings.for_site(here.site)
        with django_assert_num_queries(4):
            facts_of(here.merchant, settings)


# -------------------------------------------------------------------------------------------------------- on the home


def home(town: Town) -> str:
    return f"/mon-commerce/{town.merchant.slug}/"


def test_home_lists_what_is_left_and_folds_what_is_done(owner: Client, here: Town) -> None:
    page = html_of(owner.get(home(here)))
    assert "Imprimer l’affiche" in page
    assert "Donner votre téléphone" in page
    assert (
        page.index("Imprimer l’affiche") < page.index("choses faites") < page.index("Donner votre téléphone")
    )


def test_later_is_remembered_and_taken_back(owner: Client, here: Town) -> None:
    address = f"{home(here)}taches/affiche/"
    for _twice in range(2):
        assert owner.post(address, {"acte": "plus-tard"}).url == home(here)
    assert "Une chose remise à plus tard" in html_of(owner.get(home(here)))
    with portal_scope(here.site):
        assert TaskPutOff.objects.get().task == "affiche"
    owner.post(address, {"acte": "remettre"})
    assert "remise à plus tard" not in html_of(owner.get(home(here)))


@pytest.mark.parametrize(("task", "act"), [("heures", "plus-tard"), ("affiche", ""), ("rien", "plus-tard")])
def test_what_may_not_wait_cannot_be_put_off(owner: Client, here: Town, task: str, act: str) -> None:
    assert owner.post(f"{home(here)}taches/{task}/", {"acte": act}).status_code == 404


def test_stranger_puts_nothing_off(here: Town, there: Town) -> None:
    stranger = here.signed_in(there.owner)
    assert stranger.post(f"{home(here)}taches/affiche/", {"acte": "plus-tard"}).status_code == 404
    with portal_scope(here.site):
        assert not TaskPutOff.objects.exists()


def test_helper_sees_the_same_list_without_the_owners_part(here: Town) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(tier=Tier.LISTING)
        helper = MembershipFactory(merchant=here.merchant, role=MembershipRole.HELPER).user
    page = html_of(here.signed_in(helper).get(home(here)))
    assert "Imprimer l’affiche" in page
    assert "Choisir votre option" not in page
