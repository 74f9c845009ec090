"""« Ma page »: written in parts, seen as shoppers will, sent to the Journal; a stranger finds none of it."""

import io
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from directory import moderation
from directory.models import Merchant, MerchantPage
from home.models import AuditEntry, CustomImage, PortalRole
from home.tenancy import portal_scope
from shop.payments.handlers import deliver_outbox
from tests.factories import ImageFactory, MembershipFactory, UserFactory
from tests.portal.conftest import make_staff
from tests.portal.towns import Town

PARTS = ("", "textes/", "photo/", "personne/", "galerie/", "apercu/")
STORY = [
    {"type": "text_block", "value": "<p>Un.</p><p>Deux.</p>", "id": "11111111-0000-4000-8000-000000000001"},
    {
        "type": "quote_block",
        "value": {"quote": "Bon", "attribution": ""},
        "id": "11111111-0000-4000-8000-000000000002",
    },
    {
        "type": "text_block",
        "value": "<p>Avec du <b>gras</b></p>",
        "id": "11111111-0000-4000-8000-000000000003",
    },
    {"type": "text_block", "value": "<p>Trois.</p>", "id": "11111111-0000-4000-8000-000000000004"},
]


@pytest.fixture
def desk(here: Town) -> Client:
    return here.signed_in(here.owner)


def address(town: Town, part: str = "") -> str:
    return f"/mon-commerce/{town.merchant.slug}/page/{part}"


def page_of(town: Town) -> MerchantPage:
    with portal_scope(town.site):
        return MerchantPage.objects.get(merchant=town.merchant)


def draft_of(town: Town) -> MerchantPage:
    page = page_of(town)
    with portal_scope(town.site):
        return moderation.working_copy(page) if page.latest_revision_id else page


def post(client: Client, town: Town, part: str, **data: Any) -> Any:
    seen = page_of(town).latest_revision_id or ""
    return client.post(address(town, part), {"seen": seen, **data})


def write(client: Client, town: Town, intro: str) -> Any:
    """The sentence anew, the rest as the screen shows it."""
    form = client.get(address(town, "textes/")).context["form"]
    story = {name: form.initial[name] for name in form.fields if name.startswith("story_")}
    return post(client, town, "textes/", intro=intro, **story)


def send(client: Client, town: Town) -> Any:
    return client.post(address(town, "envoyer/"), {"seen": page_of(town).latest_revision_id})


def jpeg(name: str = "photo.jpg") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def test_text_is_a_draft_then_waits_then_is_public(desk: Client, here: Town) -> None:
    assert write(desk, here, "Une phrase neuve").url == address(here)
    assert page_of(here).intro != "Une phrase neuve"
    assert "Vous seul voyez cette page" in (seen := desk.get(address(here, "apercu/")).content.decode())
    assert "Une phrase neuve" in seen
    assert send(desk, here).url == address(here)
    assert "En attente du Journal depuis aujourd’hui" in desk.get(address(here)).content.decode()
    page = page_of(here)
    with portal_scope(here.site):
        moderation.approve(page.pk, user=UserFactory(), seen=page.latest_revision_id)
        actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["page.edited", "page.sent", "page.approved"]
    assert "Une phrase neuve" in here.visitor().get(f"/commerces/{here.merchant.slug}/").content.decode()


def test_what_plain_paragraphs_cannot_show_stays_untouched(desk: Client, here: Town) -> None:
    page = page_of(here)
    page.body = STORY
    page.save()
    html = desk.get(address(here, "textes/")).content.decode()
    assert "Citation\u00a0: «\u00a0Bon\u00a0»" in html
    assert "Un.\n\nDeux." in html
    post(desk, here, "textes/", intro="Phrase", story_1="Un.\r\n\r\nDeux & demi <b>.", story_2="Trois.")
    blocks = list(draft_of(here).body.raw_data)
    assert [block["type"] for block in blocks] == [block["type"] for block in STORY]
    assert blocks[1:] == STORY[1:]
    assert blocks[0] == {**STORY[0], "value": "<p>Un.</p><p>Deux &amp; demi &lt;b&gt;.</p>"}


def test_wrong_answers_are_said_beside_the_field_and_kept(desk: Client, here: Town) -> None:
    answer = post(desk, here, "textes/", intro="x" * 201, story_1="Mon histoire")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Une phrase plus courte" in html
    assert "x" * 201 in html
    assert "Mon histoire" in html
    assert not page_of(here).latest_revision_id


