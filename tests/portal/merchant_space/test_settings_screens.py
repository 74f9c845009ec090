"""How to reach a shop and how its goods reach people: in plain words, refused in words, nobody else's."""

import pytest

from directory.enums import Tier
from directory.models import Merchant
from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from shop.models import DeliveryZone, ShippingRate, Shop
from tests.portal.merchant_space.conftest import Screens, acts
from tests.portal.towns import Town

PICKUP = {"pickup_enabled": "on", "preparation_minutes": "60", "how": "plages", "pickup_slot_minutes": "30",
          "pickup_slot_capacity": "4", "pickup_instructions": "Sonnez."}  # fmt: skip
ZONE = {"name": "Vieux-Lévis", "postal_prefixes": "g6v, G6W", "fee_cents": "5", "minimum_cents": "",
        "free_from_cents": "60,00 $", "promised_days": "2"}  # fmt: skip
RATE = {"region": "qc", "fee_cents": "9,50", "from_items_cents": "", "promised_days": "5"}
CONTACT = {"phone": "418 555-0199", "email": "bonjour@exemple.test", "website_url": "exemple.test",
           "shop_url": "", "legal_name": "Commerce inc.", "postal_code": "g6v6c4"}  # fmt: skip


def shop_of(town: Town) -> Shop:
    with portal_scope(town.site):
        return Shop.objects.get(merchant=town.merchant)


def test_contact_is_live_at_once(here: Town, desk: Screens) -> None:
    desk.post("coordonnees/", **CONTACT)
    with portal_scope(here.site):
        row = Merchant.objects.get(pk=here.merchant.pk)
        entry = AuditEntry.objects.get()
    assert (str(row.phone.as_e164), row.website_url, row.postal_code) == (
        "+14185550199",
        "https://exemple.test",
        "G6V 6C4",
    )
    assert (entry.action, entry.before["legal_name"], entry.after["legal_name"]) == (
        "merchant.contact",
        "",
        "Commerce inc.",
    )
    assert "418\u00a0555-0199" in here.visitor().get(f"/commerces/{row.slug}/").content.decode()


@pytest.mark.parametrize(
    ("answer", "value", "sentence"),
    [
        ("phone", "", "Écrivez dix chiffres"),
        ("phone", "12", "Écrivez dix chiffres"),
        ("email", "bonjour", "Écrivez un courriel"),
        ("website_url", "javascript:alert(1)", "Cette adresse ne se lit pas"),
        ("website_url", "ftp://exemple.test", "Cette adresse ne se lit pas"),
        ("legal_name", "", "Écrivez le nom légal"),
        ("postal_code", "12345", "G6V 6C4"),
    ],
)
def test_contact_that_does_not_read_says_what_to_type(
    here: Town, desk: Screens, answer: str, value: str, sentence: str
) -> None:
    shown = desk.post("coordonnees/", **{**CONTACT, answer: value})
    assert (shown.status_code, sentence in shown.content.decode()) == (422, True)
    assert acts(here) == []


def test_address_that_is_there_is_not_moved_by_a_form(here: Town, desk: Screens) -> None:
    desk.post("coordonnees/", street_address="9, rue d’Ailleurs", tier="listing", **CONTACT)
    with portal_scope(here.site):
        row = Merchant.objects.get(pk=here.merchant.pk)
    assert (row.street_address, row.tier) == (here.merchant.street_address, Tier.TRANSACTIONAL)


def test_listing_has_contacts_but_no_legal_name_to_write(here: Town, desk: Screens) -> None:
    with portal_scope(here.site):
        Merchant.objects.update(tier=Tier.LISTING)
    assert "Nom légal" not in desk.html("coordonnees/")
    assert desk.post("coordonnees/", phone="", shop_url="maboutique.test").status_code == 302


