"""What staff say of a directory file: whose it is, what its columns hold, where its categories go."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.importing.columns import LABELS, LEFT_ASIDE, folded_heading
from directory.importing.entries import Reader
from directory.importing.rows import DirectoryFile
from directory.importing.town_file import WHERE, TownFile
from directory.importing.trades import folded_label
from directory.importing.words import plain
from directory.models import Category

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 5
MOST_LABELS = 40
"""Categories asked about at once; a file that has more in no known words has its categories in another column."""
ROWS_LOOKED_AT = 50_000


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or a few."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [super(FilesField, self).clean(file, initial) for file in (data or [None])]
        if len(files) > MOST_FILES:
            raise ValidationError(_("Cinq fichiers au plus à la fois."))
        if sum(file.size for file in files) > MOST_BYTES:
            raise ValidationError(
                _("Trop lourd\u00a0: 20\u00a0Mo au plus. L’exploitant peut importer un plus gros fichier.")
            )
        return files


class UploadForm(forms.Form):
    source = forms.CharField(
        label=gettext_lazy("D’où vient la liste"),
        max_length=80,
        initial=gettext_lazy("Répertoire de la Ville"),
        widget=forms.TextInput({"list": "sources", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "On le lit sur chaque fiche. Pour une liste plus récente, gardez le même nom\u00a0: ses colonnes sont "
            "connues, et seules les nouveautés sont inscrites."
        ),
        error_messages={
            "required": gettext_lazy(
                "Écrivez d’où vient la liste, comme «\u00a0Répertoire de la Ville\u00a0»."
            )
        },
    )
    upload = FilesField(
        label=gettext_lazy("Le fichier"),
        widget=SeveralFiles({"accept": ".csv,.txt,.tsv,.json,.zip"}),
        help_text=gettext_lazy(
            "CSV, extrait d’OpenStreetMap (JSON), ou les trois fichiers du registre des entreprises ensemble. "
            "20\u00a0Mo au plus."
        ),
        error_messages={
            "required": gettext_lazy("Choisissez le fichier de la liste."),
            "empty": gettext_lazy("Ce fichier est vide."),
        },
    )

    def clean_source(self) -> str:
        return plain(self.cleaned_data["source"])


class MappingForm(forms.Form):
    """One choice for each column, and for each category of the file that the portal does not know."""

    def __init__(self, file: DirectoryFile, reader: Reader, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.headings = file.headings if isinstance(file, TownFile) else []
        guessed = file.columns if isinstance(file, TownFile) else {}
        for number, heading in enumerate(self.headings):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=heading[:60] or _("(sans titre)"),
                choices=[(LEFT_ASIDE, _("(laissée de côté)")), *LABELS.items()],
                initial=guessed.get(folded_heading(heading), LEFT_ASIDE),
                required=False,
            )
        self.labels = unknown_labels(file.rows(), reader)
        choices = [("", _("(d’après le nom du commerce)")), *Category.objects.values_list("pk", "name")]
        for number, (label, count) in enumerate(self.labels):
            self.fields[f"category_{number}"] = forms.ChoiceField(
                label=f"{label[:60]} ({count})", choices=choices, required=False
            )

    @property
    def columns(self) -> list[Any]:
        return [self[f"column_{number}"] for number in range(len(self.headings))]

    @property
    def categories(self) -> list[Any]:
        return [self[f"category_{number}"] for number in range(len(self.labels))]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = [cleaned.get(f"column_{number}", LEFT_ASIDE) for number in range(len(self.headings))]
        for field, count in Counter(filter(None, chosen)).items():
            if count > 1:
                last = len(chosen) - 1 - chosen[::-1].index(field)
                words = _("Deux colonnes ne peuvent pas donner la même chose\u00a0: %(what)s.")
                self.add_error(f"column_{last}", words % {"what": LABELS[field]})
        if self.headings and "name" not in chosen:
            self.add_error(None, _("Dites quelle colonne donne le nom du commerce."))
        if self.headings and not WHERE & set(chosen):
            self.add_error(None, _("Dites quelle colonne donne l’adresse, le secteur ou le code postal."))
        return cleaned

    def said_columns(self) -> dict[str, str]:
        """By folded heading, to be remembered."""
        return {
            folded_heading(heading): self.cleaned_data[f"column_{number}"]
            for number, heading in enumerate(self.headings)
            if folded_heading(heading)
        }

    def said_categories(self) -> dict[str, int]:
        """By folded label, those that were chosen."""
        chosen = {
            folded_label(label): self.cleaned_data[f"category_{number}"]
            for number, (label, _count) in enumerate(self.labels)
        }
        return {label: int(pk) for label, pk in chosen.items() if pk}


def unknown_labels(rows: Iterable[Any], reader: Reader) -> list[tuple[str, int]]:
    """The categories of the file that mean none of the portal's, the most frequent first, and how often."""
    found: Counter[str] = Counter()
    for row in islice(rows, ROWS_LOOKED_AT):
        label = plain(row.cells.get("category", ""))[:120]
        if label and len(found) < 20 * MOST_LABELS and reader.trades.of_label(label) is None:
            found[label] += 1
    return found.most_common(MOST_LABELS)
