"""Nobody reads a French sentence on an English page, nor « 0 commerces »: a catalogue that lacks one stops the build.

`make translations` brings the catalogues to the sentences of the source, and says what they lack.
"""

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation
from django.utils.translation import ngettext

from tests.catalogues import LANGUAGES, faults, is_compiled, read, wanted
from tests.sentences import Sentence, of_code, of_template

PLURALS = sorted((sentence.text, sentence.plural) for sentence in wanted("fr").values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_says_every_sentence_of_the_source_and_no_other(language: str) -> None:
    assert faults(read(language), wanted(language), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    assert is_compiled(language)


def test_nothing_is_counted_as_one_thing_in_french() -> None:
    """Without a catalogue of its own French would count as English does, and say « 0 commerces »."""
    assert len(PLURALS) >= 8
    with translation.override("fr-ca"):
        counted = {pair: [ngettext(*pair, n) for n in (0, 1, 2)] for pair in PLURALS}
    assert counted == {(one, many): [one, one, many] for one, many in PLURALS}


CODE = """
from django.utils import translation
title = _("Une "
          "phrase")
count = translation.ngettext("%d sac", "%d sacs", n)
day = pgettext_lazy("jour", "mai")
marked_elsewhere = _(title)
"""
TEMPLATE = """{% load i18n %}<p
    title="{% translate 'Fermé' %}">
  {% blocktranslate trimmed count counter=rows with town=portal.town %}
    Un commerce à {{ town }}
  {% plural %}
    {{ counter }} commerces à {{ town }}, à 100 %
  {% endblocktranslate %}
  {% include "a.html" with label=_("Voir") only %} {{ name|default:_("Personne") }}
</p>"""


def test_sentences_are_found_in_code() -> None:
    assert [(found.context, found.text, found.plural) for found in of_code(CODE, "a.py")] == [
        ("", "Une phrase", ""),
        ("", "%d sac", "%d sacs"),
        ("jour", "mai", ""),
    ]


def test_sentences_are_found_in_templates() -> None:
    assert [(found.text, found.plural) for found in of_template(TEMPLATE, "a.html")] == [
        ("Fermé", ""),
        ("Un commerce à %(town)s", "%(counter)s commerces à %(town)s, à 100 %%"),
        ("Voir", ""),
        ("Personne", ""),
    ]


ONE = "<b>%(name)s</b> ouvre\u00a0: %(hour)s"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("", "missing"),
        ("<b>%(name)s</b> opens: soon", "placeholders"),
        ("<b>%(name)s</b> opens: %(hour)s, %(day)s", "placeholders"),
        ("%(name)s opens: %(hour)s", "tags"),
        ("<b>%(name)s</b> opens: %(hour)s ", "space around"),
        ("<b>%(name)s</b> opens\u00a0: %(hour)s", "set as French"),
    ],
)
def test_what_says_something_else_is_a_fault(said: str, fault: str) -> None:
    catalogue = Catalog(locale="en")
    catalogue.add(ONE, said)
    assert [found.partition(":")[0] for found in faults(catalogue, sentences(ONE), "en")] == [fault]


def test_what_is_doubtful_or_gone_is_a_fault() -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("Fermé", "Closed", flags=["fuzzy"])
    catalogue.add("Ouvert", "Open")
    found = faults(catalogue, sentences("Fermé", "Demain"), "en")
    assert [fault.partition(":")[0] for fault in found] == ["missing", "obsolete", "fuzzy"]


@pytest.mark.parametrize(
    ("many_said", "count"), [("%(count)s orders of %(shop)s", 0), ("Orders of %(shop)s", 1)]
)
def test_one_thing_may_be_said_without_its_number_and_many_may_not(many_said: str, count: int) -> None:
    one, many = "%(count)s commande de %(shop)s", "%(count)s commandes de %(shop)s"
    catalogue = Catalog(locale="en")
    catalogue.add((one, many), ("An order of %(shop)s", many_said))
    assert len(faults(catalogue, {("", one): Sentence(one, many, "", "a.py:1")}, "en")) == count


def sentences(*texts: str) -> dict[tuple[str, str], Sentence]:
    return {("", text): Sentence(text, "", "", "a.py:1") for text in texts}
