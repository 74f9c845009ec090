"""Whatever changes a product marks its entry stale, and its seller's, in the same transaction.

Stock is the hot row of every sale: of it only the last unit sold and the first one put back are told.
"""

from django.db import migrations

MARK = """
CREATE FUNCTION search_mark_products_of_variant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.on_hand > 0) = (OLD.on_hand > 0) AND NEW.is_active = OLD.is_active THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO directory_searchstale (kind, object_id) VALUES ('product', COALESCE(NEW.product_id, OLD.product_id));
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_products_of_merchant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.name, NEW.category_id, NEW.sector_id, NEW.tier, NEW.latitude, NEW.longitude,
            NEW.suspended_at IS NULL, NEW.removed_at IS NULL)
        IS DISTINCT FROM (OLD.name, OLD.category_id, OLD.sector_id, OLD.tier, OLD.latitude, OLD.longitude,
            OLD.suspended_at IS NULL, OLD.removed_at IS NULL) THEN
        INSERT INTO directory_searchstale (kind, object_id)
        SELECT 'product', id FROM shop_product WHERE merchant_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_products_of_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.live IS DISTINCT FROM OLD.live THEN
        INSERT INTO directory_searchstale (kind, object_id)
        SELECT 'product', product.id
          FROM directory_merchantpage page JOIN shop_product product ON product.merchant_id = page.merchant_id
         WHERE page.page_ptr_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_products_sorted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name IS DISTINCT FROM OLD.name THEN
        EXECUTE format('INSERT INTO directory_searchstale (kind, object_id)'
                       ' SELECT ''product'', product.id FROM shop_product product'
                       ' JOIN directory_merchant merchant ON merchant.id = product.merchant_id'
                       ' WHERE merchant.%I = $1', TG_ARGV[0]) USING NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_products_tagged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name IS DISTINCT FROM OLD.name THEN
        INSERT INTO directory_searchstale (kind, object_id)
        SELECT 'product', content_object_id FROM shop_producttag WHERE tag_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_merchants_who_deliver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO directory_searchstale (kind, object_id)
    SELECT 'merchant', merchant_id FROM shop_shop WHERE id = COALESCE(NEW.shop_id, OLD.shop_id);
    RETURN NULL;
END $$;

CREATE TRIGGER search_product_of_variant AFTER INSERT OR UPDATE OR DELETE ON shop_variant
    FOR EACH ROW EXECUTE FUNCTION search_mark_products_of_variant();
CREATE TRIGGER search_product_of_merchant AFTER UPDATE ON directory_merchant
    FOR EACH ROW EXECUTE FUNCTION search_mark_products_of_merchant();
CREATE TRIGGER search_product_of_page AFTER UPDATE ON wagtailcore_page
    FOR EACH ROW EXECUTE FUNCTION search_mark_products_of_pages();
CREATE TRIGGER search_product_sorted AFTER UPDATE ON directory_category
    FOR EACH ROW EXECUTE FUNCTION search_mark_products_sorted('category_id');
CREATE TRIGGER search_product_sorted AFTER UPDATE ON directory_sector
    FOR EACH ROW EXECUTE FUNCTION search_mark_products_sorted('sector_id');
CREATE TRIGGER search_product_tagged AFTER UPDATE ON taggit_tag
    FOR EACH ROW EXECUTE FUNCTION search_mark_products_tagged();
CREATE TRIGGER search_merchant_delivers AFTER INSERT OR UPDATE OR DELETE ON shop_deliveryzone
    FOR EACH ROW EXECUTE FUNCTION search_mark_merchants_who_deliver();
CREATE TRIGGER search_merchant_delivers AFTER INSERT OR UPDATE OR DELETE ON shop_shippingrate
    FOR EACH ROW EXECUTE FUNCTION search_mark_merchants_who_deliver();
"""

FORGET = """
DROP TRIGGER search_merchant_delivers ON shop_shippingrate;
DROP TRIGGER search_merchant_delivers ON shop_deliveryzone;
DROP TRIGGER search_product_tagged ON taggit_tag;
DROP TRIGGER search_product_sorted ON directory_sector;
DROP TRIGGER search_product_sorted ON directory_category;
DROP TRIGGER search_product_of_page ON wagtailcore_page;
DROP TRIGGER search_product_of_merchant ON directory_merchant;
DROP TRIGGER search_product_of_variant ON shop_variant;
DROP FUNCTION search_mark_merchants_who_deliver, search_mark_products_tagged, search_mark_products_sorted,
    search_mark_products_of_pages, search_mark_products_of_merchant, search_mark_products_of_variant;
"""

WATCHED = (
    ("shop_product", "product", "id"),
    ("shop_product", "merchant", "merchant_id"),
    ("shop_productphoto", "product", "product_id"),
    ("shop_producttag", "product", "content_object_id"),
)
ACTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def watch(table: str, kind: str, column: str) -> str:
    return "".join(
        f"CREATE TRIGGER search_{kind}_{act.lower()} AFTER {act} ON {table}"
        f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT"
        f" EXECUTE FUNCTION search_mark('{kind}', '{column}');\n"
        for act, rows in ACTS.items()
    )


def unwatch(table: str, kind: str) -> str:
    return "".join(f"DROP TRIGGER search_{kind}_{act.lower()} ON {table};\n" for act in ACTS)


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0016_language_of_checkouts"),
        ("directory", "0012_search_marks"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunSQL(MARK, FORGET),
        *(migrations.RunSQL(watch(*watched), unwatch(*watched[:2])) for watched in WATCHED),
        # Whatever was there before the triggers were.
        migrations.RunSQL(
            "INSERT INTO directory_searchstale (kind, object_id) SELECT 'product', id FROM shop_product",
            migrations.RunSQL.noop,
        ),
    ]
