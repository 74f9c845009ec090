"""Where one does something: answers, baskets, orders, a merchant's desk."""

from types import SimpleNamespace as Thing
from typing import Any

from portal.style_page import forms, things
from portal.style_page.states import State, Town, narrow, wide

BENEFITS = ("Vos produits, payés en ligne", "Cueillette, livraison, retours")
STEPS = ("Coordonnées", "Remise", "Vérification")


def error_summary(town: Town) -> list[State]:
    return [wide("plusieurs choses", form=forms.to_correct())]


def field(town: Town) -> list[State]:
    asked = [narrow("posée", field=field) for field in forms.asked()]
    return asked + [narrow("à corriger", field=field) for field in forms.to_correct()]


def cart_group(town: Town) -> list[State]:
    lines = _cart_lines()
    group, short = things.cart_group(town.sector, lines), things.cart_group(town.sector, lines[:1])
    return [wide("qu’on modifie", group=group, editable=True), narrow("à relire, une ligne", group=short)]


def _cart_lines() -> list[Thing]:
    return [
        things.cart_line(1),
        things.cart_line(
            2, product_title="Cidre de glace de la pointe De La Martinière", variant_title="", quantity=1,
            line_total_cents=123_450, deposit_cents=20, discount_cents=1_000, discount_title="Fête nationale",
        ),
        things.cart_line(
            3, product_title="Pain de seigle", problem="Il n’en reste que 2.",
            price_note="Le prix a changé : 7,50\u00a0$ au lieu de 6,95\u00a0$.",
        ),
    ]  # fmt: skip


def promotion_code(town: Town) -> list[State]:
    def code(typed: str = "", problem: str = "", off_cents: int = 0, note: str = "") -> Thing:
        return Thing(typed=typed, problem=problem, off_cents=off_cents, note=note)

    return [
        narrow("vide", code=code()),
        narrow("retenu", code=code("NOEL10", off_cents=123_450, note="Sur les fromages seulement.")),
        narrow("refusé", code=code("NOEL09", "Ce code n’est plus valable depuis le 1er juin.")),
    ]


def form_steps(town: Town) -> list[State]:
    steps = [
        Thing(number=n, label=label, current=n == 2, done=n == 1, url="#") for n, label in enumerate(STEPS, 1)
    ]
    return [wide("au milieu", steps=steps), narrow("étroit", steps=steps)]


def remise_part(town: Town) -> list[State]:
    lost = _remise(town, is_again=True, ways=[], no_way="Ce commerce ne livre pas à G0R 4T0.")
    return [wide("deux façons", part=_remise(town)), narrow("plus possible", part=lost)]


def _remise(town: Town, **more: Any) -> Thing:
    ways = [
        _way("pickup", "cueillette", "jeudi à compter de 15 h", "gratuit"),
        _way(
            "delivery",
            "livraison",
            "vendredi entre 16 h et 19 h",
            "1 234,50\u00a0$",
            "Gratuite dès 75\u00a0$.",
        ),
    ]
    told: dict[str, Any] = {
        "merchant": things.merchant(town.sector), "chosen": "pickup", "instructions": "Sonnez derrière.",
        "field": Thing(auto_id="id_remise", html_name="remise", errors=[]), "is_again": False, "no_way": "",
        "ways": ways,
    }  # fmt: skip
    return Thing(**{**told, **more})


def _way(value: str, label: str, promise: str, fee: str, details: str = "") -> Thing:
    way = Thing(value=value, label=label)
    return Thing(fulfillment=way, promise=promise, fee_text=fee, details=details, windows=[])


def payment_plan(town: Town) -> list[State]:
    here = Thing(shops="Fromagerie du Vieux-Lévis et 2 autres", is_direct=False, total_cents=5_174)
    there = Thing(shops=things.LONG_NAME, is_direct=True, total_cents=123_450)
    return [narrow("deux paiements", payments=[here, there])]


def left_to_pay(town: Town) -> list[State]:
    return [wide("un reste", payment=Thing(shop_names="Vignoble de la Rive", total_cents=123_450))]


def totals(town: Town) -> list[State]:
    return [
        narrow("simple", totals=things.totals()),
        narrow("tout à la fois", totals=things.HIGH_TOTALS),
        narrow("d’un commerce", totals=things.totals(), part=True),
    ]


def timeline(town: Town) -> list[State]:
    return [narrow("en route", timeline=things.TIMELINE)]


def order_slip(town: Town) -> list[State]:
    under_way = things.order_part(town.sector)
    refunded = things.order_part(town.sector, refunds=things.REFUNDS, is_under_way=False)
    return [
        wide("en préparation", part=under_way, is_paid=True, has_pdf=True, token="exemple"),  # noqa: S106 - no secret
        wide("remboursée", part=refunded),
    ]


def desk_helping(town: Town) -> list[State]:
    return [wide("la Chambre aide", merchant=_long_named(town))]


def _long_named(town: Town) -> Thing:
    return things.merchant(town.sector, name=things.LONG_NAME)


def desk_tasks(town: Town) -> list[State]:
    photo = Thing(
        title="Une photo de vous", why="On achète à quelqu’un.", screen="page", key="photo", may_wait=True
    )
    hours = Thing(title="Vos heures du 24 juin", why="", screen="hours", key="heures", may_wait=False)
    done = [Thing(title="Vos numéros de taxes", key="taxes", screen="numbers")]
    shop = _long_named(town)
    return [
        wide("deux choses", tasks=Thing(left=[photo, hours], put_off=done, done=done), merchant=shop),
        narrow("plus rien", tasks=Thing(left=[], put_off=[], done=done), merchant=shop),
    ]


def plan_notice(town: Town) -> list[State]:
    ends = Thing(is_urgent=False, words="Votre essai finit le 9 août.", verb="Choisir")
    late = Thing(is_urgent=True, words="Le paiement de votre option a été refusé.", verb="Payer")
    shop = _long_named(town)
    return [
        wide("bientôt", notice=ends, merchant=shop, is_owner=True),
        wide("en retard, vu de l’équipe", notice=late, merchant=shop),
    ]


def plan_option(town: Town) -> list[State]:
    def option(title: str, tier: str, *, is_held: bool) -> Thing:
        price = "49,00\u00a0$ par mois, avant taxes"
        return Thing(title=title, tier=tier, price=price, benefits=BENEFITS, costs=True, is_held=is_held)

    own, other = (
        option("Vendre ici", "transactional", is_held=True),
        option("Ma boutique", "linked_shop", is_held=False),
    )
    shop = _long_named(town)
    held: dict[str, Any] = {"option": own, "merchant": shop}
    offered: dict[str, Any] = {"option": other, "merchant": shop, "may_choose": True, "wanted": "linked_shop"}
    return [
        State("la sienne", held, narrow=True, within="plan-options"),
        State("une autre", offered, narrow=True, within="plan-options"),
    ]
