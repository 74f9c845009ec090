"""`/style/`: the look on one page. Only while developing and in a demo; 404 in production."""

import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import Context, engines
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from home.context_processors import frame_of
from portal.style_page import things, tokens
from portal.style_page.exhibits import ELSEWHERE, SHOWN
from portal.style_page.states import State, States, Town

THEMES = {"clair": "light", "sombre": "dark"}
_OWN_REFERENCE = re.compile(r'\b(id|for|aria-labelledby|aria-describedby)="([^"]+)"')
_OWN_LINK = re.compile(r'href="#([^"]+)"')


@never_cache
@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    """Raises Http404 where this is neither a demo nor somebody's own machine."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    frame, sectors = frame_of(request), things.sectors_of_town()
    town = Town(frame["portal"], frame["site_nav"], sectors, things.picture_of_town())
    context = {
        "theme": THEMES.get(request.GET.get("theme", ""), ""),
        "tokens": tokens,
        "icons": tokens.icons(),
        "sectors": sectors,
        "exhibits": [_hung(states_of, town, number, request) for number, states_of in enumerate(SHOWN)],
        "elsewhere": ELSEWHERE,
    }
    return render(request, "portal/style_page.html", context)


def _hung(states_of: States, town: Town, number: int, request: HttpRequest) -> dict[str, Any]:
    """The component's own template with each of its states, as an ``include … only`` renders it."""
    component = states_of.__name__
    template = engines["django"].get_template(f"components/{component}.html").template  # type: ignore[attr-defined]
    states = [
        {
            "label": state.label,
            "narrow": state.narrow,
            "within": state.within,
            "html": _apart(template.render(_given(state, request)), f"{number}-{place}"),
        }
        for place, state in enumerate(states_of(town))
    ]
    return {
        "component": component,
        "is_of_desk": "desk" in component or "plan_" in component,
        "states": states,
    }


def _given(state: State, request: HttpRequest) -> Context:
    return Context({**state.given, "request": request, "csrf_token": get_token(request)})


def _apart(html: str, mark: str) -> SafeString:
    """The same with names of its own: on one page, no two states share an ``id``, and none takes the focus."""

    def renamed(found: re.Match[str]) -> str:
        return f'{found[1]}="{" ".join(f"{name}-{mark}" for name in found[2].split())}"'

    named = _OWN_REFERENCE.sub(renamed, html.replace(" autofocus", ""))
    return SafeString(_OWN_LINK.sub(rf'href="#\1-{mark}"', named))
