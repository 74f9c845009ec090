"""Addresses of the Chamber's desk: /admin/chambre/…, and the one that a letter leads to."""

from django.urls import URLPattern, path

from portal.chamber_desk import (
    conversion,
    invitations,
    pipeline,
    printed_letters,
    refusals,
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
        path("appels/", today.index, name="calls"),
        path("appels/<int:merchant_pk>/fait/", today.done, name="call_done"),
        path("appels/<int:merchant_pk>/plus-tard/", today.put_off, name="call_put_off"),
        path("appels/inscription/<int:registration_pk>/", today.answered, name="call_answered"),
    ]
