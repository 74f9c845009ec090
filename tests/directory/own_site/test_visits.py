"""What robots.txt forbids is not read; what it cannot say is not read either; and no site is read without end."""

import pytest

from directory.own_site import robots
from directory.own_site.fetching import PAGES
from directory.own_site.refusals import RobotsSayNo, RobotsUnknown, TooManyDocuments, TooSlow
from directory.own_site.visits import Visit
from tests.directory.own_site.web import Reply, Web, html, moved


def text(words: str, status: int = 200) -> Reply:
    return Reply(words.encode(), kind="text/plain", status=status)


@pytest.mark.parametrize(
    ("rules", "allowed", "forbidden"),
    [
        ("", "/ /a", ""),
        ("User-agent: *\nDisallow:", "/ /a", ""),
        ("User-agent: *\nDisallow: /", "/robots.txt", "/ /a"),
        ("User-agent: *\nDisallow: /*", "", "/ /a"),
        ("User-agent: *\nDisallow: /panier\nAllow: /panier/aide", "/ /panier/aide", "/panier /panier/a"),
        ("User-agent: Achetons\nDisallow: /prive\n\nUser-agent: *\nDisallow: /", "/ /a", "/prive"),
        ("user-agent: achetons/2.0\ndisallow: /prive", "/", "/prive/a"),
        ("User-agent: Autre\nUser-agent: *\nDisallow: /a", "/", "/a"),
        ("User-agent: Autre\nDisallow: /", "/", ""),
        ("User-agent: *\nDisallow: /*.json$", "/a /a.json?x", "/products.json"),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/", "/caf%c3%a9/menu"),
        ("User-agent: *\nDisallow: /café", "/", "/caf%C3%A9"),
        ("\ufeffUser-agent: * # tous\nDisallow: /a # ici", "/", "/a"),
        ("<html><body>Introuvable</body></html>", "/ /a", ""),
        ("Disallow: /", "/", ""),
        ("User-agent: *\nDisallow: /" + "*a" * 5000, "/", ""),
    ],
)
def test_robots_are_read_as_they_are_meant(rules: str, allowed: str, forbidden: str) -> None:
    known = robots.parse(rules)
    assert [target for target in allowed.split() if not known.allow(target)] == []
    assert [target for target in forbidden.split() if known.allow(target)] == []


def test_forbidden_page_is_not_asked_for(web: Web) -> None:
    web.replies.update({"/robots.txt": text("User-agent: *\nDisallow: /"), "/": html("<p>a</p>")})
    with pytest.raises(RobotsSayNo):
        Visit().get(web.url, kinds=PAGES)
    assert web.asked == ["/robots.txt"]


def test_redirect_to_a_forbidden_page_is_not_followed(web: Web) -> None:
    web.replies.update({"/robots.txt": text("User-agent: *\nDisallow: /prive"), "/": moved("/prive")})
    with pytest.raises(RobotsSayNo):
        Visit().get(web.url, kinds=PAGES)
    assert web.asked == ["/robots.txt", "/"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_site_without_robots_may_be_read(web: Web, status: int) -> None:
    web.replies.update({"/robots.txt": text("", status), "/": html("<p>a</p>")})
    assert Visit().get(web.url, kinds=PAGES).body == b"<p>a</p>"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_site_that_cannot_say_is_left(web: Web, status: int) -> None:
    web.replies.update({"/robots.txt": text("", status), "/": html("<p>a</p>")})
    with pytest.raises(RobotsUnknown):
        Visit().get(web.url, kinds=PAGES)
    assert web.asked == ["/robots.txt"]


def test_robots_that_never_come_are_waited_for_once(web: Web) -> None:
    web.replies.update({"/robots.txt": lambda _asked: web.released.wait(10) and None, "/": html("<p>a</p>")})
    visit = Visit(document_seconds=0.1)
    for _twice in range(2):
        with pytest.raises(TooSlow):
            visit.get(web.url, kinds=PAGES)
    web.released.set()
    assert web.asked == ["/robots.txt"]


def test_visit_ends_with_its_documents(web: Web) -> None:
    web.replies["/"] = html("<p>a</p>")
    visit = Visit(most_documents=2)
    for _twice in range(2):
        visit.get(web.url, kinds=PAGES)
    with pytest.raises(TooManyDocuments):
        visit.get(web.url, kinds=PAGES)
    assert web.asked == ["/robots.txt", "/", "/"]


def test_visit_ends_with_its_time(web: Web) -> None:
    web.replies["/"] = html("<p>a</p>")
    with pytest.raises(TooSlow):
        Visit(seconds=0).get(web.url, kinds=PAGES)
    assert web.asked == []
