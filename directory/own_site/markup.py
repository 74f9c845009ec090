"""A page as a tree: its words, its links, and what it says of itself in JSON-LD, microdata and Open Graph.

Everything here may come from somebody who means harm: what does not parse is left out, never raised.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from directory.own_site.fetching import Document

MOST_CHARACTERS = 2_000_000
LONGEST_LENIENT = 200_000
"""A JSON-LD script that is not quite JSON is mended up to this length: mending is slow."""
MOST_REFERENCES = 50
"""Microdata that refers from here to there more often than that is not a shop's."""
MOST_PROPERTIES = 3000
MOST_SCOPES = 500
DEEPEST_SCOPE = 8
MOST_WORDS_IN_PROPERTIES = 4_000_000
"""Characters, each as often as it stands in a property: what reading them costs."""
MOST_LINKS = 2000

BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
        "section", "table", "td", "th", "tr", "ul",
    )
)  # fmt: skip
UNREAD = frozenset({"script", "style", "template", "noscript", "svg", "head", "iframe", "object", "textarea"})
_LOOKS_LIKE_HTML = re.compile(r"<[a-zA-Z!/]|&[a-zA-Z#]")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]{2,20})", re.IGNORECASE)
READABLE = frozenset({"utf-8", "cp1252", "iso8859-15", "mac-roman", "utf-16", "utf-16-le", "utf-16-be"})


@dataclass(slots=True)
class Page:
    """What was read of one document; ``things`` are schema.org's, as (how they were told, the thing)."""

    url: str
    title: str = ""
    words: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    icons: list[str] = field(default_factory=list)
    things: list[tuple[str, Any]] = field(default_factory=list)
    source: str = ""


def read(document: Document) -> Page:
    """A page that cannot be parsed at all is an empty one."""
    source = decoded(document)[:MOST_CHARACTERS]
    page = Page(url=document.url, source=source)
    tree = parsed(source)
    if tree is None:
        return page
    _read_head(page, tree)
    page.things = [*_json_ld(tree), *_microdata(tree, document.url, source)]
    page.links = list(_links(tree))
    page.pictures = list(_pictures(tree))
    page.words = words_of_tree(tree)
    return page


# ------------------------------------------------------------------------------------------------ letters


def decoded(document: Document) -> str:
    """UTF-8 where it is, whatever is announced; else as announced; else as Windows writes French. Never raises."""
    body = document.body
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode(_announced(document), "replace")


def _announced(document: Document) -> str:
    found = _CHARSET.search(document.body[:4096])
    for name in (document.charset, found[1].decode("ascii") if found else ""):
        try:
            known = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        if known in READABLE:
            return known
    return "cp1252"


# ------------------------------------------------------------------------------------------------ the tree


def parsed(source: str) -> Any:
    """The root element; None where there is none."""
    clean = source.replace("\x00", "").encode("utf-8", "ignore")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        return lxml_html.document_fromstring(clean, parser=parser) if clean.strip() else None
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def looks_like_html(words: str) -> bool:
    return _LOOKS_LIKE_HTML.search(words) is not None


def words_of_html(words: str) -> str:
    """Of a text with tags or entities: its words, a line each block; no script's."""
    if "<" not in words:
        return unescape(words)
    tree = parsed(words)
    return words_of_tree(tree) if tree is not None else ""


def words_of_tree(tree: Any) -> str:
    """What a visitor can read, a line each block."""
    pieces: list[str] = []
    skipping = None
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment")):
        name = node.tag if isinstance(node.tag, str) else ""
        if event == "start" and skipping is None:
            if name in UNREAD:
                skipping = node
                continue
            pieces.append(_around(name) + (node.text or ""))
        elif event in {"end", "comment"} and (skipping is None or skipping is node):
            skipping = None
            pieces.append(_around(name) + (node.tail or ""))
    return "".join(pieces)


def _around(name: str) -> str:
    return "\n" if name in BLOCKS else ""


