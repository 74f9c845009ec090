"""Something that answers over HTTP as an OpenSearch does, to what Wagtail's backend asks of one: in memory.

Word for word: it knows no stemming and ranks nothing. What a real one finds better is not tried here.
"""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote, urlsplit

Document = dict[str, Any]
Answer = tuple[int, Any]
Spoiled = tuple[int, str, str]
"""Status, type and body of what it says whatever is asked."""


class StandIn:
    """``indexes`` by name, ``aliases`` to names, and every request in ``asked`` with its body.

    ``spoiled`` is said instead of any answer, ``hits`` instead of what a search would find.
    """

    def __init__(self) -> None:
        self.indexes: dict[str, dict[str, Document]] = {}
        self.made_with: dict[str, Any] = {}
        self.aliases: dict[str, set[str]] = {}
        self.asked: list[tuple[str, str, Any]] = []
        self.spoiled: Spoiled | None = None
        self.refuses_documents = False
        self.hits: list[str] | None = None
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                stand_in.reply(self, body)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *_words: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def searches(self) -> list[Any]:
        return [body for _method, path, body in self.asked if path.endswith("/_search")]

    def documents(self, alias: str) -> dict[str, Document]:
        (name,) = self.aliases[alias]
        return self.indexes[name]

    # ----------------------------------------------------------------------------------------------------- answering

    def reply(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        path = unquote(urlsplit(handler.path).path)
        parsed = (
            [json.loads(line) for line in body.splitlines()]
            if path.endswith("/_bulk")
            else json.loads(body or "{}")
        )
        self.asked.append((handler.command, path, parsed))
        status, kind, text = self.spoiled or self._said(handler.command, path, parsed)
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(text.encode())

    def _said(self, method: str, path: str, body: Any) -> Spoiled:
        first, *rest = path.strip("/").split("/")
        act = rest[0] if rest else ""
        if first == "_alias":
            status, value = self._alias(act)
        else:
            status, value = self._acts()[method, act](first, body, *rest[1:])
        return status, "application/json", json.dumps(value)

    def _acts(self) -> dict[tuple[str, str], Callable[..., Answer]]:
        return {
            ("PUT", ""): self._make,
            ("DELETE", ""): self._delete,
            ("PUT", "_mapping"): self._map,
            ("PUT", "_alias"): self._name,
            ("POST", "_bulk"): self._bulk,
            ("PUT", "_bulk"): self._bulk,
            ("POST", "_refresh"): lambda name, _body: (200, {}),
            ("POST", "_search"): self._search,
        }

    def _alias(self, name: str) -> Answer:
        if name not in self.aliases:
            return 404, {"error": f"alias [{name}] missing", "status": 404}
        return 200, {index: {"aliases": {name: {}}} for index in self.aliases[name]}

    def _make(self, name: str, body: Any) -> Answer:
        self.indexes[name], self.made_with[name] = {}, body
        return 200, {"acknowledged": True}

    def _delete(self, name: str, _body: Any) -> Answer:
        if name not in self.indexes:
            return 404, {"error": "index_not_found_exception", "status": 404}
        del self.indexes[name]
        self.aliases = {alias: left for alias, names in self.aliases.items() if (left := names - {name})}
        return 200, {"acknowledged": True}

    def _map(self, name: str, body: Any) -> Answer:
        self.made_with[name]["mappings"] = body
        return 200, {"acknowledged": True}

    def _name(self, name: str, _body: Any, alias: str) -> Answer:
        self.aliases.setdefault(alias, set()).add(name)
        return 200, {"acknowledged": True}

    def _bulk(self, name: str, lines: list[Any]) -> Answer:
        for index in self.aliases.get(name, {name}):
            items, rest = [], iter(lines)
            for action in rest:
                ((act, of),) = action.items()
                items.append({act: {"_id": of["_id"], "status": self._keep(index, act, of["_id"], rest)}})
        return 200, {"errors": False, "items": items}

    def _keep(self, index: str, act: str, key: str, rest: Any) -> int:
        if act == "delete":
            return 200 if self.indexes[index].pop(key, None) else 404
        document = next(rest)
        if self.refuses_documents:
            return 400
        self.indexes[index][key] = document
        return 201

    def _search(self, name: str, body: Any) -> Answer:
        if name not in self.aliases:
            return 404, {"error": "index_not_found_exception", "status": 404}
        found = [key for key, document in self.documents(name).items() if holds(body["query"], document)]
        hits = [{"_id": key, "_score": 1.0} for key in (found if self.hits is None else self.hits)]
        return 200, {"timed_out": False, "_shards": {"failed": 0}, "hits": {"hits": hits[: body["size"]]}}


def holds(query: Any, document: Document) -> bool:
    """Whether a document answers, by the few kinds of query that are asked; KeyError for any other."""
    ((kind, body),) = query.items()
    return _HOLD[kind](body, document)


def _bool(body: Any, document: Document) -> bool:
    needed = [*_listed(body.get("must")), *_listed(body.get("filter"))]
    any_of = _listed(body.get("should"))
    return all(holds(each, document) for each in needed) and (
        not any_of or any(holds(each, document) for each in any_of)
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _match(body: Any, document: Document) -> bool:
    ((field, wanted),) = body.items()
    if field == "_django_content_type":
        return wanted in document[field]
    word = wanted["query"] if isinstance(wanted, dict) else wanted
    title = next(text for name, text in document.items() if name.endswith("title_words"))
    words = next(text for name, text in document.items() if name.endswith("all_words"))
    return word in (title if "_boost_" in field else f"{title} {words}").split()


def _term(body: Any, document: Document) -> bool:
    ((field, wanted),) = body.items()
    return bool(document[field] == wanted)


_HOLD: dict[str, Callable[[Any, Document], bool]] = {
    "function_score": lambda body, document: holds(body["query"], document),
    "dis_max": lambda body, document: any(holds(each, document) for each in body["queries"]),
    "bool": _bool,
    "match": _match,
    "term": _term,
}
