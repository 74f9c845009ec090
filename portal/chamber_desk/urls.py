"""Addresses of the Chamber's desk: /admin/chambre/…, and the one that a letter leads to."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from portal.chamber_desk import (
    conversion,
    invitations,
    journey_pages,
    pipeline,
    printed_letters,
    refusals,
    sheets,
    silence_pages,
    spreadsheets,
    today,
)

app_name = "letters"

urlpatterns = [path("lettres/refus/<str:token>/", refusals.refuse, name="refuse")]
"""Where a letter leads that nobody asked for."""


def of_the_desk() -> list[URLPattern]:
    return [
        path("", pipeline.index, name="index"),
        path("<int:merchant_pk>/suivi/", pipeline.follow, name="follow"),
        path("invitations/", invitations.invite, name="invite"),
        path("lettres/", printed_letters.letters, name="letters"),
        path("options/", conversion.index, name="conversion"),
        path("excel/", spreadsheets.export, name="export"),
        path("excel/rapporter/", spreadsheets.bring_in, name="bring_in"),
        path("excel/rapporter/noter/", spreadsheets.confirm, name="confirm_import"),
        path("cohortes/", journey_pages.cohort_screen, name="cohorts"),
        *_files("cohortes", journey_pages.export_cohorts, "cohorts"),
        path("etapes/", journey_pages.funnel_screen, name="funnel"),
        *_files("etapes", journey_pages.export_funnel, "funnel"),
        path("parcours/", journey_pages.journeys_screen, name="journeys"),
        *_files("parcours", journey_pages.export_journeys, "journeys"),
        path("silence/", silence_pages.index, name="silence"),
        path("silence/<int:merchant_pk>/suivi/", silence_pages.follow, name="silence_follow"),
        *_files("silence", silence_pages.export, "silence"),
        path("appels/", today.index, name="calls"),
        path("appels/<int:merchant_pk>/fait/", today.done, name="call_done"),
        path("appels/<int:merchant_pk>/plus-tard/", today.put_off, name="call_put_off"),
        path("appels/inscription/<int:registration_pk>/", today.answered, name="call_answered"),
    ]


def _files(word: str, view: Callable[..., Any], name: str) -> list[URLPattern]:
    """The same list as CSV and as XLSX."""
    return [
        path(f"{word}/{shape}/", view, {"shape": shape}, name=f"{name}_{shape}")
        for shape in (sheets.CSV, sheets.XLSX)
    ]
