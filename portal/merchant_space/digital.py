"""A product that is a file: the one screen where its merchant gives or replaces it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from portal.merchant_space.access import Desk
from portal.merchant_space.form_fields import DeskForm
from portal.merchant_space.hours import form_view
from portal.merchant_space.products import back_to, change_all, product_or_404, said
from portal.merchant_space.screens import selling_desk_or_404, show_form
from shop import catalogue
from shop.files import BEGINNINGS, NotSellable, checked
from shop.models import Product


class FileForm(DeskForm):
    file = forms.FileField(
        label=gettext_lazy("Le fichier"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ",".join(f".{ending}" for ending in BEGINNINGS)}),
        help_text=gettext_lazy("PDF, EPUB, ZIP, MP3, JPG ou PNG, 50\u00a0Mo au plus."),
        error_messages={
            "required": gettext_lazy("Choisissez le fichier que les gens recevront."),
            "invalid": gettext_lazy("Choisissez le fichier que les gens recevront."),
        },
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        try:
            checked(upload)
        except NotSellable as refusal:
            raise forms.ValidationError(refusal.reason) from refusal
        return upload


@never_cache
@login_required
@form_view
def product_file(request: HttpRequest, merchant_slug: str, product_pk: int) -> HttpResponse:
    """Who has bought it, and who buys it, downloads this file."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = product_or_404(desk, product_pk)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    job = back_to(row, _("Le fichier à télécharger"), lead=_lead(row))
    if form.is_bound and form.is_valid():
        problems = change_all(desk, row, lambda: _keep(desk, row, form.cleaned_data["file"]))
        if problems:
            row.digital_file.delete(save=False)
        return said(request, desk, row, form, job, problems)
    return show_form(request, desk, form, job)


@transaction.atomic
def _keep(desk: Desk, row: Product, upload: Any) -> None:
    before = {"kind": row.kind}
    name = catalogue.set_file(row, upload)
    desk.note("product.file", row, before=before, after={"kind": row.kind, "file": name})


def _lead(row: Product) -> str:
    if row.digital_file:
        return _("Le nouveau prend la place de l’ancien, aussi pour qui l’a déjà acheté.")
    return _("Les gens le reçoivent dès qu’ils ont payé\u00a0: ni stock, ni cueillette.")