def test_pickup_by_slots_then_at_any_time(here: Town, desk: Screens) -> None:
    desk.post("remise/cueillette/", **PICKUP)
    shop = shop_of(here)
    assert (shop.preparation_minutes, shop.pickup_slot_minutes, shop.pickup_slot_capacity) == (60, 30, 4)
    desk.post("remise/cueillette/", **{**PICKUP, "how": "heures"})
    assert shop_of(here).pickup_slot_capacity is None
    assert acts(here) == ["shop.pickup", "shop.pickup"]


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("preparation_minutes", "7"),
        ("pickup_slot_minutes", "1"),
        ("pickup_slot_capacity", ""),
        ("pickup_slot_capacity", "0"),
        ("how", ""),
        ("pickup_instructions", "x" * 301),
    ],
)
def test_pickup_that_cannot_be_changes_nothing(here: Town, desk: Screens, answer: str, value: str) -> None:
    assert desk.post("remise/cueillette/", **{**PICKUP, answer: value}).status_code == 422
    assert acts(here) == []


def test_present_answer_that_is_none_of_the_usual_is_kept(here: Town, desk: Screens) -> None:
    with portal_scope(here.site):
        Shop.objects.update(preparation_minutes=45)
    assert '<option value="45" selected>45 minutes</option>' in desk.html("remise/cueillette/")


def test_terms_are_never_emptied(here: Town, desk: Screens) -> None:
    before = shop_of(here).return_policy
    assert desk.post("remise/retours/", return_policy=" ", shopper_may_cancel="never").status_code == 422
    assert shop_of(here).return_policy == before
    desk.post("remise/retours/", return_policy="Vente finale.", shopper_may_cancel="never")
    assert (shop_of(here).return_policy, shop_of(here).shopper_may_cancel) == ("Vente finale.", "never")


def test_shop_keeps_its_products_out_of_feeds_and_puts_them_back(here: Town, desk: Screens) -> None:
    feed = f"/flux/{here.merchant.slug}/produits.xml"
    assert f"http://localhost{feed}" in desk.html("remise/flux/")
    assert here.visitor().get(feed).status_code == 200
    desk.post("remise/flux/")
    assert (shop_of(here).is_in_feeds, here.visitor().get(feed).status_code) == (False, 404)
    desk.post("remise/flux/", is_in_feeds="on")
    assert (shop_of(here).is_in_feeds, acts(here)) == (True, ["shop.feed", "shop.feed"])


def test_zone_is_added_once_changed_removed_and_put_back(here: Town, desk: Screens) -> None:
    for _press in range(2):
        desk.post("remise/livraison/ajouter/", **ZONE)
    with portal_scope(here.site):
        zone = DeliveryZone.objects.get()
    assert (zone.postal_prefixes, zone.fee_cents, zone.minimum_cents, zone.free_from_cents) == (
        ["G6V", "G6W"], 500, 0, 6000,
    )  # fmt: skip
    desk.post(f"remise/livraison/{zone.pk}/", **{**ZONE, "fee_cents": "gratuit"})
    desk.post(f"remise/livraison/{zone.pk}/retirer/")
    assert "Vieux-Lévis" not in desk.html("remise/livraison/").split("Annuler")[1]
    desk.undo()
    with portal_scope(here.site):
        zone.refresh_from_db()
    assert (zone.fee_cents, zone.is_active) == (0, True)
    assert acts(here) == ["zone.add", "zone.change", "zone.remove", "zone.restore"]


@pytest.mark.parametrize(
    ("answer", "value", "sentence"),
    [
        ("name", "", "Nommez l’endroit"),
        ("postal_prefixes", "", "au moins un secteur"),
        ("postal_prefixes", "Lévis", "n’est pas un secteur postal"),
        ("fee_cents", "", "Écrivez un montant"),
        ("fee_cents", "cher", "ne se lit pas"),
        ("promised_days", "bientôt", "nombre entier"),
    ],
)
def test_zone_that_does_not_read_says_what_to_type(
    here: Town, desk: Screens, answer: str, value: str, sentence: str
) -> None:
    shown = desk.post("remise/livraison/ajouter/", **{**ZONE, answer: value})
    assert (shown.status_code, sentence in shown.content.decode()) == (422, True)
    assert acts(here) == []


