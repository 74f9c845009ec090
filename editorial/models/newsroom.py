"""Who writes, and how the Journal sorts what it prints: authors, sections, series, tags. Each portal has its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase
from wagtail.models import Orderable

from home.tenancy import portal_manager, site_in_scope


class Author(models.Model):
    """Somebody who signs stories."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=120, help_text=_("Comme il se lit sous le titre."))
    slug = models.SlugField(_("adresse"), max_length=120)
    role = models.CharField(
        _("rôle"), max_length=80, blank=True, help_text=_("Par exemple\u00a0: journaliste, photographe.")
    )
    photo = models.ForeignKey(
        "home.CustomImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
    )
    bio = models.TextField(
        _("quelques mots"),
        max_length=600,
        blank=True,
        help_text=_("Deux ou trois phrases, pour les lecteurs."),
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("auteur")
        verbose_name_plural = _("auteurs")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("site", "slug"),
                name="author_slug_unique_in_portal",
                violation_error_message=_("Cette adresse est déjà celle d’une autre signature."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """A part of the newspaper: « Portraits », « À table »."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=60)
    slug = models.SlugField(_("adresse"), max_length=60)
    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = portal_manager()

    class Meta:
        verbose_name = _("rubrique")
        verbose_name_plural = _("rubriques")
        ordering = ("sort_order", "name")
        constraints = (
            models.UniqueConstraint(
                fields=("site", "slug"),
                name="section_slug_unique_in_portal",
                violation_error_message=_("Cette adresse est déjà celle d’une autre rubrique."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """Stories that are read one after another."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    title = models.CharField(_("titre"), max_length=120)
    slug = models.SlugField(_("adresse"), max_length=120)
    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    planned_parts = models.PositiveSmallIntegerField(
        _("nombre de parties prévues"),
        null=True,
        blank=True,
        help_text=_("Vide\u00a0: on compte celles qui ont paru."),
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("série")
        verbose_name_plural = _("séries")
        ordering = ("title",)
        constraints = (
            models.UniqueConstraint(
                fields=("site", "slug"),
                name="series_slug_unique_in_portal",
                violation_error_message=_("Cette adresse est déjà celle d’une autre série."),
            ),
        )

    def __str__(self) -> str:
        return self.title


class StoryTag(TagBase):
    """A word that readers follow. Taggit's own tags are every portal's; these are one's."""

    site = models.ForeignKey(
        "wagtailcore.Site", models.PROTECT, default=site_in_scope, editable=False, related_name="+"
    )
    name = models.CharField(_("mot-clé"), max_length=100)
    slug = models.SlugField(_("adresse"), max_length=100)

    objects = portal_manager()

    class Meta:
        verbose_name = _("mot-clé")
        verbose_name_plural = _("mots-clés")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("site", "slug"), name="story_tag_slug_unique_in_portal"),
            models.UniqueConstraint(fields=("site", "name"), name="story_tag_name_unique_in_portal"),
        )


class StoryTagging(ItemBase):
    """A story under a tag: part of the story's revisions, found through it."""

    content_object = ParentalKey("editorial.StoryPage", on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(StoryTag, models.CASCADE, related_name="taggings", verbose_name=_("mot-clé"))

    class Meta:
        verbose_name = _("mot-clé de l’histoire")
        verbose_name_plural = _("mots-clés de l’histoire")


class StoryAuthor(Orderable):
    """Whose name stands under a story's headline, in which order: part of the story's revisions, found through it.

    Nobody of a portal deletes an author (``editorial.viewsets``); Wagtail's revisions know no other way than CASCADE of
    saying that a row is gone.
    """

    page = ParentalKey("editorial.StoryPage", on_delete=models.CASCADE, related_name="story_authors")
    author = models.ForeignKey(Author, models.CASCADE, related_name="story_links", verbose_name=_("auteur"))

    class Meta(Orderable.Meta):
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")

    def __str__(self) -> str:
        return str(self.author)
