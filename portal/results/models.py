"""The weekly letter « ce que votre page a fait »: one a week for each owner, and who wants none."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager


class ResultsLetter(models.Model):
    """A week that was told to an owner, with its figures as they stood when the letter was put in the outbox.

    ``figures``: what ``portal.results.freezing`` keeps. ``is_quiet``: there was nothing to tell but how to be seen.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    place = models.ForeignKey("directory.Membership", models.CASCADE, related_name="results_letters")
    first = models.DateField(_("semaine du"), help_text="A Monday.")
    is_quiet = models.BooleanField(default=False)
    is_posted = models.BooleanField(default=False, help_text="False: the week was settled without a letter.")
    figures = models.JSONField()
    put_at = models.DateTimeField()

    objects = portal_manager()

    class Meta:
        verbose_name = _("lettre de résultats")
        verbose_name_plural = _("lettres de résultats")
        ordering = ("-first", "pk")
        constraints = (
            models.UniqueConstraint(fields=("place", "first"), name="results_told_once_a_week"),
            models.CheckConstraint(condition=models.Q(first__iso_week_day=1), name="results_week_is_a_week"),
        )

    def __str__(self) -> str:
        return f"{self.place_id} {self.first}"


class ResultsStop(models.Model):
    """An owner who wants no such letter about that merchant any more."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    place = models.OneToOneField("directory.Membership", models.CASCADE, related_name="results_stop")
    stopped_at = models.DateTimeField(_("arrêtée le"))

    objects = portal_manager()

    class Meta:
        verbose_name = _("lettre de résultats arrêtée")
        verbose_name_plural = _("lettres de résultats arrêtées")

    def __str__(self) -> str:
        return f"{self.place_id}"
