"""Pictures and documents. Every file lives under its portal's folder, so that no host serves another's."""

from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from home.tenancy import site_in_scope


def portal_folder(site_id: int) -> str:
    """Folder of a portal under MEDIA_ROOT, without slash: what ``home.views.media`` lets a host see."""
    return f"portail-{site_id}"


class CustomImage(AbstractImage):
    """A picture of one portal, perhaps of one of its merchants."""

    site = models.ForeignKey(
        "wagtailcore.Site", models.PROTECT, default=site_in_scope, editable=False, related_name="+"
    )
    merchant = models.ForeignKey(
        "directory.Merchant", models.SET_NULL, null=True, blank=True, editable=False, related_name="images"
    )
    credit = models.CharField(_("crédit"), max_length=120, blank=True)

    admin_form_fields = ("title", "file", "collection", "description", "credit", "focal_point_x",
                         "focal_point_y", "focal_point_width", "focal_point_height")  # fmt: skip

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = Image._meta.permissions
        # Choosers show the portal's newest first.
        indexes = (models.Index(fields=("site", "-created_at"), name="image_newest_in_portal"),)

    def get_upload_to(self, filename: str) -> str:
        name = Path(filename)
        return f"{portal_folder(self.site_id)}/{super().get_upload_to(name.stem[:60] + name.suffix)}"


class CustomRendition(AbstractRendition):
    image = models.ForeignKey(CustomImage, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        return f"{portal_folder(self.image.site_id)}/{super().get_upload_to(filename)}"


def document_path(document: "CustomDocument", filename: str) -> str:
    return f"{portal_folder(document.site_id)}/documents/{filename}"


class CustomDocument(AbstractDocument):
    site = models.ForeignKey(
        "wagtailcore.Site", models.PROTECT, default=site_in_scope, editable=False, related_name="+"
    )
    merchant = models.ForeignKey(
        "directory.Merchant", models.SET_NULL, null=True, blank=True, editable=False, related_name="documents"
    )

    file = models.FileField(_("fichier"), upload_to=document_path)

    admin_form_fields = ("title", "file", "collection")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = Document._meta.permissions
