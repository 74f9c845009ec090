"""Phone numbers in templates: shown nationally, linked in E.164."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def national(phone: Any) -> str:
    """``{{ merchant.phone|national }}``: 418 555-0123. What is no number is shown as it was typed."""
    if not phone:
        return ""
    digits = str(getattr(phone, "as_e164", phone))
    if digits.startswith("+1") and len(digits) == 12 and digits[1:].isdigit():
        return f"{digits[2:5]}\u00a0{digits[5:8]}-{digits[8:]}"
    return str(getattr(phone, "as_national", phone))


@register.filter
def e164(phone: Any) -> str:
    """``href="tel:{{ merchant.phone|e164 }}"``: +14185550123."""
    return str(getattr(phone, "as_e164", phone) or "")
