"""Many invited at once: shown exactly, named as the law asks, once ever, and refused in one act for ever."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from directory import mail_refusals
from directory.models import MailRefusal, Merchant, Registration
from home.models import AuditEntry, PortalSettings
from home.tenancy import portal_scope
from portal.chamber_desk import invitations
from shop.models import OutboxMessage
from shop.payments.handlers import deliver_outbox
from tests.portal.chamber_desk.people import adviser_of, ago, answering, invited, many, merchant
from tests.portal.towns import Town

INVITE = "/admin/chambre/invitations/"
CHAMBER = "Chambre de commerce de la Traverse"


@pytest.fixture
def chamber(here: Town) -> Client:
    settings = PortalSettings.objects.get(site=here.site)
    settings.postal_address = "12, rue du Pont, Lévis"
    settings.partners = [
        {"type": "partner", "value": {"name": "La Ville", "role": "Paie le départ", "url": ""}},
        {"type": "partner", "value": {"name": CHAMBER, "role": "Accompagne", "url": ""}},
    ]
    settings.save()
    return adviser_of(here)


def with_email(town: Town, name: str, **fields: Any) -> Merchant:
    return merchant(town.site, name, email=f"{name.lower()}@exemple.test", **fields)


def counted(town: Town) -> tuple[int, int, int]:
    with portal_scope(town.site):
        models = (Registration, OutboxMessage, AuditEntry)
        return tuple(model.objects.count() for model in models)  # type: ignore[return-value]


def test_preview_shows_the_very_letter_and_leaves_nothing_behind(here: Town, chamber: Client) -> None:
    shop = with_email(here, "Lise")
    before = counted(here)
    answer = chamber.get(INVITE, {"etape": "unclaimed", "q": "lise"})
    shown = answer.context["shown"]
    assert counted(here) == before
    assert shown.to == "lise@exemple.test"
    for words in ("Lise a sa place dans", CHAMBER, "12, rue du Pont, Lévis", "Ne plus recevoir ces lettres"):
        assert words in shown.html
    chamber.post(INVITE, {"commerce": [shop.pk]})
    deliver_outbox(now=timezone.now())
    sent = next(letter for letter in mail.outbox if letter.to == ["lise@exemple.test"])
    assert sent.subject == shown.subject
    without_links = [
        " ".join(html.split('href="')[0].split()) for html in (shown.html, sent.alternatives[0][0])
    ]
    assert without_links[0] == without_links[1]


def test_letters_leave_once_and_the_left_out_are_told_why(here: Town, chamber: Client) -> None:
    shops = {
        "Lise": with_email(here, "Lise"),
        "Sans": merchant(here.site, "Sans"),
        "Prise": with_email(here, "Prise", claimed_at=ago(9)),
        "Refus": with_email(here, "Refus"),
        "Deja": with_email(here, "Deja"),
        "Double": merchant(here.site, "Double", email="LISE@exemple.test"),
        "Ecrit": with_email(here, "Ecrit"),
    }
    answering(here.site, question="photo", days=1, merchant=shops["Ecrit"])
    invited(here.site, shops["Deja"], days=70)
    with portal_scope(here.site):
        mail_refusals.refuse("refus@exemple.test")
        Registration.objects.filter(merchant=shops["Deja"]).update(status="withdrawn")
    answer = chamber.post(INVITE, {"commerce": [shop.pk for shop in shops.values()]})
    sorting = answer.context["sorting"]
    assert {row.name for row in sorting.invited} == {"Double"} or {row.name for row in sorting.invited} == {
        "Lise"
    }
    told = {row.name: str(reason) for row, reason in sorting.left_out}
    assert told["Sans"].startswith("aucun courriel au dossier")
    assert told["Prise"] == told["Ecrit"] == "déjà réclamé, ou en train de s’inscrire"
    assert told["Refus"] == "ne veut plus de lettres"
    assert told["Deja"].startswith("déjà invité")
    assert "même courriel qu’un autre commerce de cette liste" in told.values()
    again = chamber.post(INVITE, {"commerce": [shops["Lise"].pk, shops["Double"].pk]})
    assert (
        len(again.context["sorting"].invited) <= 1
    )  # the other of the two that share an address, never the same
    with portal_scope(here.site):
        assert OutboxMessage.objects.filter(recipient="lise@exemple.test").count() <= 2


def test_one_merchant_gets_one_letter_ever(here: Town, chamber: Client) -> None:
    shop = with_email(here, "Lise")
    for _n in range(3):
        chamber.post(INVITE, {"commerce": [shop.pk]})
    with portal_scope(here.site):
        assert OutboxMessage.objects.filter(recipient="lise@exemple.test").count() == 1
        assert Registration.objects.filter(merchant=shop).count() == 1


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"postal_address": ""}, "L’adresse postale manque"),
        ({"partners": []}, "La Chambre de commerce n’est pas nommée"),
        ({"contact_phone": "", "contact_email": ""}, "Un téléphone ou un courriel manque"),
    ],
)
def test_nothing_leaves_while_the_sender_is_not_named(
    here: Town, chamber: Client, lacking: dict[str, Any], sentence: str
) -> None:
    shop = with_email(here, "Lise")
    settings = PortalSettings.objects.get(site=here.site)
    for name, value in lacking.items():
        setattr(settings, name, value)
    settings.save()
    html = chamber.get(INVITE).content.decode()
    assert sentence in html
    assert "Envoyer 1 lettre" not in html
    before = counted(here)
    answer = chamber.post(INVITE, {"commerce": [shop.pk]}, follow=True)
    assert "Rien n’est parti" in answer.content.decode()
    assert counted(here) == before


def test_no_more_than_the_day_allows(here: Town, chamber: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "LETTERS_A_DAY", 3)
    many(here.site, 10)  # every other one has an address
    first = chamber.get(INVITE, {"etape": "unclaimed"}).context["sorting"]
    assert len(first.invited) == 3
    with portal_scope(here.site):
        keys = list(Merchant.objects.values_list("pk", flat=True))
    done = chamber.post(INVITE, {"commerce": keys}).context["sorting"]
    assert len(done.invited) == 3
    assert [str(reason) for _row, reason in done.left_out].count(str(invitations.FULL)) == 3
    assert "Personne à inviter" in chamber.get(INVITE, {"etape": "unclaimed"}).content.decode()


def test_strangers_merchants_and_nonsense_are_not_written_to(
    here: Town, there: Town, chamber: Client
) -> None:
    theirs = with_email(there, "Ailleurs")
    chamber.post(INVITE, {"commerce": [str(theirs.pk), "x", "-1", "9" * 30]})
    assert counted(there)[0] == 0
    assert chamber.post(INVITE, {}).url == "/admin/chambre/"
    assert "ailleurs@" not in chamber.get(INVITE, {"commerce": [theirs.pk]}).content.decode()


# ------------------------------------------------------------------------------------------------ no more of these


def link_in(client: Client, town: Town) -> tuple[str, Any]:
    """Where the letter to a merchant leads who wants no more, and the letter."""
    shop = with_email(town, "Lise")
    client.post(INVITE, {"commerce": [shop.pk]})
    deliver_outbox(now=timezone.now())
    letter = next(sent for sent in mail.outbox if sent.to == ["lise@exemple.test"])
    return letter.extra_headers["List-Unsubscribe"].strip("<>"), letter


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def test_letter_says_how_to_refuse_for_people_and_for_programs(here: Town, chamber: Client) -> None:
    link, letter = link_in(chamber, here)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in letter.body
    assert link in letter.alternatives[0][0]
    assert link.startswith(f"http://{here.host}/lettres/refus/")


def test_one_click_without_cookie_or_token_is_enough_and_looking_is_nothing(
    here: Town, chamber: Client
) -> None:
    path = path_of(link_in(chamber, here)[0])
    program = Client(headers={"host": here.host}, enforce_csrf_checks=True)
    looked = program.get(path)
    assert looked.status_code == 200
    assert "l…@exemple.test" in looked.content.decode()
    with portal_scope(here.site):
        assert not MailRefusal.objects.exists()
    for _n in range(2):
        assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with portal_scope(here.site):
        assert [row.email for row in MailRefusal.objects.all()] == ["lise@exemple.test"]
        (trace,) = AuditEntry.objects.filter(action="mail.refused")
    assert "exemple.test" not in f"{trace.before}{trace.after}"
    assert "C’est noté." in program.get(path).content.decode()


def test_refused_for_ever_and_the_letter_that_waits_is_not_sent(
    here: Town, chamber: Client, time_machine: Any
) -> None:
    path = path_of(link_in(chamber, here)[0])
    other = merchant(here.site, "Autre", email="Lise@exemple.test")
    chamber.post(INVITE, {"commerce": [other.pk]})
    time_machine.move_to(timezone.now() + timedelta(days=400))
    here.visitor().post(path)
    mail.outbox.clear()
    deliver_outbox(now=timezone.now())
    assert [letter.to for letter in mail.outbox if letter.to == ["lise@exemple.test"]] == []
    third = merchant(here.site, "Troisième", email="lise@exemple.test")
    left_out = adviser_again(here).post(INVITE, {"commerce": [third.pk]}).context["sorting"].left_out
    assert [str(reason) for _row, reason in left_out] == ["ne veut plus de lettres"]


def adviser_again(town: Town) -> Client:
    from portal.models import User

    return town.signed_in(User.objects.get(email=f"adviser@{town.host}.test"))


def test_forged_and_foreign_links_are_not_found(here: Town, there: Town, chamber: Client) -> None:
    path = path_of(link_in(chamber, here)[0])
    assert there.visitor().get(path).status_code == 404
    assert there.visitor().post(path).status_code == 404
    assert here.visitor().post(f"{path[:-2]}/").status_code == 404
    for site in (here.site, there.site):
        with portal_scope(site):
            assert not MailRefusal.objects.exists()


# ------------------------------------------------------------------------------------------------ on paper

PAPER = "/admin/chambre/lettres/"


def test_letters_on_paper_are_for_those_without_an_email(
    here: Town, there: Town, chamber: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[str] = []
    monkeypatch.setattr("home.pdf.pdf_of", lambda html: pages.append(html) or b"%PDF-")
    merchant(here.site, "Sans Courriel", street_address="1, rue du Pont", slug="sans-courriel")
    merchant(here.site, "Sans Rue")
    merchant(there.site, "Ailleurs", street_address="2, rue du Pont")
    with_email(here, "Lise", street_address="3, rue du Pont")
    answer = chamber.get(PAPER)
    assert answer["Content-Type"] == "application/pdf"
    (html,) = pages
    assert html.count('class="letter"') == 1
    for words in ("Sans Courriel", CHAMBER, "12, rue du Pont, Lévis", "<svg"):
        assert words in html
    with portal_scope(here.site):
        assert AuditEntry.objects.get(action="follow_up.printed").after == {"letters": 1}
        assert not Registration.objects.exists()


def test_nothing_to_print_is_said_in_words(here: Town, chamber: Client) -> None:
    answer = chamber.get(PAPER, follow=True)
    assert "Aucun de ces commerces n’a une adresse de rue" in answer.content.decode()
    PortalSettings.objects.filter(site=here.site).update(postal_address="")
    assert "L’adresse postale manque" in chamber.get(PAPER, follow=True).content.decode()
