"""One form of each kind of question: as it is asked, and as it comes back with something to correct."""

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

REMISES = (("pickup", "Cueillette, gratuite"), ("delivery", "Livraison, 6,00 $"))
SECTORS = (("", "Choisissez"), ("vieux-levis", "Vieux-Lévis"), ("st-romuald", "Saint-Romuald"))


class QuestionsForm(forms.Form):
    """Never read: it is only shown."""

    nom = forms.CharField(label="Votre nom", help_text="Pour vous appeler au comptoir.", max_length=60)
    courriel = forms.EmailField(
        label="Courriel", required=False, widget=forms.EmailInput({"autocomplete": "off"})
    )
    quantite = forms.IntegerField(label="Quantité", min_value=1, max_value=12, initial=1)
    secteur = forms.ChoiceField(label="Secteur", choices=SECTORS)
    remise = forms.ChoiceField(label="Comment l’avoir", choices=REMISES, widget=forms.RadioSelect)
    mot = forms.CharField(label="Un mot pour la boutique", required=False, widget=forms.Textarea({"rows": 3}))
    photo = forms.FileField(label="Photo", required=False)
    accord = forms.BooleanField(label="J’ai lu les conditions de vente, retours et échanges compris.")


def asked() -> QuestionsForm:
    return QuestionsForm(auto_id="pose_%s")


def to_correct() -> QuestionsForm:
    """Everything that can be wrong is, and a sentence about the whole besides."""
    answers = {
        "nom": "M" * 61,
        "courriel": "marie@",
        "quantite": "40",
        "secteur": "",
        "mot": "Sans sucre, svp",
    }
    form = QuestionsForm(
        answers,
        MultiValueDict({"photo": [SimpleUploadedFile("photo.heic", b"")]}),
        auto_id="corrige_%s",
        use_required_attribute=False,
    )
    form.full_clean()
    form.add_error(None, "Cette plage de cueillette vient d’être prise : choisissez-en une autre.")
    return form
