"""The picture that goes with a story wherever its address is passed on, set like the portal's front page.

Made when the story is published, or by the worker where publishing did not, or where the portal has changed its look
since; kept as a file of the portal. Nobody who reads waits for it: until it is there, the story's photo stands in.
"""

import hashlib
import io
import re
from dataclasses import astuple
from datetime import datetime
from functools import partial

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from PIL import Image
from wagtail.models import Site

from editorial.models import StoryPage, StoryShare
from home.languages import FRENCH, speaking
from home.models import CustomImage, PortalSettings
from home.models.media import portal_folder
from home.page_lists import in_french, in_private_section
from home.pictures import BROKEN
from home.share_drawing import HEIGHT, PICTURE, Sheet, draw
from home.tenancy import across_portals, portal_scope

EDITION = 1
"""Of the drawing: one more when ``home.share_drawing`` changes, and every picture is made anew."""

FOLDER = "partage"
SECONDS_BETWEEN = 30
MOST_AT_ONCE = 20
_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def make(page: StoryPage, *, now: datetime) -> bool:
    """The French story has the picture of what it says now. False for one that not everybody may read."""
    site = page.get_site()
    if not isinstance(site, Site) or not page.live or page.get_view_restrictions().exists():
        return False
    with portal_scope(site), speaking(FRENCH):
        settings = PortalSettings.for_site(site)
        sheet = sheet_of(page, settings)
        file = f"{portal_folder(site.pk)}/{FOLDER}/{page.pk}-{_digest(astuple(sheet), _mark_of(page.lead_image))}.jpg"
        if not default_storage.exists(file):
            default_storage.save(file, ContentFile(_jpeg(sheet, page.lead_image)))
        _note(page, site, file=file, frame=frame_of(settings), now=now)
    return True


def forget(page: StoryPage) -> None:
    """The story has no picture any more. Twice is normal."""
    with across_portals():
        for share in StoryShare.objects.filter(page=page.pk):
            transaction.on_commit(partial(default_storage.delete, share.file))
            share.delete()


def carry_on(now: datetime) -> int:
    """The worker's job: how many pictures were made. It looks twice a minute."""
    return make_missing(now) if cache.add("editorial.share_pictures", 1, SECONDS_BETWEEN) else 0


def make_missing(now: datetime) -> int:
    """Those of stories that have none, that have changed since, or whose portal has; some at a time."""
    with across_portals():
        stories = StoryPage.objects.filter(~in_private_section(), in_french(), _waiting(), live=True)
        rows = list(stories.select_related("lead_image", "section").order_by("-published_on", "-pk"))[
            :MOST_AT_ONCE
        ]
    return sum(make(page, now=now) for page in rows)


def _waiting() -> Q:
    """Of a story: no picture, an older one, or one in a look that is no more the portal's."""
    frames = {settings.site_id: frame_of(settings) for settings in PortalSettings.objects.all()}
    kept = StoryShare.objects.order_by().values_list("site", "frame").distinct()
    waiting = Q(shared_as=None) | Q(shared_as__made_at__lt=F("last_published_at"))
    for site, frame in kept:
        if frames.get(site, frame) != frame:
            waiting |= Q(shared_as__site=site, shared_as__frame=frame)
    return waiting


def sheet_of(page: StoryPage, settings: PortalSettings) -> Sheet:
    """What the picture of a story says, and in which colours."""
    mark = _("Contenu commandité par %(sponsor)s") % {"sponsor": page.sponsor} if page.sponsored else ""
    return Sheet(
        brand=settings.brand,
        journal=settings.journal_name,
        kicker=page.kicker or (page.section.name if page.section else ""),
        mark=mark,
        headline=page.title,
        ink=_color(settings, "color_ink"),
        accent=_color(settings, "color_accent"),
        paper=_color(settings, "color_paper"),
        shape=settings.town_shape,
    )


def frame_of(settings: PortalSettings) -> str:
    """Changes with whatever the portal's own look puts in a picture."""
    names = ("brand", "journal_name", "color_ink", "color_accent", "color_paper", "town_shape")
    return _digest(EDITION, *(getattr(settings, name) for name in names))


def _color(settings: PortalSettings, name: str) -> str:
    """The portal's; the house's own where a row holds no colour."""
    color = str(getattr(settings, name))
    return color if _HEX_COLOR.fullmatch(color) else str(PortalSettings._meta.get_field(name).default)


def _digest(*what: object) -> str:
    return hashlib.sha256(repr((EDITION, what)).encode()).hexdigest()[:12]


def _mark_of(photo: CustomImage | None) -> object:
    """The same for the same photo, cut around the same point."""
    return (photo.file.name, photo.get_focal_point()) if photo else None


def _jpeg(sheet: Sheet, photo: CustomImage | None) -> bytes:
    """Without the photo where its file is gone: a headline is better than nothing."""
    written = io.BytesIO()
    draw(sheet, _opened(photo)).save(written, "JPEG", quality=86, optimize=True, progressive=True)
    return written.getvalue()


def _opened(photo: CustomImage | None) -> Image.Image | None:
    if photo is None:
        return None
    try:
        with photo.get_rendition(f"fill-{PICTURE}x{HEIGHT}|format-jpeg").file.open("rb") as file:
            return Image.open(file).convert("RGB")
    except BROKEN:
        return None


@transaction.atomic
def _note(page: StoryPage, site: Site, *, file: str, frame: str, now: datetime) -> None:
    """The row says which file; the one before goes with it."""
    before = StoryShare.objects.select_for_update().filter(page=page.pk).first()
    if before and before.file != file:
        transaction.on_commit(partial(default_storage.delete, before.file))
    values = {"site": site, "file": file, "frame": frame, "made_at": max(now, page.last_published_at or now)}
    StoryShare.objects.update_or_create(page=page, defaults=values)
