"""The style page: there while developing, nowhere else; every component with a style is on it."""

import re
from pathlib import Path

import pytest
from django.test import Client
from wagtail.models import Site

from home.house_css import BUNDLES
from portal.style_page import tokens
from portal.style_page.exhibits import ELSEWHERE

ROOT = Path(__file__).parents[3]
FOLDERS = ("components", *BUNDLES.values())
STYLED = sorted(path.stem for folder in FOLDERS for path in (ROOT / "static" / "css" / folder).glob("*.css"))


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": "localhost"})


@pytest.fixture
def shown(levis: Site, settings, reader: Client) -> str:
    settings.DEMO = True
    answer = reader.get("/style/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_nowhere_in_production(levis: Site, settings, reader: Client) -> None:
    settings.DEMO = settings.DEBUG = False
    assert reader.get("/style/").status_code == 404


def test_every_component_is_on_it_or_says_where_else(shown: str) -> None:
    hung = re.findall(r'<h2 id="composant-(\w+)">', shown)
    assert sorted([*hung, *ELSEWHERE]) == STYLED


def test_no_state_is_empty(shown: str) -> None:
    states = shown.split('<p class="style-label">')[1:]
    empty = [
        state.split("</p>")[0]
        for state in states
        if not state.partition("</p>")[2].split("</div>")[0].strip()
    ]
    assert len(states) > 100
    assert empty == []


def test_no_two_things_share_a_name(shown: str) -> None:
    names = re.findall(r'\bid="([^"]+)"', shown)
    assert sorted(set(names)) == sorted(names)


def test_every_colour_shown_is_a_token_and_is_styled(shown: str) -> None:
    told = (ROOT / "static" / "css" / "tokens.css").read_text()
    drawn = (ROOT / "static" / "css" / "style_page.css").read_text()
    for color, ground, _use in tokens.PAIRS:
        assert f"--{color}:" in told
        assert f"--{ground}:" in told
        assert f".style-ink-{color} " in drawn
        assert f".style-on-{ground} " in drawn
    for name in (*tokens.SIZES, *tokens.SPACES):
        assert f"--{name}:" in told
        assert f"var(--{name})" in drawn
