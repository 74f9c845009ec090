"""A town of thousands: one merchant with its page and pictures, told to the database to be many."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from wagtail.models import Site

from directory.models import DirectoryPage, Merchant, MerchantPage
from home.models import CustomImage, PortalRole
from portal import staffing
from portal.models import User
from tests.factories import ImageFactory, MembershipFactory, UserFactory
from tests.shop.conftest import Stall

IMAGES_EACH = 20
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RENDITIONS = ("max-165x165", "max-165x165|format-webp", "max-165x165|preserve-svg")


@dataclass
class Crowd:
    """``size``: merchants so far. ``editor`` works for the portal, ``owner`` for the first merchant."""

    site: Site
    first: Merchant
    page: MerchantPage
    image: CustomImage
    editor: User
    owner: User
    size: int = 1

    @property
    def directory(self) -> DirectoryPage:
        directory: DirectoryPage = DirectoryPage.objects.descendant_of(self.site.root_page).get()
        return directory

    def grow_to(self, size: int) -> None:
        """So many merchants afterwards, each with its live page, a week of hours and 20 pictures."""
        span = {"first": self.size, "last": size - 1}
        _copy(
            "directory_merchant", self.first.pk, {"name": "'Commerce ' || n", "slug": "'foule-' || n"}, **span
        )
        self._copy_pages(**span)
        # The picture that is copied is the first merchant's first.
        shown = 1 if self.size == 1 else self.size * IMAGES_EACH
        titles = {"title": "'Photo ' || n"}
        _copy("home_customimage", self.image.pk, titles, first=shown, last=size * IMAGES_EACH - 1)
        _copy_renditions(self.image.pk)
        self.size = size
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _copy_pages(self, *, first: int, last: int) -> None:
        base = "".join(
            f"substr('{DIGITS}', ((n + 100) / {36**place}) %% 36 + 1, 1) || " for place in (3, 2, 1, 0)
        )
        directory = self.directory
        changes = {
            "title": "'Commerce ' || n",
            "draft_title": "'Commerce ' || n",
            "slug": "'foule-' || n",
            "path": f"'{directory.path}' || {base} ''",
            "url_path": f"'{directory.url_path}' || 'foule-' || n || '/'",
            "translation_key": "gen_random_uuid()",
            "latest_revision_id": "NULL",
            "live_revision_id": "NULL",
        }
        _copy("wagtailcore_page", self.page.pk, changes, first=first, last=last)
        self._copy_windows()
        _run("UPDATE wagtailcore_page SET numchild = %s WHERE id = %s", [last + 1, directory.pk])

    def _copy_windows(self) -> None:
        """A page's own columns, for each copied page, with the merchant of the same slug."""
        names = _columns("directory_merchantpage")
        own = {"page_ptr_id": "p.id", "merchant_id": "m.id"}
        values = ", ".join(own.get(name, f"t.{name}") for name in names)
        _run(
            f"INSERT INTO directory_merchantpage ({', '.join(names)}) SELECT {values}"  # noqa: S608 - names of ours
            " FROM directory_merchantpage t, wagtailcore_page p JOIN directory_merchant m ON m.slug = p.slug"
            " WHERE t.page_ptr_id = %s AND p.slug LIKE 'foule-%%'"
            " AND NOT EXISTS (SELECT FROM directory_merchantpage k WHERE k.page_ptr_id = p.id)",
            [self.page.pk],
        )


def crowd(site: Site, stall: Stall) -> Crowd:
    """The town as it begins, with the portal in scope: one merchant, an editor, an owner."""
    image = ImageFactory(title="Photo 0", collection=staffing.collection_of(site))
    for spec in RENDITIONS:
        image.get_rendition(spec)
    editor, owner = (
        UserFactory(email="foule-journal@example.test"),
        MembershipFactory(merchant=stall.merchant).user,
    )
    staffing.grant(editor, site, PortalRole.EDITOR)
    return Crowd(site, stall.merchant, stall.merchant.pages.get(), image, editor, owner)


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def _copy(table: str, pk: int, changes: dict[str, str], *, first: int, last: int) -> None:
    """Row ``pk`` again, once for each n of first…last, with these columns as expressions of n."""
    names = [name for name in _columns(table) if name != "id"]
    values = ", ".join(changes.get(name, f"t.{name}") for name in names)
    _run(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} t,"  # noqa: S608 - names of ours
        " generate_series(%s::int, %s::int) n WHERE t.id = %s",
        [first, last, pk],
    )


def _copy_renditions(image_pk: int) -> None:
    names = [name for name in _columns("home_customrendition") if name not in {"id", "image_id"}]
    _run(
        f"INSERT INTO home_customrendition (image_id, {', '.join(names)})"  # noqa: S608 - names of ours
        f" SELECT i.id, {', '.join(f'r.{name}' for name in names)}"
        " FROM home_customimage i, home_customrendition r WHERE r.image_id = %s"
        " AND NOT EXISTS (SELECT FROM home_customrendition k WHERE k.image_id = i.id)",
        [image_pk],
    )


def _run(statement: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
