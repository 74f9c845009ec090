"""What /bilan/ tells search engines: a published month as schema.org's Dataset, with what may be taken away."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from home.found import whole_graph
from home.languages import current_tag
from home.models import PortalSettings
from home.structured_data import Node, moment, portal_id, site_id, without_gaps
from portal.impact.shown import Shown

VARIABLES = ("recu", "commandes", "contacts", "en-ligne", "vendu", "nouveaux")


def graph_of(
    shown: Shown, request: HttpRequest, settings: PortalSettings, *, csv_url: str, pdf_url: str
) -> Node:
    """The whole graph of the page. What is hidden is no part of it."""
    address = request.build_absolute_uri(request.path)
    period = shown.report.period
    node = without_gaps(
        {
            "@type": "Dataset",
            "@id": f"{address}#bilan",
            "url": address,
            "name": _("%(brand)s, bilan\u00a0: %(period)s")
            % {"brand": settings.brand, "period": shown.period_words},
            "description": shown.headline.whole,
            "inLanguage": current_tag(),
            "isPartOf": {"@id": site_id(request)},
            "creator": {"@id": portal_id(request)},
            "isAccessibleForFree": True,
            "temporalCoverage": f"{period.first.isoformat()}/{period.last.isoformat()}",
            "spatialCoverage": {"@type": "Place", "name": settings.town_name} if settings.town_name else {},
            "datePublished": moment(shown.report.closed_at),
            "variableMeasured": _variables(shown),
            "distribution": [
                _download(request, url, kind)
                for url, kind in ((csv_url, "text/csv"), (pdf_url, "application/pdf"))
                if url
            ],
        }
    )
    return whole_graph([node], request, settings, steps=[(_("Bilan"), request.path)])


def _download(request: HttpRequest, url: str, kind: str) -> Node:
    return {
        "@type": "DataDownload",
        "contentUrl": request.build_absolute_uri(url),
        "encodingFormat": kind,
    }


def _variables(shown: Shown) -> list[Node]:
    table = shown.tables["chiffres"]
    told = [(line.label, line.entries[0]) for line in table.lines if line.key in VARIABLES]
    return [
        without_gaps(
            {
                "@type": "PropertyValue",
                "name": label,
                "value": entry.value if entry.unit == "count" else (entry.value or 0) / 100,
                "unitCode": "" if entry.unit == "count" else "CAD",
            }
        )
        for label, entry in told
        if entry.value is not None
    ]
