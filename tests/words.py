"""Every sentence the product can say, collected from its source and its registries."""

import ast
from collections.abc import Iterator
from pathlib import Path

from dashboard.words import WORDS
from data.metrics import METRICS

ROOT = Path(__file__).parent.parent
FOLDERS = ("dashboard", "pages", "callbacks", "data")
SAYING = {  # a call of this name says its first so many arguments
    "_": 1,
    "several": 2,
    "later": 1,
    "Refused": 1,
    "NotFound": 1,
    "Forbidden": 1,
    "Unreadable": 1,
    "rate": 1,
    "measure": 1,
    "beside_naive": 1,
    "call_length": 1,
}
KEYWORDS = {"title", "called", "says", "empty", "counts"}
IMPORTER = ROOT / "data" / "importing"
CONSTANTS = {"NAME", "GROUPS", "TITLES", "UNITS"}


def spoken() -> dict[str, str]:
    """Each sentence, and a place where it is said."""
    found: dict[str, str] = {}
    for file in _sources():
        place = str(file.relative_to(ROOT))
        tree = ast.parse(file.read_text("utf-8"))
        importing = IMPORTER in file.parents
        for sentence in _of_importer(tree) if importing else _in_source(tree):
            found.setdefault(sentence, place)
    for words in WORDS.values():
        found.update(dict.fromkeys(words.values(), "dashboard/words.py"))
    for metric in METRICS.values():
        found.update({metric.title: metric.code, metric.definition: metric.code})
    return {sentence: place for sentence, place in found.items() if sentence.strip()}


def _sources() -> list[Path]:
    """Our modules; the fictional people of the demo speak for themselves."""
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in files if "demo" not in path.parts)


def _in_source(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _in_call(node)
        elif isinstance(node, ast.Assign) and _name(node.targets[0]) in CONSTANTS:
            yield from _words_of(node.value)


def _in_call(call: ast.Call) -> Iterator[str]:
    for argument in call.args[: SAYING.get(_name(call.func), 0)]:
        yield from _words_of(argument)
    for keyword in call.keywords:
        if keyword.arg in KEYWORDS:
            yield from _words_of(keyword.value)


def _of_importer(tree: ast.Module) -> Iterator[str]:
    """What the importer says: any whole sentence that is no docstring, wherever it stands."""
    constants = {
        _name(node.targets[0]): node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }
    parts = {part for node in ast.walk(tree) for part in _quiet(node)}
    for node in ast.walk(tree):
        if node not in parts and isinstance(node, ast.Constant | ast.JoinedStr):
            said = _put_together(node, constants)
            if " " in said and said.endswith("."):
                yield said


def _quiet(node: ast.AST) -> list[ast.AST]:
    """Strings that are not said by themselves: docstrings, and the parts of a longer one."""
    if isinstance(node, ast.Expr):
        return [node.value]
    return list(node.values) if isinstance(node, ast.JoinedStr) else []


def _put_together(node: ast.Constant | ast.JoinedStr, constants: dict[str, object]) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else str(constants.get(_name(part.value)))
        for part in node.values
    )


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _words_of(node: ast.expr) -> Iterator[str]:
    """The strings that this expression can be: itself, or one of a choice, tuple or table."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_words_of(node.body), *_words_of(node.orelse))
    elif isinstance(node, ast.Tuple | ast.List):
        for part in node.elts:
            yield from _words_of(part)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _words_of(value)
