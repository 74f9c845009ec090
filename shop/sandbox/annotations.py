"""From the package's type annotations to shapes.

An open enumeration (`Literal['a', 'b'] | str`) is read as closed: the package lists what Stripe takes today, and
Stripe refuses the rest. `Literal[''] | str` is free text that may be empty.
"""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from shop.sandbox import specification
from shop.sandbox.shapes import (
    Anything,
    Either,
    Field,
    Figure,
    Mapped,
    Record,
    Sequence,
    Shape,
    Text,
    Truth,
    Whole,
)

SIMPLE: dict[str, Shape] = {
    "str": Text(), "int": Whole(), "bool": Truth(), "float": Figure(), "Decimal": Figure(), "Any": Anything(),
}  # fmt: skip
REQUEST_OPTIONS = "RequestOptions"


def record(module: str, name: str) -> Record:
    """The shape of one TypedDict; an operation without parameters takes none."""
    return Record(lambda: _fields(module, name) if module else {})


@cache
def _fields(module: str, name: str) -> Mapping[str, Field]:
    tree = _source(module)
    node = tree.classes.get(name)
    fields = dict(_functional_fields(module, tree.calls[name])) if name in tree.calls else {}
    if node is None:
        return fields
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id not in ("TypedDict", REQUEST_OPTIONS):
            fields |= _fields(module, base.id)
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            fields[line.target.id] = _field(module, line.annotation)
    return fields


def _functional_fields(module: str, call: ast.Call) -> Mapping[str, Field]:
    """`TypedDict("X", {"from": str})`, which the package uses for keys that are Python keywords."""
    table = call.args[1]
    if not isinstance(table, ast.Dict):
        return {}
    pairs = zip(table.keys, table.values, strict=True)
    return {str(key.value): _field(module, value) for key, value in pairs if isinstance(key, ast.Constant)}


def _field(module: str, node: ast.expr) -> Field:
    node = _unquoted(node)
    if isinstance(node, ast.Subscript) and _word(node.value) == "NotRequired":
        return Field(_shape(module, node.slice), is_required=False)
    return Field(_shape(module, node), is_required=True)


def _shape(module: str, node: ast.expr) -> Shape:
    members = [_unquoted(member) for member in _members(node)]
    choices = [text for member in members for text in _choices(member)]
    others = [
        _single(module, member) for member in members if not _choices(member) and not _is_untyped(member)
    ]
    texts = [shape for shape in others if isinstance(shape, Text)]
    rest = [shape for shape in others if not isinstance(shape, Text)]
    if choices or texts:
        named = tuple(choice for choice in choices if choice)
        rest.append(
            Text(named, may_be_empty="" in choices) if named or texts else Text(("",), may_be_empty=True)
        )
    return rest[0] if len(rest) == 1 else Either(tuple(rest))


def _members(node: ast.expr) -> list[ast.expr]:
    """The members of `A | B`, `Union[A, B]` or `Optional[A]`; of anything else, itself."""
    node = _unquoted(node)
    if isinstance(node, ast.BinOp):
        return [*_members(node.left), *_members(node.right)]
    if isinstance(node, ast.Subscript) and _word(node.value) in ("Union", "Optional"):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return [member for part in parts for member in _members(part)]
    return [node]


def _choices(node: ast.expr) -> list[str]:
    if not (isinstance(node, ast.Subscript) and _word(node.value) == "Literal"):
        return []
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return [str(part.value) for part in parts if isinstance(part, ast.Constant)]


def _single(module: str, node: ast.expr) -> Shape:
    if isinstance(node, ast.Subscript):
        if _word(node.value) == "List":
            return Sequence(_shape(module, node.slice))
        if _word(node.value) == "Dict" and isinstance(node.slice, ast.Tuple):
            return Mapped(_map_value(_shape(module, node.slice.elts[1])))
    name = _word(node)
    if name in SIMPLE:
        return SIMPLE[name]
    source = _source(module)
    home = module if name in source.classes or name in source.calls else source.imports.get(name, "")
    return record(home, name) if home else Anything()


def _map_value(shape: Shape) -> Shape:
    """A key of a hash is unset by an empty value."""
    return Text(may_be_empty=True) if shape == Text() else shape


def _is_untyped(node: ast.expr) -> bool:
    """`UntypedStripeObject[str]` is how the package says "or one of our objects"; on the wire it is the hash."""
    return isinstance(node, ast.Subscript) and _word(node.value) == "UntypedStripeObject"


def _unquoted(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return ast.parse(node.value, mode="eval").body
    return node


def _word(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


class _Source:
    """One file of the package: its classes, functional TypedDicts and imports by name."""

    def __init__(self, tree: ast.Module) -> None:
        self.classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        self.calls = dict(_typed_dict_calls(tree))
        self.imports = {
            name.name: node.module
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module
            for name in node.names
        }


def _typed_dict_calls(tree: ast.Module) -> list[tuple[str, ast.Call]]:
    return [
        (node.targets[0].id, node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.targets[0], ast.Name)
    ]


@cache
def _source(module: str) -> _Source:
    file = Path(specification.package_folder().parent, *module.split(".")).with_suffix(".py")
    return _Source(ast.parse(file.read_text(encoding="utf-8")))
