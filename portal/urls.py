"""Every address. Wagtail's pages come last, for they answer whatever is left."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from home.views import page
from portal import demo_mailbox, health, sitemaps
from shop.views.webhook import stripe_webhook

# Staff sign in where everybody does.
to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

for_programs: list[URLPattern | URLResolver] = [
    path("admin/login/", to_sign_in, name="admin_sign_in"),
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap_section"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("stripe/webhook/", stripe_webhook, name="stripe_webhook"),
    path("", include("home.urls")),
    path("", include("directory.counting.urls")),
]
"""Files, machines, and the admin, which speaks as each of the staff prefers: one address whatever the language."""

for_people: list[URLPattern | URLResolver] = [
    path("compte/", include("portal.accounts.urls")),
    path("signaler/", include("portal.page_reports.urls")),
    path("mon-commerce/", include("portal.merchant_space.urls")),
    path("inscription/", include("portal.joining.urls")),
    path("aide-aux-commerces/", include("portal.merchant_space.helping_urls")),
    path("", include("portal.care.urls")),
    path("", include("portal.still_true.urls")),
    path("", include("portal.results.urls")),
    path("demo/courriels/", demo_mailbox.mailbox, name="demo_mailbox"),
    path("demo/courriels/<int:key>/", demo_mailbox.mail, name="demo_mail"),
    path("demo/courriels/<int:key>/html/", demo_mailbox.mail_html, name="demo_mail_html"),
    path("", include("portal.impact.urls")),
    path("", include("portal.style_page.urls")),
    path("", include("portal.chamber_desk.urls")),
    path("", include("portal.privacy.urls")),
    path("", include("portal.search_page.urls")),
    path("", include("directory.urls")),
    path("", include("shop.urls")),
    path("", include("editorial.urls")),
    path("favoris/", include("portal.favourites.urls")),
    path("infolettre/", include("editorial.newsletter.urls")),
    *(pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"),
    re_path(wagtail_urls.serve_pattern, page, name="wagtail_serve"),
]
"""In French as they stand, in English the same under /en/."""

urlpatterns: list[URLPattern | URLResolver] = [
    *for_programs,
    *i18n_patterns(*for_people, prefix_default_language=False),
]
