"""Whatever changes a story marks its entry stale, in the same transaction."""

from django.db import migrations

MARK = """
CREATE FUNCTION search_mark_stories_of_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO directory_searchstale (kind, object_id)
    SELECT 'story', story.page_ptr_id FROM changed JOIN editorial_storypage story ON story.page_ptr_id = changed.id;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_stories_hidden() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO directory_searchstale (kind, object_id)
    SELECT 'story', story.page_ptr_id
      FROM changed JOIN wagtailcore_page above ON above.id = changed.page_id
      JOIN wagtailcore_page page ON starts_with(page.path, above.path)
      JOIN editorial_storypage story ON story.page_ptr_id = page.id;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_stories_of_merchant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name IS DISTINCT FROM OLD.name THEN
        INSERT INTO directory_searchstale (kind, object_id)
        SELECT 'story', page_id FROM editorial_storymerchant WHERE merchant_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_stories_sorted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        EXECUTE format('INSERT INTO directory_searchstale (kind, object_id)'
                       ' SELECT ''story'', %I FROM %I WHERE %I = $1', TG_ARGV[1], TG_ARGV[0], TG_ARGV[2]) USING NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER search_story_of_section AFTER UPDATE ON editorial_section
    FOR EACH ROW EXECUTE FUNCTION search_mark_stories_sorted('editorial_storypage', 'page_ptr_id', 'section_id');
CREATE TRIGGER search_story_of_series AFTER UPDATE ON editorial_series
    FOR EACH ROW EXECUTE FUNCTION search_mark_stories_sorted('editorial_storypage', 'page_ptr_id', 'series_id');
CREATE TRIGGER search_story_of_tag AFTER UPDATE ON editorial_storytag
    FOR EACH ROW EXECUTE FUNCTION search_mark_stories_sorted('editorial_storytagging', 'content_object_id', 'tag_id');
CREATE TRIGGER search_story_of_author AFTER UPDATE ON editorial_author
    FOR EACH ROW EXECUTE FUNCTION search_mark_stories_sorted('editorial_storyauthor', 'page_id', 'author_id');
CREATE TRIGGER search_story_of_page AFTER UPDATE ON wagtailcore_page
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION search_mark_stories_of_pages();
CREATE TRIGGER search_story_hidden AFTER INSERT ON wagtailcore_pageviewrestriction
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION search_mark_stories_hidden();
CREATE TRIGGER search_story_shown AFTER DELETE ON wagtailcore_pageviewrestriction
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION search_mark_stories_hidden();
CREATE TRIGGER search_story_of_merchant AFTER UPDATE ON directory_merchant
    FOR EACH ROW EXECUTE FUNCTION search_mark_stories_of_merchant();
"""

FORGET = """
DROP TRIGGER search_story_of_author ON editorial_author;
DROP TRIGGER search_story_of_tag ON editorial_storytag;
DROP TRIGGER search_story_of_series ON editorial_series;
DROP TRIGGER search_story_of_section ON editorial_section;
DROP TRIGGER search_story_of_merchant ON directory_merchant;
DROP TRIGGER search_story_shown ON wagtailcore_pageviewrestriction;
DROP TRIGGER search_story_hidden ON wagtailcore_pageviewrestriction;
DROP TRIGGER search_story_of_page ON wagtailcore_page;
DROP FUNCTION search_mark_stories_sorted, search_mark_stories_of_merchant, search_mark_stories_hidden, search_mark_stories_of_pages;
"""

WATCHED = {
    "editorial_storypage": "page_ptr_id",
    "editorial_storymerchant": "page_id",
    "editorial_storyauthor": "page_id",
    "editorial_storytagging": "content_object_id",
}
ACTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def watch(table: str, column: str) -> str:
    return "".join(
        f"CREATE TRIGGER search_story_{act.lower()} AFTER {act} ON {table}"
        f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT"
        f" EXECUTE FUNCTION search_mark('story', '{column}');\n"
        for act, rows in ACTS.items()
    )


def unwatch(table: str) -> str:
    return "".join(f"DROP TRIGGER search_story_{act.lower()} ON {table};\n" for act in ACTS)


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0007_newsletter"),
        ("directory", "0012_search_marks"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunSQL(MARK, FORGET),
        *(migrations.RunSQL(watch(table, column), unwatch(table)) for table, column in WATCHED.items()),
        # Whatever was there before the triggers were.
        migrations.RunSQL(
            "INSERT INTO directory_searchstale (kind, object_id) SELECT 'story', page_ptr_id FROM editorial_storypage",
            migrations.RunSQL.noop,
        ),
    ]
