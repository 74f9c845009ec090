"""Every operation of the installed `stripe` package, read from its source and never imported.

`_*_service.py` files carry method, path and the name of the parameter type; `stripe/params/**` carries the
TypedDicts. The operations are listed at start (a fraction of a second); an operation's parameters are read
when it is first called. Nothing is vendored: another version of the package is another specification.
"""

import ast
import importlib.util
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeGuard

from shop.sandbox import annotations
from shop.sandbox.errors import Json
from shop.sandbox.shapes import Record

ASYNC_METHODS = re.compile(
    r"^    async def .*?(?=^    def |^    async def |^\S|\Z)", re.MULTILINE | re.DOTALL
)
IMPORTS = re.compile(r"from (stripe\.params[\w.]*) import \(?\s*([\w,\s]+?)\s*(?:\)|$)", re.MULTILINE)


@dataclass(frozen=True)
class Operation:
    """One call of Stripe's API, such as `post /v1/checkout/sessions`."""

    method: str
    path: str
    params_module: str
    params_class: str

    @property
    def is_v2(self) -> bool:
        """v2 speaks JSON, v1 speaks forms."""
        return self.path.startswith("/v2/")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the addresses of this operation and names its path arguments."""
        return re.compile("^" + re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.path)) + "$")

    def read(self, raw: Json) -> Json:
        """The checked parameters. Raises Refusal in Stripe's words."""
        return self._shape.read(raw, "", is_form=self.method == "get" or not self.is_v2)

    @cached_property
    def _shape(self) -> Record:
        return annotations.record(self.params_module, self.params_class)


@dataclass(frozen=True)
class Specification:
    """All operations, with those without path arguments first: `/v1/charges/search` before `/v1/charges/{charge}`."""

    operations: tuple[Operation, ...]

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation behind an address, and its path arguments."""
        for operation in self._by_size.get((method.lower(), path.count("/")), ()):
            if match := operation.pattern.match(path):
                return operation, match.groupdict()
        return None

    @cached_property
    def _by_size(self) -> dict[tuple[str, int], list[Operation]]:
        groups: dict[tuple[str, int], list[Operation]] = {}
        for operation in self.operations:
            groups.setdefault((operation.method, operation.path.count("/")), []).append(operation)
        return groups


@cache
def package_folder() -> Path:
    """Where the installed `stripe` package lies. Raises RuntimeError when it is not installed."""
    found = importlib.util.find_spec("stripe")
    if found is None or found.origin is None:
        raise RuntimeError(
            "The sandbox reads its specification from the stripe package, which is not installed."
        )
    return Path(found.origin).parent


@cache
def api_version() -> str:
    """The API version the installed package speaks."""
    match = re.search(r'CURRENT = "([^"]+)"', (package_folder() / "_api_version.py").read_text())
    return match[1] if match else ""


@cache
def installed() -> Specification:
    """The specification of the installed package; derived once per process."""
    operations = {
        (operation.method, operation.path): operation
        for file in sorted(package_folder().rglob("_*_service.py"))
        for operation in _operations_of(file)
    }
    return Specification(
        tuple(sorted(operations.values(), key=lambda each: (each.path.count("{"), each.path)))
    )


def _operations_of(file: Path) -> list[Operation]:
    source = ASYNC_METHODS.sub("", file.read_text(encoding="utf-8"))
    modules = {name.strip(): module for module, names in IMPORTS.findall(source) for name in names.split(",")}
    methods = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [operation for method in methods if (operation := _operation_of(method, modules))]


def _operation_of(function: ast.FunctionDef, modules: dict[str, str]) -> Operation | None:
    call = next((node for node in ast.walk(function) if _is_request(node)), None)
    if call is None:
        return None
    method, path = _literal(call.args[0]), _literal(call.args[1])
    named = re.search(
        r"(\w+Params)\b", " ".join(ast.unparse(a.annotation) for a in function.args.args if a.annotation)
    )
    params_class = named[1] if named else ""
    return Operation(method, path, modules.get(params_class, ""), params_class)


def _is_request(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr.startswith("_request")
    )


def _literal(node: ast.expr) -> str:
    """The text of `"…"` or of `"…".format(…)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
