"""Markdown forms written inside Python tests, found by reading the code, never by running it.

A small interpreter follows assignments, loops over literals, `+`, `.format`, `.join` and f-strings
with the values it knows; what it does not know it passes over.
"""

import ast
import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

IS_FORM = re.compile(r"^\s*\|\s*survey\s*\|", re.MULTILINE)
DEFAULT_NAME = "test_name"
_MOST_TURNS = 64  # of one loop; a longer one repeats itself
_LONGEST = 200_000


class Unknown(Exception):
    """An expression whose value cannot be told from the text alone."""


Scope = dict[str, Any]


def forms_in(code: str) -> Iterator[tuple[str, str]]:
    """Yield (name of the form, Markdown table) for every form that `code` hands to a call."""
    scope: Scope = {}
    yield from _block(ast.parse(code).body, scope)


def _block(statements: list[ast.stmt], scope: Scope) -> Iterator[tuple[str, str]]:
    set_up_first = sorted(statements, key=lambda one: getattr(one, "name", "") != "setUp")
    shared = any(isinstance(one, ast.FunctionDef) for one in statements)
    for statement in set_up_first if shared else statements:
        yield from _statement(statement, scope)


def _statement(statement: ast.stmt, scope: Scope) -> Iterator[tuple[str, str]]:
    if isinstance(statement, ast.FunctionDef):
        inner = scope if statement.name == "setUp" else dict(scope)
        yield from _block(statement.body, inner)
    elif isinstance(statement, ast.ClassDef):
        yield from _block(statement.body, dict(scope))
    elif isinstance(statement, ast.For):
        yield from _loop(statement, scope)
    elif isinstance(statement, ast.With | ast.If | ast.Try):
        yield from _block([*statement.body, *getattr(statement, "orelse", [])], scope)
    else:
        yield from _calls(statement, scope)
        _assign(statement, scope)


def _loop(loop: ast.For, scope: Scope) -> Iterator[tuple[str, str]]:
    try:
        turns = list(value_of(loop.iter, scope))[:_MOST_TURNS]
    except (Unknown, TypeError):
        yield from _block(loop.body, scope)
        return
    for value in turns:
        _bind(loop.target, value, scope)
        yield from _block(loop.body, scope)


def _assign(statement: ast.stmt, scope: Scope) -> None:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign | ast.AugAssign) and statement.value is not None:
        targets = [statement.target]
    for target in targets:
        try:
            value = value_of(_assigned(statement), scope)
        except Unknown:
            _forget(target, scope)
        else:
            _bind(target, value, scope)


def _assigned(statement: ast.stmt) -> ast.expr:
    """Return the expression for the value that an assignment leaves behind."""
    if isinstance(statement, ast.AugAssign):
        left = ast.parse(ast.unparse(statement.target), mode="eval").body
        return ast.BinOp(left, statement.op, statement.value)
    value = getattr(statement, "value", None)
    if value is None:
        raise Unknown
    return value  # type: ignore[no-any-return]


def _bind(target: ast.expr, value: Any, scope: Scope) -> None:
    if isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, tuple | list) and len(value) == len(target.elts):
            for part, one in zip(target.elts, value, strict=True):
                _bind(part, one, scope)
    elif name := _name_of(target):
        scope[name] = value


def _forget(target: ast.expr, scope: Scope) -> None:
    scope.pop(_name_of(target), None)


def _name_of(target: ast.expr) -> str:
    """Return the name a value is kept under: `self.md` and `Case.md` are both `md`."""
    if isinstance(target, ast.Name):
        return target.id
    return target.attr if isinstance(target, ast.Attribute) else ""


def _calls(statement: ast.stmt, scope: Scope) -> Iterator[tuple[str, str]]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            given = {word.arg: _or_none(word.value, scope) for word in node.keywords}
            texts = [_or_none(argument, scope) for argument in node.args]
            name = given.pop("name", None) or DEFAULT_NAME
            for text in [*texts, *given.values()]:
                if isinstance(text, str) and IS_FORM.search(text):
                    yield str(name), text


def _or_none(node: ast.expr, scope: Scope) -> Any:
    try:
        return value_of(node, scope)
    except Unknown:
        return None


def value_of(node: ast.expr, scope: Scope) -> Any:
    """Return the value of an expression made of literals and known names; raise Unknown."""
    read = _READERS.get(type(node))
    if read is None:
        raise Unknown
    try:
        value = read(node, scope)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise Unknown from error
    if isinstance(value, str) and len(value) > _LONGEST:
        raise Unknown
    return value


def _named(node: Any, scope: Scope) -> Any:
    return scope[_name_of(node)]


def _several(node: Any, scope: Scope) -> list[Any]:
    found: list[Any] = []
    for part in node.elts:
        if isinstance(part, ast.Starred):
            found.extend(value_of(part.value, scope))
        else:
            found.append(value_of(part, scope))
    return found


def _table(node: Any, scope: Scope) -> dict[Any, Any]:
    pairs = zip(node.keys, node.values, strict=True)
    return {value_of(key, scope): value_of(value, scope) for key, value in pairs if key is not None}


def _joined(node: Any, scope: Scope) -> str:
    parts = []
    for part in node.values:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        parts.append(str(value_of(inner, scope)))
    return "".join(parts)


def _operation(node: Any, scope: Scope) -> Any:
    left, right = value_of(node.left, scope), value_of(node.right, scope)
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Mult) and isinstance(right, int) and right <= _MOST_TURNS * 16:
        return left * right
    raise Unknown


def _comprehension(node: Any, scope: Scope) -> list[Any]:
    if len(node.generators) != 1 or node.generators[0].ifs:
        raise Unknown
    [generator] = node.generators
    found, inner = [], dict(scope)
    for value in value_of(generator.iter, scope):
        _bind(generator.target, value, inner)
        found.append(value_of(node.elt, inner))
    return found


def _item(node: Any, scope: Scope) -> Any:
    return value_of(node.value, scope)[value_of(node.slice, scope)]


def _call(node: Any, scope: Scope) -> Any:
    given = [value_of(argument, scope) for argument in node.args]
    words = {word.arg: value_of(word.value, scope) for word in node.keywords if word.arg}
    if isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
        return _FUNCTIONS[node.func.id](*given)
    if isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
        owner = value_of(node.func.value, scope)
        return (
            list(owner.items())
            if node.func.attr == "items"
            else _text_method(owner, node)(*given, **words)
        )
    raise Unknown


def _text_method(owner: Any, node: Any) -> Callable[..., Any]:
    if not isinstance(owner, str):
        raise Unknown
    method: Callable[..., Any] = getattr(owner, node.func.attr)
    return method


_METHODS = frozenset({"format", "join", "replace", "strip", "items"})
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "range": lambda *limits: list(range(*limits)),
    "product": lambda *lists: list(product(*lists)),
    "enumerate": lambda *given: list(enumerate(*given)),
    "zip": lambda *lists: list(zip(*lists, strict=False)),
    "str": str,
    "dedent": str,
    "tuple": tuple,
    "list": list,
}
_READERS: dict[type[ast.expr], Callable[[Any, Scope], Any]] = {
    ast.Constant: lambda node, _scope: node.value,
    ast.Name: _named,
    ast.Attribute: _named,
    ast.List: _several,
    ast.Tuple: lambda node, scope: tuple(_several(node, scope)),
    ast.Set: _several,
    ast.Dict: _table,
    ast.JoinedStr: _joined,
    ast.BinOp: _operation,
    ast.ListComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Subscript: _item,
    ast.Call: _call,
}