def test_rate_is_added_once_removed_and_put_back(here: Town, desk: Screens) -> None:
    desk.post("remise/poste/ajouter/", **RATE)
    assert "Il y a déjà un tarif" in desk.post("remise/poste/ajouter/", **RATE).content.decode()
    with portal_scope(here.site):
        rate = ShippingRate.objects.get()
    desk.post(f"remise/poste/{rate.pk}/", **{**RATE, "fee_cents": "10"})
    desk.post(f"remise/poste/{rate.pk}/retirer/")
    desk.undo()
    with portal_scope(here.site):
        assert ShippingRate.objects.get().fee_cents == 1000


def rows_of(town: Town) -> dict[str, int]:
    with portal_scope(town.site):
        shop = town.merchant.shop
        zone = DeliveryZone.objects.create(shop=shop, name="Ici", postal_prefixes=["G6V"], fee_cents=100)
        rate = ShippingRate.objects.create(shop=shop, region="qc", fee_cents=100)
    return {"zone": zone.pk, "rate": rate.pk}


SHOP_PATHS = ("coordonnees/", "remise/", "remise/cueillette/", "remise/retours/", "remise/flux/", "remise/livraison/",
              "remise/livraison/ajouter/", "remise/poste/", "remise/poste/ajouter/")  # fmt: skip
ROW_PATHS = ("remise/livraison/{zone}/", "remise/livraison/{zone}/retirer/", "remise/poste/{rate}/",
             "remise/poste/{rate}/retirer/")  # fmt: skip


@pytest.mark.parametrize("path", SHOP_PATHS + ROW_PATHS)
def test_stranger_finds_no_setting(here: Town, stranger: Screens, path: str) -> None:
    path = path.format(**rows_of(here))
    assert stranger.get(path).status_code in {404, 405}
    assert stranger.post(path, **ZONE).status_code in {404, 405}
    assert acts(here) == []


@pytest.mark.parametrize("path", ROW_PATHS)
def test_rows_of_another_shop_are_not_found_at_ones_own_desk(
    here: Town, there: Town, desk: Screens, path: str
) -> None:
    with portal_scope(here.site):
        from tests.factories import make_seller

        other = make_seller()
        zone = DeliveryZone.objects.create(shop=other.shop, name="Là", postal_prefixes=["G6V"], fee_cents=100)
        rate = ShippingRate.objects.create(shop=other.shop, region="qc", fee_cents=100)
    path = path.format(zone=zone.pk, rate=rate.pk)
    assert desk.get(path).status_code in {404, 405}
    assert desk.post(path, **ZONE).status_code == 404
    with portal_scope(here.site):
        assert DeliveryZone.objects.get().name == "Là"
        assert ShippingRate.objects.get().fee_cents == 100


def test_adviser_who_helps_leaves_both_names(here: Town) -> None:
    import datetime as dt

    from django.utils import timezone

    from directory.models import HelpConsent
    from portal.merchant_space.acting import SESSION_KEY
    from tests.portal.conftest import make_staff

    adviser = make_staff(here.site, PortalRole.ADVISER)
    with portal_scope(here.site):
        consent = HelpConsent.objects.create(
            merchant=here.merchant,
            given_by=here.owner,
            words="Oui.",
            expires_at=timezone.now() + dt.timedelta(days=1),
        )
    client = here.signed_in(adviser)
    session = client.session
    session[SESSION_KEY] = consent.pk
    session.save()
    assert Screens(client, here.merchant).post("coordonnees/", **CONTACT).status_code == 302
    with portal_scope(here.site):
        entry = AuditEntry.objects.filter(action="merchant.contact").get()
    assert (entry.actor, entry.on_behalf_of_id, entry.merchant) == (adviser, here.merchant.pk, here.merchant)
