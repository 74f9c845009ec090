"""Whatever changes a merchant, its page or its hours marks its entry stale, in the same transaction.

Triggers, because rows also change by the thousand, past every model's ``save``. The functions name columns in their
bodies alone, which PostgreSQL reads when they run: a column's type may change without touching them.
``search_mark(kind, column)`` serves other floors' tables too.
"""

from django.db import migrations

MARK = """
CREATE FUNCTION search_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO directory_searchstale (kind, object_id)'
                   ' SELECT DISTINCT %L, %I FROM changed WHERE %I IS NOT NULL', TG_ARGV[0], TG_ARGV[1], TG_ARGV[1]);
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_merchants_of_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO directory_searchstale (kind, object_id)
    SELECT DISTINCT 'merchant', page.merchant_id
      FROM changed JOIN directory_merchantpage page ON page.page_ptr_id = changed.id;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_merchants_sorted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name IS DISTINCT FROM OLD.name THEN
        EXECUTE format('INSERT INTO directory_searchstale (kind, object_id)'
                       ' SELECT ''merchant'', id FROM directory_merchant WHERE %I = $1', TG_ARGV[0]) USING NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER search_merchant_sorted AFTER UPDATE ON directory_category
    FOR EACH ROW EXECUTE FUNCTION search_mark_merchants_sorted('category_id');
CREATE TRIGGER search_merchant_sorted AFTER UPDATE ON directory_sector
    FOR EACH ROW EXECUTE FUNCTION search_mark_merchants_sorted('sector_id');
CREATE TRIGGER search_merchant_of_page AFTER UPDATE ON wagtailcore_page
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION search_mark_merchants_of_pages();
"""

FORGET = """
DROP TRIGGER search_merchant_of_page ON wagtailcore_page;
DROP TRIGGER search_merchant_sorted ON directory_sector;
DROP TRIGGER search_merchant_sorted ON directory_category;
DROP FUNCTION search_mark_merchants_sorted, search_mark_merchants_of_pages, search_mark;
"""

WATCHED = {
    "directory_merchant": "id",
    "directory_merchantpage": "merchant_id",
    "directory_openinghours": "merchant_id",
}
ACTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def watch(table: str, column: str) -> str:
    return "".join(
        f"CREATE TRIGGER search_merchant_{act.lower()} AFTER {act} ON {table}"
        f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT"
        f" EXECUTE FUNCTION search_mark('merchant', '{column}');\n"
        for act, rows in ACTS.items()
    )


def unwatch(table: str) -> str:
    return "".join(f"DROP TRIGGER search_merchant_{act.lower()} ON {table};\n" for act in ACTS)


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0011_search_table"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunSQL(MARK, FORGET),
        *(migrations.RunSQL(watch(table, column), unwatch(table)) for table, column in WATCHED.items()),
        # Whatever was there before the triggers were.
        migrations.RunSQL(
            "INSERT INTO directory_searchstale (kind, object_id) SELECT 'merchant', id FROM directory_merchant",
            migrations.RunSQL.noop,
        ),
    ]
