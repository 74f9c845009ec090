"""What is found: one row per thing that may be found, the words of the portal, and what the Journal knows of words.

``SearchEntry`` and ``SearchWord`` are derived, by ``directory.searching``, from rows of every floor: nothing of them
is anybody's work, and ``manage.py rebuild_search`` makes all of them again.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from directory.distances import mercator_point
from directory.enums import SearchKind
from directory.folding import folded
from directory.searching.words import plain_text
from home.tenancy import portal_manager


class SearchEntry(models.Model):
    """One merchant, product or story that may be found, as ``directory.searching.entries`` tells it.

    It may be a second or two old: whoever reads it joins the row itself, which says whether it may be seen now. Derived
    as it is, it holds nobody back: its references are no constraints of the database.
    """

    site = models.ForeignKey(
        "wagtailcore.Site", models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=8, choices=SearchKind)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=255)
    folded_title = models.TextField()
    words = ArrayField(
        models.TextField(), help_text="Every different word of it, as typed words are told apart."
    )
    document = SearchVectorField()
    worth = models.SmallIntegerField(
        default=0, help_text="0 to 100: how much a page has to tell. Never by plan or tier."
    )
    doubt = models.SmallIntegerField(
        db_default=0,
        help_text="How little anybody vouches for it: 0, 1 where its worth is lowered, 2 where it has none left.",
    )
    merchant = models.ForeignKey(
        "directory.Merchant", models.CASCADE, null=True, related_name="+", db_constraint=False,
        help_text="Itself, or who sells it.",
    )  # fmt: skip
    category = models.ForeignKey(
        "directory.Category",
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    sector = models.ForeignKey(
        "directory.Sector", models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("entrée de la recherche")
        verbose_name_plural = _("entrées de la recherche")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("kind", "object_id"), name="found_as_one_entry"),)
        indexes = (
            GinIndex(fields=("document",), name="search_by_words", fastupdate=False),
            models.Index(fields=("site", "kind", "-worth", "object_id"), name="search_by_worth"),
            models.Index(
                F("site"), OpClass(F("folded_title"), "text_pattern_ops"), name="search_by_title_begun"
            ),
            GistIndex(mercator_point(F("longitude"), F("latitude")), name="search_by_place"),
        )

    def __str__(self) -> str:
        return self.title


class IndexedEntry(index.Indexed, SearchEntry):
    """An entry as an engine beside PostgreSQL is told it (``directory.searching.opensearch``).

    Wagtail keeps what is Indexed in its own search too, at each save, and at each deletion looks for it there. An entry
    is nothing for that: here, and not in ``SearchEntry``, it is Indexed, without signals, and no object is.
    """

    search_auto_update = False
    search_fields: ClassVar[list[Any]] = [
        index.SearchField("title_words", boost=3),
        index.SearchField("all_words"),
        index.FilterField("site"),
        index.FilterField("kind"),
        index.FilterField("worth"),
    ]

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("entrée de la recherche")
        verbose_name_plural = _("entrées de la recherche")

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet[Any]:
        """None: ``update_index`` is for Wagtail's own search."""
        return models.QuerySet(cls).none()

    def title_words(self) -> str:
        return plain_text(self.title)

    def all_words(self) -> str:
        return " ".join(self.words)


class SearchWord(models.Model):
    """A word of a portal's entries, and in how many of them: what a mistyped word is corrected to."""

    site = models.ForeignKey(
        "wagtailcore.Site", models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    word = models.CharField(
        max_length=40, help_text="In its plain form, as ``directory.searching.words`` has it."
    )
    shown = models.CharField(max_length=60, help_text="As somebody wrote it, with its accents.")
    stem = models.CharField(max_length=40, help_text="As PostgreSQL cuts it.")
    uses = models.IntegerField(default=0)
    misspelt = ArrayField(
        models.TextField(), help_text="The word with a letter or two left out: a mistyped one meets it there."
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("mot du portail")
        verbose_name_plural = _("mots du portail")
        ordering = ("word", "pk")
        constraints = (models.UniqueConstraint(fields=("site", "word"), name="word_counted_once"),)
        indexes = (
            GinIndex(fields=("misspelt",), name="word_by_what_is_left", fastupdate=False),
            models.Index(F("site"), OpClass(F("word"), "text_pattern_ops"), name="word_by_its_beginning"),
            models.Index(fields=("site", "stem"), name="word_by_its_stem"),
        )

    def __str__(self) -> str:
        return self.word


class SearchStale(models.Model):
    """What has changed since its entry was told. Triggers write it, in the act's own transaction.

    Rows are only added, and none is unique: nobody ever waits for another here.
    """

    kind = models.CharField(max_length=8, choices=SearchKind)
    object_id = models.BigIntegerField()
    is_told = models.BooleanField(
        db_default=False, help_text="Its entry is right again; a search engine is still to be sent it."
    )

    class Meta:
        verbose_name = _("entrée à refaire")
        verbose_name_plural = _("entrées à refaire")

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SearchSynonym(models.Model):
    """Who looks for the one also means the others: « char » also finds « auto » and « garage »."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    words = models.CharField(_("quand on cherche"), max_length=80)
    means = models.CharField(_("chercher aussi"), max_length=300)
    folded_words = models.GeneratedField(
        expression=folded("words"), output_field=models.TextField(), db_persist=True
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("synonyme de la recherche")
        verbose_name_plural = _("synonymes de la recherche")
        ordering = ("words", "pk")
        constraints = (models.UniqueConstraint(fields=("site", "folded_words"), name="synonym_stated_once"),)

    def __str__(self) -> str:
        return f"{self.words} → {self.means}"


class SearchPick(models.Model):
    """A page of the portal, shown above what the search finds for these words. Never sold, never by plan."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    words = models.CharField(_("mots cherchés"), max_length=80)
    page = models.ForeignKey(
        "wagtailcore.Page", models.CASCADE, related_name="+", verbose_name=_("page à montrer en premier")
    )
    reason = models.CharField(_("pourquoi, en une phrase"), max_length=160, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    folded_words = models.GeneratedField(
        expression=folded("words"), output_field=models.TextField(), db_persist=True
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("coup de pouce à la recherche")
        verbose_name_plural = _("coups de pouce à la recherche")
        ordering = ("words", "sort_order", "pk")
        constraints = (
            models.UniqueConstraint(fields=("site", "words", "page"), name="search_pick_stated_once"),
        )

    def __str__(self) -> str:
        return f"{self.words} → {self.page}"
