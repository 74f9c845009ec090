"""What an order was credited to when it was placed stays so, whoever writes to the table."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION shop_order_credit_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the credit of an order was settled when it was placed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER order_credit_is_frozen BEFORE UPDATE ON shop_order FOR EACH ROW
    WHEN ((OLD.credit_source, OLD.credit_id) IS DISTINCT FROM (NEW.credit_source, NEW.credit_id))
    EXECUTE FUNCTION shop_order_credit_is_frozen();
"""
NOT_FROZEN = """
DROP TRIGGER order_credit_is_frozen ON shop_order;
DROP FUNCTION shop_order_credit_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0020_orders_are_credited")]

    operations = [migrations.RunSQL(FROZEN, NOT_FROZEN)]
