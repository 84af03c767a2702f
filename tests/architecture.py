"""The rules of the code base as functions over source text: each returns the sentences that say what is wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
# One file on purpose: an officer carries it to a machine of his own and reads it there from top to bottom.
LONGER_FILES = {"appliance/audit/verifier/strongroom_verify.py": 1400}
MAX_NESTING = 3
MAX_PARAMETERS = 5

MAY_IMPORT = {
    "extraction": {"extraction"},
    "models_store": {"models_store", "extraction"},
    "appliance": {"appliance", "models_store", "extraction"},
}
NOT_IN_LIBRARIES = {"django", "celery", "kombu", "psycopg", "socket", "http", "urllib", "requests", "httpx", "aiohttp"}
NETWORK_PIECES = {"urllib.parse", "http.HTTPStatus"}  # take text apart, open no connection
ONE_IMPORTER = {
    # models_store/convert.py quantizes with the functions of the engine that later reads the file
    "llama_cpp": ("extraction/language_model", "models_store/convert.py", "models_store/starter/"),
    "llguidance": ("extraction/language_model", "extraction/grammar", "models_store/starter/"),
    "pypdf": ("extraction/read/",),
    "pypdfium2": ("extraction/read/",),
    "rapidocr": ("extraction/read/ocr",),
    "onnxruntime": ("extraction/read/ocr",),
    "torch": ("models_store/tuning/", "models_store/starter/"),
    "transformers": ("models_store/tuning/", "models_store/starter/"),
    "peft": ("models_store/tuning/", "models_store/starter/"),
}
FORBIDDEN_WORDS = {"utils", "util", "helpers", "helper", "common", "misc"}
BROAD_EXCEPT_ALLOWED = ("tasks.py", "extraction/read/child.py", "appliance/audit/verifier/strongroom_verify.py")
NESTING = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its path from the root of the repository, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def package(self) -> str:
        return PurePosixPath(self.path).parts[0]


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything imported, also inside functions."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module or '.'}.{alias.name}") for alias in node.names)


def wrong_direction(source: Source) -> list[str]:
    """appliance -> models_store -> extraction, and no framework or network in the two libraries."""
    found = []
    for line, name in imports(source):
        top = name.partition(".")[0]
        is_ours = top in MAY_IMPORT and top not in MAY_IMPORT[source.package]
        is_outside = source.package != "appliance" and top in NOT_IN_LIBRARIES and not _harmless(name)
        if is_ours or is_outside or top == "tests":
            found.append(f"{source.path}:{line} imports {name}")
    return found


def second_importer(source: Source) -> list[str]:
    """A heavy library is imported only where its types are turned into ours."""
    found = []
    for line, name in imports(source):
        allowed = ONE_IMPORTER.get(name.partition(".")[0])
        if allowed and not source.path.startswith(allowed):
            found.append(f"{source.path}:{line} imports {name}")
    return found


def too_big(source: Source) -> list[str]:
    """Lines of a file and of each function, its docstring not counted."""
    lines = source.text.count("\n")
    longest = LONGER_FILES.get(source.path, MAX_FILE_LINES)
    found = [f"{source.path} has {lines} lines"] if lines > longest else []
    for function in functions(source):
        length = function_lines(function)
        if length > MAX_FUNCTION_LINES:
            found.append(f"{source.path}:{function.lineno} {function.name} has {length} lines")
    return found


def too_deep(source: Source) -> list[str]:
    return [
        f"{source.path}:{function.lineno} {function.name} nests {depth} deep"
        for function in functions(source)
        if (depth := nesting(function)) > MAX_NESTING
    ]


def too_many_parameters(source: Source) -> list[str]:
    """`self` and `cls` do not count, nor do *args and **kwargs."""
    return [
        f"{source.path}:{function.lineno} {function.name} takes {count} parameters"
        for function in functions(source)
        if (count := len(parameters(function))) > MAX_PARAMETERS
    ]


def forbidden_name(source: Source) -> list[str]:
    """Names that say nothing, and names that keep an old version beside the new one."""
    words = {word for part in PurePosixPath(source.path).with_suffix("").parts for word in part.split("_")}
    versions = [part for part in PurePosixPath(source.path).with_suffix("").parts if part[-3:-1] == "_v"]
    return [source.path] if words & FORBIDDEN_WORDS or versions else []


def broad_except(source: Source) -> list[str]:
    """A bare `except`, or one for (Base)Exception, outside of the places where a failure of any kind is recorded."""
    if source.path.endswith(BROAD_EXCEPT_ALLOWED):
        return []
    handlers = [node for node in ast.walk(source.tree) if isinstance(node, ast.ExceptHandler)]
    return [f"{source.path}:{handler.lineno}" for handler in handlers if _is_broad(handler) and not _raises(handler)]


def without_future_annotations(source: Source) -> list[str]:
    """Files of statements start with the future import; empty ones and docstrings alone do not need it."""
    statements = [node for node in source.tree.body if not isinstance(node, ast.Expr)]
    has_it = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in statements)
    return [source.path] if statements and not has_it else []


def functions(source: Source) -> list[Function]:
    return [node for node in ast.walk(source.tree) if isinstance(node, Function)]


def function_lines(function: Function) -> int:
    docstring = function.body[0] if ast.get_docstring(function) else None
    hidden = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - hidden


def nesting(node: ast.AST) -> int:
    """How many blocks stand in each other; `elif` does not count as deeper, an inner function starts anew."""
    deepest = 0
    for name, child in _children(node):
        if isinstance(child, Function | ast.ClassDef | ast.Lambda):
            continue
        is_elif = name == "orelse" and isinstance(node, ast.If) and isinstance(child, ast.If) and len(node.orelse) == 1
        step = 1 if isinstance(child, NESTING) and not is_elif else 0
        deepest = max(deepest, step + nesting(child))
    return deepest


def parameters(function: Function) -> list[str]:
    arguments = function.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return [name for name in names if name not in {"self", "cls"}]


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield name, child


def _harmless(name: str) -> bool:
    return any(name == piece or name.startswith(f"{piece}.") for piece in NETWORK_PIECES)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}) for kind in kinds
    )


def _raises(handler: ast.ExceptHandler) -> bool:
    """One that ends in a bare `raise` hides nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None
