"""Programs that read pages, by how they name themselves. Those that lie are stopped by ``directory.counting.flood``."""

import re

_NAMES = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|scrap|fetch|monitor|uptime|pingdom|preview|validator|archiv|lighthouse"
    r"|headless|phantom|puppeteer|playwright|selenium|facebookexternalhit|embedly|whatsapp|telegram|mediapartners"
    r"|curl|wget|python|urllib|httpx|aiohttp|go-http|java/|okhttp|libwww|perl|ruby|php|node|axios|feed|rss",
    re.IGNORECASE,
)


def is_robot(user_agent: str) -> bool:
    """Also for who says nothing: every browser names itself."""
    return not user_agent or bool(_NAMES.search(user_agent))