def _read_head(page: Page, tree: Any) -> None:
    title = next(iter(tree.iter("title")), None)
    page.title = str(title.text_content()) if title is not None else ""
    for meta in list(tree.iter("meta"))[:300]:
        name = str(meta.get("property") or meta.get("name") or "").strip().lower()
        if name and meta.get("content") and name not in page.metas:
            page.metas[name] = str(meta.get("content"))
    for link in list(tree.iter("link"))[:300]:
        if str(link.get("rel") or "").lower() in {"apple-touch-icon", "apple-touch-icon-precomposed"}:
            page.icons.append(str(link.get("href") or ""))


def _links(tree: Any) -> Iterator[tuple[str, str]]:
    """Where each leads, and its words."""
    for number, link in enumerate(tree.iter("a")):
        if number >= MOST_LINKS:
            return
        if link.get("href"):
            yield str(link.get("href")).strip(), str(link.text_content())[:200]


def _pictures(tree: Any) -> Iterator[tuple[str, str]]:
    """Where each is, and what is said of it: its words, class and name."""
    for number, picture in enumerate(tree.iter("img")):
        if number >= MOST_LINKS:
            return
        source = picture.get("src") or picture.get("data-src") or ""
        said = " ".join(str(picture.get(name) or "") for name in ("alt", "class", "id"))
        if source and not str(source).startswith("data:"):
            yield str(source).strip(), f"{said} {source}"[:400].lower()


# ------------------------------------------------------------------------------------------------ schema.org


def _json_ld(tree: Any) -> Iterator[tuple[str, Any]]:
    """Script by script: one that is broken leaves the others."""
    for script in list(tree.iter("script"))[:200]:
        if str(script.get("type") or "").strip().lower().startswith("application/ld+json"):
            for thing in _items_of_script(script):
                yield "json_ld", thing


def _items_of_script(script: Any) -> list[Any]:
    written = str(script.text or "")
    try:
        found = json.loads(written, strict=False)
    except (ValueError, RecursionError):
        return _mended(script) if len(written) <= LONGEST_LENIENT else []
    return found if isinstance(found, list) else [found]


def _mended(script: Any) -> list[Any]:
    """What extruct can still read of it: comments, commas that are too many."""
    from extruct.jsonld import (
        JsonLdExtractor,
    )  # it brings an RDF library along, which a web server need not load

    script.set("type", "application/ld+json")
    try:
        return list(JsonLdExtractor().extract_items(script))
    except (ValueError, RecursionError, etree.LxmlError, IndexError, TypeError):
        return []


def _microdata(tree: Any, url: str, source: str) -> Iterator[tuple[str, Any]]:
    if "itemscope" not in source or source.count("itemref") > MOST_REFERENCES or not _is_readable(tree):
        return
    from extruct.w3cmicrodata import MicrodataExtractor

    try:
        found = MicrodataExtractor().extract_items(tree, url)
    except (ValueError, RecursionError, etree.LxmlError, TypeError, AttributeError):
        return
    for item in found:
        yield "microdata", as_thing(item)


def _is_readable(tree: Any) -> bool:
    """Whether its microdata is a shop's: nested a little, not a thousand times, which would take minutes to read."""
    scopes = properties = deep = deepest = inside = weight = 0
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        step = 1 if event == "start" else -1
        deep += step * ("itemscope" in node.attrib)
        inside += step * ("itemprop" in node.attrib)
        scopes += event == "start" and "itemscope" in node.attrib
        properties += event == "start" and "itemprop" in node.attrib
        deepest = max(deepest, deep)
        weight += inside * len((node.text if event == "start" else node.tail) or "")
    is_small = scopes <= MOST_SCOPES and properties <= MOST_PROPERTIES
    return is_small and deepest <= DEEPEST_SCOPE and weight <= MOST_WORDS_IN_PROPERTIES


def as_thing(item: Any) -> Any:
    """A microdata item in JSON-LD's shape."""
    if isinstance(item, list):
        return [as_thing(one) for one in item]
    if not isinstance(item, dict):
        return item
    properties = item.get("properties") or {}
    return {"@type": item.get("type", ""), **{name: as_thing(value) for name, value in properties.items()}}
