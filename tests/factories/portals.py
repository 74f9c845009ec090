from typing import Any

from wagtail.models import Page, Site

from directory.models import DirectoryPage
from editorial.models import StoryIndexPage
from home.models import HomePage, PortalSettings


def make_portal(*, hostname: str, brand: str, is_default: bool = False, **settings: Any) -> Site:
    """A portal with its front page, directory and story index. `settings` are fields of PortalSettings."""
    Site.objects.filter(hostname=hostname).delete()
    if is_default:
        Site.objects.filter(is_default_site=True).delete()
    home = make_page(HomePage, Page.get_first_root_node(), title=brand, slug=hostname.replace(".", "-"))
    make_page(DirectoryPage, home, title="Commerces", slug="commerces")
    make_page(StoryIndexPage, home, title="Histoires", slug="histoires")
    site = Site.objects.create(
        hostname=hostname, port=80, root_page=home, site_name=brand, is_default_site=is_default
    )
    PortalSettings.objects.create(site=site, brand=brand, **settings)
    return site


def make_page(model: type[Page], parent: Page, **fields: Any) -> Any:
    """A live page of that type under `parent`."""
    return parent.add_child(instance=model(**fields))
