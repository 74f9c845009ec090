"""Amounts in templates. A missing amount prints nothing."""

from django import template

from home import money

register = template.Library()


@register.filter
def cad(cents: int | None) -> str:
    """``{{ order.total_cents|cad }}``: 1 234,50 $."""
    return "" if cents is None else money.cad(int(cents))


@register.filter
def dollars(cents: int | None) -> str:
    """The large numerals of a price tag."""
    return "" if cents is None else money.dollars(int(cents))


@register.filter
def cents_part(cents: int | None) -> str:
    """The raised numerals of a price tag."""
    return "" if cents is None else money.cents_part(int(cents))


@register.filter
def cad_parts(cents: int | None) -> dict[str, str]:
    """``{% with parts=cents|cad_parts %}``: ``dollars`` and ``cents`` of a price tag."""
    return {"dollars": dollars(cents), "cents": cents_part(cents)}
