"""The Journal's own lists: who signs, the sections, the series."""

import pytest
from django.test import Client
from wagtail.models import Site

from editorial.models import Author
from home.models import PortalRole
from home.tenancy import portal_scope
from portal import staffing
from tests.factories import AuthorFactory, SectionFactory, SeriesFactory, UserFactory

LEVIS = {"headers": {"host": "localhost"}}
LISTS = ("signatures", "rubriques", "series")


@pytest.fixture
def editor(levis: Site) -> Client:
    user = UserFactory()
    with portal_scope(levis):
        staffing.grant(user, levis, PortalRole.EDITOR)
    client = Client()
    client.force_login(user)
    return client


def test_editor_adds_whoever_signs(editor: Client, levis: Site) -> None:
    asked = {"name": "Ève Roy", "slug": "eve-roy", "role": "photographe", "photo": "", "bio": ""}
    assert editor.post("/admin/signatures/new/", asked, **LEVIS).status_code == 302
    with portal_scope(levis):
        assert Author.objects.get().name == "Ève Roy"


def test_address_taken_is_said_beside_the_field(editor: Client, levis: Site) -> None:
    with portal_scope(levis):
        AuthorFactory(slug="eve-roy")
    asked = {"name": "Ève Roy", "slug": "eve-roy", "role": "", "photo": "", "bio": ""}
    answer = editor.post("/admin/signatures/new/", asked, **LEVIS)
    assert "déjà celle d’une autre signature" in answer.content.decode()


def test_lists_show_their_own_portal_alone(editor: Client, levis: Site, bellechasse: Site) -> None:
    with portal_scope(bellechasse):
        AuthorFactory(name="Plume voisine")
        SectionFactory(name="Plume voisine")
        SeriesFactory(title="Plume voisine")
    for name in LISTS:
        answer = editor.get(f"/admin/{name}/", **LEVIS)
        assert (answer.status_code, "Plume voisine" in answer.content.decode()) == (200, False)


def test_nobody_of_a_portal_deletes_who_signed(editor: Client, levis: Site) -> None:
    with portal_scope(levis):
        author = AuthorFactory()
    assert editor.post(f"/admin/signatures/delete/{author.pk}/", **LEVIS).status_code == 404
    with portal_scope(levis):
        assert Author.objects.filter(pk=author.pk).exists()
