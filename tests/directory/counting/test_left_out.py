import pytest
from django.test import RequestFactory

from directory.counting import flood as module
from directory.counting.flood import Flood
from directory.counting.left_out import is_left_out, is_reload
from directory.counting.robots import is_robot

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6"
    " Mobile/15E148 Safari/604.1"
)
PEOPLE = [
    PHONE,
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"
        " Edg/142.0.0.0"
    ),
    (
        "Mozilla/5.0 (Linux; Android 15; SM-S928W) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0"
        " Chrome/130.0.0.0 Mobile Safari/537.36"
    ),
    "Mozilla/5.0 (Linux; Android 13; Cubot KingKong) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
]
PROGRAMS = [
    "",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
    "curl/8.5.0",
    "python-requests/2.32.3",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "UptimeRobot/2.0",
    "Baiduspider+(+http://www.baidu.com/search/spider.htm)",
]


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_are_no_robots(agent: str) -> None:
    assert not is_robot(agent)


@pytest.mark.parametrize("agent", PROGRAMS)
def test_programs_are_robots(agent: str) -> None:
    assert is_robot(agent)


def request(agent: str = PHONE, **headers: str):
    return RequestFactory().get("/vu/x.gif", headers={"user-agent": agent, **headers})


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x-moz": "prefetch"},
        {"x-purpose": "preview"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_what_nobody_saw_here_is_left_out(headers: dict[str, str]) -> None:
    assert is_left_out(request(**headers), "act")


@pytest.mark.parametrize("said", ["no-cache", "max-age=0"])
def test_a_reload_is_told_by_what_the_browser_adds(said: str) -> None:
    assert is_reload(request(**{"cache-control": said}))
    assert not is_reload(request())


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}])
def test_a_visitor_is_not_left_out(headers: dict[str, str]) -> None:
    assert not is_left_out(request(**headers), "act")


def test_the_same_again_and_again_is_held_back_and_others_are_not() -> None:
    flood = Flood()
    alike = [flood.holds_back("192.0.2.1", PHONE, "seen 1") for _time in range(module.MOST_ALIKE + 2)]

    assert alike == [False] * module.MOST_ALIKE + [True, True]
    assert not flood.holds_back("192.0.2.1", PHONE, "seen 2")
    assert not flood.holds_back("192.0.2.1", "another", "seen 1")
    assert not flood.holds_back("192.0.2.2", PHONE, "seen 1")


def test_one_address_that_sends_without_end_is_held_back(monkeypatch) -> None:
    flood = Flood()
    held = [flood.holds_back("192.0.2.1", PHONE, f"seen {n}") for n in range(module.MOST_ACTS + 50)]

    assert held.count(False) == module.MOST_ACTS
    monkeypatch.setattr(module, "WINDOW_SECONDS", 0)
    assert not flood.holds_back("192.0.2.1", PHONE, "seen 0")


def test_no_address_stands_in_memory_and_the_key_changes(monkeypatch) -> None:
    flood = Flood()
    flood.holds_back("192.0.2.77", PHONE, "seen")
    before, key = set(flood._times), flood._key
    kept = repr(vars(flood)).encode() + b"".join(before)
    assert b"192.0.2.77" not in kept
    assert b"iPhone" not in kept

    monkeypatch.setattr(module, "WINDOW_SECONDS", 0)
    flood.holds_back("192.0.2.77", PHONE, "seen")
    assert flood._key != key
    assert not before & set(flood._times)


def test_memory_stays_small_under_addresses_without_number(monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 20)
    flood = Flood()
    for n in range(500):
        flood.holds_back(f"2001:db8::{n:x}", PHONE, "seen")

    assert len(flood._times) <= 22
