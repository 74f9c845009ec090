"""Every address. Wagtail's pages come last, for they answer whatever is left."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as document_urls

from portal import demo_mailbox, health
from portal.sitemaps import PagesSitemap, ProductsSitemap

SITEMAPS = {"pages": PagesSitemap, "produits": ProductsSitemap}

# Staff sign in where everybody does.
to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/login/", to_sign_in, name="admin_sign_in"),
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("compte/", include("portal.accounts.urls")),
    path("signaler/", include("portal.page_reports.urls")),
    path("mon-commerce/", include("portal.merchant_space.urls")),
    path("inscription/", include("portal.joining.urls")),
    path("aide-aux-commerces/", include("portal.merchant_space.helping_urls")),
    path("", include("portal.care.urls")),
    path("demo/courriels/", demo_mailbox.mailbox, name="demo_mailbox"),
    path("demo/courriels/<int:key>/", demo_mailbox.mail, name="demo_mail"),
    path("demo/courriels/<int:key>/html/", demo_mailbox.mail_html, name="demo_mail_html"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("portal.chamber_desk.urls")),
    path("", include("portal.privacy.urls")),
    path("", include("shop.urls")),
    path("", include("home.urls")),
    path("", include("editorial.urls")),
    path("", include(wagtail_urls)),
]
