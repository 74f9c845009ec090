"""The picture that goes with a story wherever its address is passed on."""

from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from editorial.models.stories import StoryPage
from home.tenancy import portal_manager


class StoryShare(models.Model):
    """The picture made for a published story: derived (``editorial.share_pictures``), no part of its revisions."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    page = models.OneToOneField(StoryPage, models.CASCADE, related_name="shared_as")
    file = models.CharField(max_length=200, help_text="Name in the storage, under the portal's folder.")
    frame = models.CharField(max_length=12, help_text="Digest of the portal's look when it was made.")
    made_at = models.DateTimeField()

    objects = portal_manager()

    class Meta:
        verbose_name = _("image de partage")
        verbose_name_plural = _("images de partage")
        constraints = (models.UniqueConstraint(fields=("file",), name="share_picture_has_its_own_file"),)

    def __str__(self) -> str:
        return self.file

    @property
    def url(self) -> str:
        """From the host's root."""
        return str(default_storage.url(self.file))
