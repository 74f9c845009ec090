"""Bylines and sections that stood in stories as words become rows, and go back to words when this is undone.

Revisions say the same: a draft that waits keeps its byline and its section. A sponsor that was named without the mark
gets the mark.
"""

from django.db import migrations
from django.utils.text import slugify


def rows_from_words(apps, schema_editor):
    story, revisions = apps.get_model("editorial", "StoryPage"), _revisions(apps)
    found = Rows(apps)
    for page in story.objects.order_by("pk"):
        site_pk = found.site_of(page.url_path)
        if page.old_section:
            page.section_id = found.section(site_pk, page.old_section)
        if page.sponsor and not page.sponsored:
            page.sponsored = True
        page.save(update_fields=["section", "sponsored"])
        if page.old_byline:
            author = found.author(site_pk, page.old_byline)
            found.signatures.objects.create(page_id=page.pk, author_id=author, sort_order=0)
        for revision in revisions.filter(object_id=str(page.pk)):
            revision.content = _with_rows(revision.content, found, site_pk, page.pk)
            revision.save(update_fields=["content"])


def words_from_rows(apps, schema_editor):
    story, revisions = apps.get_model("editorial", "StoryPage"), _revisions(apps)
    authors = dict(apps.get_model("editorial", "Author").objects.values_list("pk", "name"))
    sections = dict(apps.get_model("editorial", "Section").objects.values_list("pk", "name"))
    signed = apps.get_model("editorial", "StoryAuthor").objects.order_by("sort_order", "pk")
    for page in story.objects.order_by("pk"):
        names = [authors[key] for key in signed.filter(page_id=page.pk).values_list("author_id", flat=True)]
        page.old_byline, page.old_section = _byline(names), sections.get(page.section_id, "")
        page.save(update_fields=["old_byline", "old_section"])
        for revision in revisions.filter(object_id=str(page.pk)):
            revision.content = _with_words(revision.content, authors, sections)
            revision.save(update_fields=["content"])
    story.objects.update(section=None)
    # Nothing points at them any more; Django's cascade would not know the models of this moment as one another's.
    for name in ("StoryAuthor", "Author", "Section"):
        rows = apps.get_model("editorial", name).objects.order_by()
        rows._raw_delete(schema_editor.connection.alias)  # noqa: SLF001


def _revisions(apps):
    kind = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="editorial", model="storypage")
    return apps.get_model("wagtailcore", "Revision").objects.filter(content_type__in=kind).order_by("pk")


def _with_rows(content, found, site_pk, page_pk):
    content = dict(content)
    byline, section = content.pop("byline", ""), content.pop("section", "")
    content["section"] = found.section(site_pk, section) if section else None
    author = found.author(site_pk, byline) if byline else None
    content["story_authors"] = (
        [{"pk": None, "sort_order": 0, "page": page_pk, "author": author}] if author else []
    )
    content["sponsored"] = bool(content.get("sponsored") or content.get("sponsor"))
    return content


def _with_words(content, authors, sections):
    content = dict(content)
    signed = content.pop("story_authors", [])
    content["byline"] = _byline([authors[row["author"]] for row in signed if row["author"] in authors])
    content["section"] = sections.get(content.get("section"), "")
    return content


def _byline(names):
    return " et ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))[:120]


class Rows:
    """Authors and sections of each portal by their words, made when they are first met."""

    def __init__(self, apps):
        self.authors = apps.get_model("editorial", "Author")
        self.sections = apps.get_model("editorial", "Section")
        self.signatures = apps.get_model("editorial", "StoryAuthor")
        self.sites = list(apps.get_model("wagtailcore", "Site").objects.select_related("root_page"))
        self.known = {}

    def site_of(self, url_path):
        """A story under no portal (somebody took its site away) keeps its words at the first one."""
        under = [site for site in self.sites if url_path.startswith(site.root_page.url_path)]
        site = max(under, key=lambda site: len(site.root_page.url_path), default=None)
        return (site or min(self.sites, key=lambda site: (not site.is_default_site, site.pk))).pk

    def author(self, site_pk, name):
        return self._row(self.authors, site_pk, name)

    def section(self, site_pk, name):
        return self._row(self.sections, site_pk, name)

    def _row(self, model, site_pk, name):
        key = (model, site_pk, name)
        if key not in self.known:
            slug = self._free_slug(model, site_pk, slugify(name)[:50] or "journal")
            self.known[key] = model.objects.create(site_id=site_pk, name=name, slug=slug).pk
        return self.known[key]

    @staticmethod
    def _free_slug(model, site_pk, slug):
        taken = set(model.objects.filter(site_id=site_pk, slug__startswith=slug).values_list("slug", flat=True))
        return next(each for each in [slug, *(f"{slug}-{n}" for n in range(2, 10_000))] if each not in taken)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
        ("editorial", "0003_authors_sections_series_and_tags"),
    ]

    operations = [migrations.RunPython(rows_from_words, words_from_rows)]
