"""The golden town as anybody reads it: page, sheet and paper say what was worked out by hand, and nothing of anyone."""

import csv
import datetime as dt
import io
from html import unescape

import pytest
import time_machine
from django.test import Client

from home import pdf
from portal.impact import closing
from tests.portal.impact import golden, pdf_words
from tests.portal.impact.golden import TOWN

IN_NOVEMBER = dt.datetime(2026, 11, 4, 12, tzinfo=TOWN)
NEW_YEAR = dt.datetime(2027, 1, 5, 12, tzinfo=TOWN)

NOVEMBER = {
    "Argent reçu par les commerces": "136,35",
    "Payé par les clients, taxes comprises": "239,99",
    "Rendu aux clients": "96,99",
    "Commandes payées": "7",
    "Contacts": "39",
    "Pages vues": "50",
    "Commerces en ligne à la fin": "11",
    "… dont la page est tenue par le commerce": "10",
    "… qui offrent de vendre ici": "7",
    "Commerces qui ont vendu": "7",
    "Nouveaux commerces": "1",
    "Partis vers leur propre boutique": "1",
    "Partis pour une autre raison": "0",
}
"""As golden.py works them out: 7 orders, 239.99 paid, 96.99 given back, 136.35 reached, 39 contacts."""
# What one could say of somebody: the shares of October and November, what each of the two sectors sold, what the two
# of Charny got: 70 − 60 + 76 = 86.00; 136.35 − 86 = 50.35; in October 60.00 and 177.80 − 60 = 117.80.
NOBODYS_BUSINESS = (
    "28,50", "38,00", "19,00", "9,50", "22,80", "60,00", "117,80", "18,99", "14,25", "23,75", "70,00", "11,40",
    "76,00", "17,10", "86,00", "50,35", "47,50", "95,00", "20,90", "115,90", "111,15",
)  # fmt: skip


def spoken(text: str) -> str:
    return unescape(text).replace("\u00a0", " ")


@pytest.mark.skipif(not pdf.can_print(), reason=pdf.why_not())
def test_november_is_told_to_the_unit_and_october_stays_as_it_was_published(in_levis, sandbox) -> None:
    town, reader = golden.arrange(sandbox, leaves=False), Client(headers={"host": "localhost"})
    with time_machine.travel(IN_NOVEMBER, tick=False):
        closing.close_months(now=IN_NOVEMBER)
        october = [reader.get(f"/bilan/2026-10/{file}").content for file in ("", "bilan.csv")]
    golden.give_back(town)
    golden.leave(town)
    with time_machine.travel(NEW_YEAR, tick=False):
        closing.close_months(now=NEW_YEAR)
        assert reader.get("/bilan/2026-10/bilan.csv").content == october[1]
        told = {file: reader.get(f"/bilan/2026-11/{file}").content for file in ("", "bilan.csv", "bilan.pdf")}
        whole = [*october, *(reader.get(f"/bilan/2026-{month}/").content for month in ("09", "10", "12"))]
    page, sheet = spoken(told[""].decode()), spoken(told["bilan.csv"].decode()[1:])
    paper = spoken(pdf_words.words(told["bilan.pdf"]))
    headline = "En novembre 2026, 7 commerces d’ici ont reçu 136 $ de leurs ventes en ligne."
    assert headline in page
    assert headline in paper
    rows = list(csv.DictReader(io.StringIO(sheet), delimiter=";"))
    keyed = {row["Ligne"]: row["Valeur"] for row in rows if row["Colonne"] == "novembre 2026"}
    assert {label: keyed[label] for label in NOVEMBER} == NOVEMBER
    for label, value in NOVEMBER.items():
        amount = f"{value} $" if "," in value else value
        assert f'<th scope="row" role="rowheader">{label}</th><td role="cell">{amount}</td>' in page
        assert f"{label} {amount}" in paper
    everything = " ".join([page, sheet, paper, *(spoken(each.decode()) for each in whole)])
    assert [
        amount
        for amount in NOBODYS_BUSINESS
        if f" {amount}" in everything.replace(">", " ").replace(";", " ")
    ] == []
