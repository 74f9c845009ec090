"""A portal: its Site, settings, front page and plain pages, its collection, its categories and sectors."""

import os
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from wagtail.models import Page, Site

from directory.enums import Tier
from directory.models import Category, DirectoryPage, Plan, Sector
from editorial.models import StoryIndexPage
from home.models import ContentPage, HomePage, PortalSettings
from portal.demo.plans import Said, TownPlan


def port() -> int:
    """The port the towns answer on: that of BASE_URL, else PORT, else 80."""
    base = urlsplit(os.environ.get("BASE_URL", ""))
    return base.port or int(os.environ.get("PORT") or 80)


@transaction.atomic
def open_portal(town: TownPlan) -> Site:
    """The town's Site with its settings and its fixed pages."""
    site = Site.objects.filter(hostname=town.host).first()
    home = _home(town, site)
    if site is None:
        site = Site(hostname=town.host)
    site.root_page, site.port, site.site_name = home, port(), str(town.settings["brand"])
    site.is_default_site = town.host == "localhost"
    site.save()
    _settings(town, site)
    _fixed_pages(town, home)
    return site


def _home(town: TownPlan, site: Site | None) -> HomePage:
    """The portal's front page. The page a fresh Wagtail greets with makes room for the first portal."""
    slug = f"accueil-{town.key}"
    if home := HomePage.objects.filter(slug=slug, depth=2).first():
        return home
    home = HomePage(
        title=town.home["title"],
        slug=slug,
        headline=f"<p>{town.home['headline']}</p>",
        search_description=str(town.settings["tagline"]),
        body=[{"type": "step_block", "value": {"title": title, "text": text}} for title, text in town.steps],
    )
    added: HomePage = Page.get_first_root_node().add_child(instance=home)
    if site is not None and site.root_page.specific_class is Page:
        greeting = site.root_page
        Site.objects.filter(pk=site.pk).update(root_page=added)
        greeting.delete()
        added.refresh_from_db()
    return added


def _settings(town: TownPlan, site: Site) -> None:
    """Filled once; what the Journal changed afterwards stays."""
    settings = PortalSettings.for_site(site)
    if settings.town_name:
        return
    for name, value in town.settings.items():
        setattr(settings, name, value)
    settings.partners = [
        {"type": "partner", "value": {"name": name, "role": role, "url": url}}
        for name, role, url in town.partners
    ]
    settings.save()


def _fixed_pages(town: TownPlan, home: HomePage) -> None:
    _child(
        home, DirectoryPage, "commerces", title="Commerces", intro=f"<p>{town.home['directory_intro']}</p>"
    )
    _child(home, StoryIndexPage, "histoires", title="Histoires", intro=town.home["stories_intro"])
    for plan in town.pages:
        _child(
            home,
            ContentPage,
            plan.slug,
            title=plan.title,
            search_description=plan.seo,
            body=[plain_block(said) for said in plan.body],
        )


def _child(parent: Page, model: type[Page], slug: str, **fields: Any) -> None:
    if not parent.get_children().filter(slug=slug).exists():
        parent.add_child(instance=model(slug=slug, **fields))


def plain_block(said: Said) -> dict[str, str]:
    return {"type": "heading_block" if said.kind == "heading" else "text_block", "value": said.words}


PRICES = {Tier.LISTING: 0, Tier.LINKED_SHOP: 19_00, Tier.TRANSACTIONAL: 39_00}
LEAST_FREE = timedelta(days=60)


def state_prices(site: Site, today: date) -> None:
    """What the options cost once the free period is over. In a demo that has grown old it is over a year later."""
    for tier, cents in PRICES.items():
        Plan.objects.get_or_create(site=site, tier=tier, defaults={"monthly_price_cents": cents})
    settings = PortalSettings.for_site(site)
    while settings.free_until and settings.free_until < today + LEAST_FREE:
        settings.free_until = settings.free_until.replace(year=settings.free_until.year + 1)
        settings.save(update_fields=["free_until"])


@transaction.atomic
def sort_merchants(town: TownPlan, site: Site) -> tuple[dict[str, Category], dict[str, Sector]]:
    """The portal's categories and sectors by slug."""
    Category.objects.bulk_create(
        [
            Category(site=site, name=plan.name, slug=plan.slug, icon=plan.icon, sort_order=order)
            for order, plan in enumerate(town.categories)
        ],
        ignore_conflicts=True,
    )
    Sector.objects.bulk_create(
        [
            Sector(
                site=site,
                name=plan.name,
                slug=plan.slug,
                district=plan.district,
                color=plan.color,
                latitude=plan.latitude,
                longitude=plan.longitude,
                sort_order=order,
            )
            for order, plan in enumerate(town.sectors)
        ],
        ignore_conflicts=True,
    )
    return {row.slug: row for row in Category.objects.all()}, {row.slug: row for row in Sector.objects.all()}