def test_text_written_on_an_older_page_is_kept_on_the_screen(desk: Client, here: Town) -> None:
    write(desk, here, "Premier onglet")
    answer = desk.post(address(here, "textes/"), {"seen": "", "intro": "Second onglet", "story_1": "Là"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Votre page a changé pendant que vous écriviez" in html
    assert "Second onglet" in html
    assert f'name="seen" value="{page_of(here).latest_revision_id}"' in html
    assert draft_of(here).intro == "Premier onglet"


def test_photo_that_came_with_a_wrong_answer_need_not_come_again(desk: Client, here: Town) -> None:
    answer = post(desk, here, "photo/", photo=jpeg(), alt="")
    assert answer.status_code == 422
    picture = CustomImage.objects.get(merchant=here.merchant)
    assert f'name="kept" value="{picture.pk}"' in answer.content.decode()
    assert post(desk, here, "photo/", kept=picture.pk, alt="La vitrine").status_code == 302
    assert (draft_of(here).cover, draft_of(here).cover_alt) == (picture, "La vitrine")
    assert page_of(here).cover != picture
    post(desk, here, "photo/", alt="La vitrine", remove="on")
    assert draft_of(here).cover is None


def test_somebody_else_s_picture_is_not_taken(desk: Client, here: Town, there: Town) -> None:
    with portal_scope(here.site):
        strange = ImageFactory(merchant=MembershipFactory().merchant)
    for picture in (strange, there.picture):
        answer = post(desk, here, "photo/", kept=picture.pk, alt="À moi")
        assert answer.status_code == 302 if page_of(here).cover_id else answer.status_code == 422
        assert draft_of(here).cover not in (strange, there.picture)


@pytest.mark.parametrize("wrong", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0 cut off"])
def test_file_that_is_no_photo_is_refused_in_words(desk: Client, here: Town, wrong: bytes) -> None:
    upload = SimpleUploadedFile("photo.jpg", wrong, "image/jpeg")
    answer = post(desk, here, "galerie/", photo=upload, alt="La cave", caption="")
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert "La cave" in answer.content.decode()


def test_person_needs_a_first_name(desk: Client, here: Town) -> None:
    assert "Écrivez le prénom" in post(desk, here, "personne/", name="", role="fromager").content.decode()
    post(desk, here, "personne/", name="Lucie", role="fromagère", photo=jpeg())
    draft = draft_of(here)
    assert (draft.owner_name, draft.owner_role, draft.owner_photo.merchant) == (
        "Lucie",
        "fromagère",
        here.merchant,
    )


def test_gallery_is_added_to_arranged_thinned_and_mended(desk: Client, here: Town) -> None:
    for words in ("Un", "Deux", "Trois"):
        assert post(desk, here, "galerie/", photo=jpeg(), alt=words, caption="").status_code == 302
    one, two, three = (photo.image_id for photo in draft_of(here).gallery.all())
    desk.post(address(here, f"galerie/{three}/deplacer/"), {"sens": "haut"})
    assert [photo.alt for photo in draft_of(here).gallery.all()] == ["Un", "Trois", "Deux"]
    desk.post(address(here, f"galerie/{one}/deplacer/"), {"sens": "haut"})
    post(desk, here, f"galerie/{two}/", alt="Deux, mieux", caption="Vu")
    removed = desk.post(address(here, f"galerie/{three}/retirer/"))
    assert [photo.alt for photo in draft_of(here).gallery.all()] == ["Un", "Deux, mieux"]
    undo = desk.get(removed.url).context["undo"]
    desk.post(address(here, "galerie/remettre/"), {"revision": undo})
    assert [photo.alt for photo in draft_of(here).gallery.all()] == ["Un", "Trois", "Deux, mieux"]
    assert not page_of(here).gallery.exists()
    assert desk.post(address(here, f"galerie/{two}/deplacer/"), {"sens": "nulle part"}).status_code == 404


def test_request_can_be_withdrawn_and_a_refusal_is_read(desk: Client, here: Town) -> None:
    write(desk, here, "Trop")
    send(desk, here)
    desk.post(address(here, "retirer/"))
    assert "Un brouillon vous attend" in desk.get(address(here)).content.decode()
    send(desk, here)
    page = page_of(here)
    with portal_scope(here.site):
        moderation.refuse(page.pk, user=UserFactory(), seen=page.latest_revision_id, comment="Un mot de trop")
    html = desk.get(address(here)).content.decode()
    assert "Le Journal demande un changement" in html
    assert "Un mot de trop" in html
    assert (
        "Le Journal avait déjà répondu" in desk.post(address(here, "retirer/"), follow=True).content.decode()
    )


def test_edit_while_waiting_takes_the_place_of_the_request(desk: Client, here: Town) -> None:
    write(desk, here, "Premier")
    send(desk, here)
    write(desk, here, "Second")
    page = page_of(here)
    with portal_scope(here.site):
        assert moderation.standing(page).stage == moderation.Stage.WAITING
        (task,) = moderation.what_waits(here.site.root_page)
    assert task.revision_id == page.latest_revision_id


def test_letters_go_to_this_journal_and_these_owners_once(desk: Client, here: Town, there: Town) -> None:
    editor, manager = make_staff(here.site, PortalRole.EDITOR), make_staff(here.site, PortalRole.MANAGER)
    for site, role in ((here.site, PortalRole.ADVISER), (there.site, PortalRole.EDITOR)):
        make_staff(site, role)
    UserFactory(is_superuser=True)
    with portal_scope(here.site):
        MembershipFactory(merchant=here.merchant, role="helper")
    write(desk, here, "Premier")
    send(desk, here)
    write(desk, here, "Second")
    page = page_of(here)
    with portal_scope(here.site):
        moderation.approve(page.pk, user=editor, seen=page.latest_revision_id, comment="Beau texte")
        deliver_outbox(now=timezone.now())
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        [editor.email, manager.email, here.owner.email]
    )
    answer = next(message for message in mail.outbox if message.to == [here.owner.email])
    assert "Beau texte" in answer.body
    assert f"http://{here.host}" in answer.body


def test_trusted_merchant_publishes_at_once(desk: Client, here: Town) -> None:
    with portal_scope(here.site):
        moderation.trust(here.merchant, actor_id=None, now=timezone.now())
    write(desk, here, "Tout de suite")
    assert "Publier maintenant" in desk.get(address(here, "apercu/")).content.decode()
    send(desk, here)
    assert page_of(here).intro == "Tout de suite"
    with portal_scope(here.site):
        assert AuditEntry.objects.filter(action="page.published").count() == 1


def test_sending_an_older_preview_asks_to_look_again(desk: Client, here: Town) -> None:
    write(desk, here, "Un")
    seen = page_of(here).latest_revision_id
    write(desk, here, "Deux")
    answer = desk.post(address(here, "envoyer/"), {"seen": seen}, follow=True)
    assert "Votre page a changé depuis cet aperçu" in answer.content.decode()
    with portal_scope(here.site):
        assert not moderation.what_waits(here.site.root_page).exists()


def test_first_page_begins_with_a_sentence(here: Town) -> None:
    with portal_scope(here.site):
        member = MembershipFactory(merchant__name="Tout neuf", merchant__slug="tout-neuf")
    client = here.signed_in(member.user)
    base = "/mon-commerce/tout-neuf/page/"
    assert all(client.get(f"{base}{part}").status_code in (200, 302) for part in PARTS)
    assert (
        client.post(f"{base}textes/", {"seen": "", "intro": "Bonjour", "story_1": "Là."}).status_code == 302
    )
    with portal_scope(here.site):
        page = MerchantPage.objects.get(merchant=member.merchant)
        assert (page.live, moderation.working_copy(page).intro) == (False, "Bonjour")
    assert here.visitor().get("/commerces/tout-neuf/").status_code == 404
    assert "Bonjour" in client.get(f"{base}apercu/").content.decode()


@pytest.mark.parametrize("who", ["shopper", "other merchant", "other portal's merchant", "journal"])
def test_stranger_finds_no_draft_and_changes_nothing(desk: Client, here: Town, there: Town, who: str) -> None:
    write(desk, here, "brouillonsecret")
    before = page_of(here).latest_revision_id
    with portal_scope(here.site):
        people = {
            "shopper": UserFactory,
            "other merchant": lambda: MembershipFactory().user,
            "other portal's merchant": lambda: there.owner,
            "journal": lambda: make_staff(here.site, PortalRole.EDITOR),
        }
        client = here.signed_in(people[who]())
    for part in PARTS:
        answer = client.get(address(here, part))
        assert answer.status_code == 404
        assert "brouillonsecret" not in answer.content.decode()
    for part in ("textes/", "galerie/", "envoyer/", "retirer/", "galerie/remettre/"):
        assert client.post(address(here, part), {"seen": before, "intro": "Volé"}).status_code == 404
    assert page_of(here).latest_revision_id == before
    visitor = here.visitor().get(f"/commerces/{here.merchant.slug}/").content.decode()
    assert "brouillonsecret" not in visitor


def test_suspended_merchant_s_desk_is_gone(desk: Client, here: Town) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(suspended_at=timezone.now())
    assert [desk.get(address(here, part)).status_code for part in PARTS] == [404] * len(PARTS)


@pytest.mark.parametrize("photos", [1, 3])
def test_gallery_asks_two_questions_more_for_each_photo(
    desk: Client, here: Town, photos: int, django_assert_num_queries
) -> None:
    """Wagtail's, when it reads a revision: are its page and its picture still there? A gallery has twelve at most."""
    write(desk, here, "Une phrase")
    write(desk, here, "Une autre phrase")
    for number in range(photos):
        post(desk, here, "galerie/", photo=jpeg(), alt=f"Photo {number}", caption="")
    desk.get(address(here, "galerie/"))
    with django_assert_num_queries(GALLERY_QUERIES + 2 * photos):
        desk.get(address(here, "galerie/"))


GALLERY_QUERIES = 19
