"""Loading the towns in a test: without drawing, and with a way to tell whether a row changed."""

from collections.abc import Iterable
from io import BytesIO, StringIO

from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from PIL import Image

from portal.demo.plans import Drawing

TABLES = (
    "directory_merchant", "directory_merchantpage", "directory_openinghours", "directory_specialhours",
    "directory_membership", "directory_dailycount", "editorial_storypage", "editorial_storymerchant",
    "home_customimage", "home_portalsettings", "home_portalstaff",
    "portal_user", "shop_product", "shop_productphoto", "shop_shop", "shop_stockmovement",
    "shop_taxregistration", "shop_alcoholpermit", "shop_pricechange", "shop_productoption", "shop_variantoption",
    "shop_variant", "taggit_tag", "wagtailcore_page", "wagtailcore_grouppagepermission",
    "wagtailcore_groupcollectionpermission", "wagtailcore_site", "shop_order", "shop_checkout", "shop_lineitem",
    "impact_publicmoney", "impact_localmultiplier", "impact_merchantquote", "impact_publishedmonth",
)  # fmt: skip


def draw_nothing(drawings: Iterable[Drawing]) -> dict[Drawing, bytes]:
    """Drawing is tested elsewhere, and takes half a minute on a machine that has not drawn yet."""
    out = BytesIO()
    Image.new("RGB", (1200, 900), (240, 200, 40)).save(out, "JPEG")
    return dict.fromkeys(drawings, out.getvalue())


def load(**options: int) -> str:
    """What the command said."""
    said = StringIO()
    with override_settings(DEMO=True):
        call_command("load_demo", stdout=said, **options)
    return said.getvalue()


def fingerprint() -> dict[str, str]:
    """Every row of every table that the command fills, in a few letters each."""
    with connection.cursor() as cursor:
        return {table: _digest(cursor, table) for table in TABLES}


def _digest(cursor: object, table: str) -> str:
    cursor.execute(f"SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {table} t")
    return str(cursor.fetchone()[0])
