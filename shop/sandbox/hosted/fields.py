"""Form fields with their label, their hint and what is wrong with them; and the list of all that is."""

from collections.abc import Mapping
from html import escape

from shop.sandbox.errors import Json, Refusal
from shop.sandbox.forms import read_form
from shop.sandbox.hosted.markup import Words
from shop.sandbox.messages import Request


def read_typed(request: Request) -> Json:
    """What the form says; nothing when it cannot be read."""
    try:
        return read_form(request.body.decode("utf-8"))
    except (UnicodeDecodeError, Refusal):
        return {}


def field(
    name: str, attributes: str, values: Mapping[str, str], errors: Mapping[str, str], words: Words
) -> str:
    """One labelled field; `errors` holds the key of the sentence that goes beside it."""
    value = "" if name == "cvc" else values.get(name, "")
    error, hint = errors.get(name), words.get(f"{name}_hint")
    return (
        f'<div class="field field-{name.replace("_", "-")}"><label for="{name}">{escape(words[name])}</label>'
        + (f'<p class="hint" id="{name}-hint">{escape(hint)}</p>' if hint else "")
        + f'<input id="{name}" name="{name}" value="{escape(value)}" required {attributes}'
        + f"{marks(name, has_hint=bool(hint), has_error=bool(error))}>"
        + (f'<p class="error" id="{name}-error">{escape(words[error])}</p>' if error else "")
        + "</div>"
    )


def marks(name: str, *, has_hint: bool, has_error: bool) -> str:
    """What ties a field to its hint and its error, for those who cannot see that they stand together."""
    parts = [part for part, is_there in (("hint", has_hint), ("error", has_error)) if is_there]
    described = " ".join(f"{name}-{part}" for part in parts)
    return (f' aria-describedby="{described}"' if described else "") + (
        ' aria-invalid="true"' if has_error else ""
    )


def summary(errors: Mapping[str, str], words: Words, *, title: str = "errors") -> str:
    """What is wrong, first on the page and with a link to each field; nothing when nothing is."""
    if not errors:
        return ""
    items = "".join(f'<li><a href="#{name}">{escape(words[key])}</a></li>' for name, key in errors.items())
    return f'<div class="errors" role="alert"><h2>{escape(words[title])}</h2><ul>{items}</ul></div>'
