"""The rules of the house, read from the source itself: layers, single importers, sizes, names, what lies where."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = (
    {"fieldapp.errors", "fieldapp.clock", "fieldapp.ids", "fieldapp.texts"},
    {"fieldapp.domain"},
    {"fieldapp.storage", "fieldapp.geodesy", "fieldapp.gnss"},
    {"fieldapp.sync", "fieldapp.reports", "fieldapp.exchange"},
    {"fieldapp.operations"},
    {"fieldapp.cli", "ui"},
)
"""From what everything stands on to what the person touches. A layer may import every layer before it."""

UI_MAY_IMPORT = {"operations", "domain", "geodesy", "gnss", "texts", "errors", "clock", "ids"}
ONLY_IMPORTER = {
    "pyproj": "fieldapp.geodesy",
    "sqlite_utils": "fieldapp.storage",
    "sqlcipher3": "fieldapp.storage",
    "sqlite3": "fieldapp.storage fieldapp.exchange",
    "rasterio": "fieldapp.exchange",
    "PySide6": "ui",
    "shiboken6": "ui",
}
ESSENTIALS = {"QtCore", "QtGui", "QtWidgets", "QtSvg", "QtSvgWidgets", "QtPrintSupport", "QtTest"}
"""The modules of Qt we use. QtSql's own SQLite ignores our locks; QtWebEngine and the Addons are not installed."""

RANDOM_MODULES = {"random", "secrets", "uuid"}
CLOCK_CALLS = {
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "os.urandom", "numpy.random"),
    *("datetime.now", "datetime.today", "datetime.utcnow", "date.today"),
    *("QDateTime.currentDateTime", "QDateTime.currentDateTimeUtc", "QDate.currentDate", "QTime.currentTime"),
    *("QRandomGenerator.global_", "QRandomGenerator.system", "QUuid.createUuid"),
}
TOP_LEVEL = {"pyproject.toml", "fieldapp", "ui", "tests", "packaging", "README.md", "LICENSE", "CHANGELOG.md"}
VAGUE = {"manager", "helper", "helpers", "util", "utils", "misc"}
LONGEST_MODULE_LINES = 450
LONGEST_FUNCTION_LINES = 60


@cache
def committed() -> tuple[Path, ...]:
    """Every file git knows or would add, relative to the checkout."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(Path(line) for line in listed.splitlines() if (ROOT / line).exists())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


def python_files(*tops: str) -> Iterator[Path]:
    return (path for path in committed() if path.suffix == ".py" and path.parts[0] in tops)


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module a file imports, at any depth of its code, with the line. ``from a import b`` gives ``a.b``."""
    package = path.parent.parts
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            base += node.module.split(".") if node.module else []
            yield from ((".".join([*base, alias.name]), node.lineno) for alias in node.names)


def inside(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def layer(module: str) -> tuple[int, str] | None:
    """The rank of a module and the name of the part of the program it belongs to."""
    if inside(module, "fieldapp.__main__"):
        return layer("fieldapp.cli")
    for rank, parts in enumerate(LAYERS):
        for part in parts:
            if inside(module, part):
                return rank, part
    return None


def layer_offence(importer: str, imported: str) -> str | None:
    """Why ``importer`` must not import ``imported``, or nothing."""
    target = layer(imported)
    if importer == "fieldapp" and inside(imported, "fieldapp"):
        return "the package itself imports nothing"
    source = layer(importer)
    if source is None or target is None:
        return None
    if source[1] == "ui" and target[1] != "ui" and target[1].split(".")[1] not in UI_MAY_IMPORT:
        return "the window goes through operations"
    if source[1] == target[1] or source[0] == target[0] == 0:
        return None
    return None if target[0] < source[0] else "not a layer below"


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("fieldapp.domain.kinds", "fieldapp.storage.database"),
        ("fieldapp.sync.bundle", "fieldapp.reports.weekly"),
        ("fieldapp.storage.journal", "fieldapp.geodesy.area"),
        ("fieldapp.operations.finds", "fieldapp.cli"),
        ("fieldapp.errors", "fieldapp.domain.kinds"),
        ("ui.app", "fieldapp.sync.bundle"),
        ("ui.app", "fieldapp.storage"),
        ("fieldapp", "fieldapp.texts"),
    ],
)
def test_the_layer_rule_sees_an_import_that_goes_up_or_sideways(importer: str, imported: str) -> None:
    assert layer_offence(importer, imported)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("fieldapp.domain.kinds", "fieldapp.domain.fields"),
        ("fieldapp.operations.finds", "fieldapp.storage.journal"),
        ("fieldapp.errors", "fieldapp.texts.N_"),
        ("ui.app", "fieldapp.operations.finds"),
        ("ui.app", "ui.theme"),
    ],
)
def test_the_layer_rule_lets_an_import_downwards_pass(importer: str, imported: str) -> None:
    assert layer_offence(importer, imported) is None


def test_imports_go_down_the_layers_only() -> None:
    offences = [
        f"{path}:{line} imports {imported}: {why}"
        for path in python_files("fieldapp", "ui")
        for imported, line in imports(path)
        if (why := layer_offence(module_name(path), imported))
    ]
    assert not offences


def test_every_module_belongs_to_a_layer() -> None:
    known = {module_name(path) for path in python_files("fieldapp", "ui")} - {"fieldapp"}
    assert [name for name in sorted(known) if layer(name) is None] == []


def test_a_library_has_its_one_importer() -> None:
    offences = []
    for path in python_files("fieldapp", "ui"):
        for imported, line in imports(path):
            importers = ONLY_IMPORTER.get(imported.split(".")[0], "").split()
            if importers and not any(inside(module_name(path), importer) for importer in importers):
                offences.append(f"{path}:{line} imports {imported}")
    assert not offences


def test_fieldapp_knows_no_window() -> None:
    assert not [
        f"{path}:{line}"
        for path in python_files("fieldapp")
        for imported, line in imports(path)
        if imported.split(".")[0] in {"ui", "PySide6", "pytestqt"}
    ]


def test_only_the_essential_modules_of_qt_are_used() -> None:
    offences = []
    for path in python_files("fieldapp", "ui", "tests", "packaging"):
        for imported, line in imports(path):
            parts = imported.split(".")
            if parts[0] == "PySide6" and (len(parts) == 1 or parts[1] not in ESSENTIALS):
                offences.append(f"{path}:{line} imports {imported}")
    assert not offences


def test_time_and_randomness_come_from_clock_and_ids_only() -> None:
    offences = []
    for path in python_files("fieldapp", "ui"):
        if path.as_posix() in {"fieldapp/clock.py", "fieldapp/ids.py"}:
            continue
        for imported, line in imports(path):
            if imported.split(".")[0] in RANDOM_MODULES or imported in CLOCK_CALLS:
                offences.append(f"{path}:{line} imports {imported}")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and ".".join(ast.unparse(node).split(".")[-2:]) in CLOCK_CALLS:
                offences.append(f"{path}:{node.lineno} uses {ast.unparse(node)}")
    assert not offences


def test_a_module_fits_in_a_head_and_a_function_on_a_screen() -> None:
    offences = []
    for path in python_files("fieldapp", "ui", "packaging", "tests"):
        if path.as_posix() == "tests/oracle/merge_oracle.py":
            continue
        lines = (ROOT / path).read_text(encoding="utf-8").count("\n")
        if lines > LONGEST_MODULE_LINES:
            offences.append(f"{path} has {lines} lines")
        if path.parts[0] != "tests":
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.FunctionDef) and node.end_lineno:
                    length = node.end_lineno - node.lineno + 1
                    if length > LONGEST_FUNCTION_LINES:
                        offences.append(f"{path}:{node.lineno} {node.name} has {length} lines")
    assert not offences


def undocumented(path: Path) -> Iterator[str]:
    """Public modules, classes, functions and methods without a docstring; names Qt chose (mixedCase) need none."""
    module = tree(path)
    if not ast.get_docstring(module) and module.body:
        yield str(path)
    pending: list[ast.Module | ast.ClassDef] = [module]
    while pending:
        for node in pending.pop().body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            if is_class := isinstance(node, ast.ClassDef):
                pending.append(node)
            chosen_by_qt = path.parts[0] == "ui" and not is_class and re.search("[a-z][A-Z]", node.name)
            decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
            another_form = any(name.endswith((".setter", "overload")) for name in decorators)
            if not ast.get_docstring(node) and not chosen_by_qt and not another_form:
                yield f"{path}:{node.lineno} {node.name}"


def test_everything_public_says_what_it_is() -> None:
    assert not [name for path in python_files("fieldapp", "ui", "packaging") for name in undocumented(path)]


def test_no_name_is_vague() -> None:
    offences = []
    for path in python_files("fieldapp", "ui", "packaging", "tests"):
        named = [(part, 1) for part in path.with_suffix("").parts]
        named += [(node.name, node.lineno) for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]
        for name, line in named:
            words = re.findall("[A-Z]?[a-z0-9]+|[A-Z]+", name)
            if VAGUE & {word.lower() for word in words}:
                offences.append(f"{path}:{line} {name}")
    assert not offences


def test_nothing_is_left_for_later() -> None:
    """No test is skipped or expected to fail, save where the operating system lacks what it tests."""
    offences = []
    asks_the_system = "tests/terminals.py"  # a bare chroot has no pseudo-terminals
    for path in python_files("fieldapp", "ui", "packaging", "tests"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call | ast.Attribute | ast.Raise) or path.as_posix().endswith(asks_the_system):
                continue
            text = ast.unparse(node)
            unfinished = text.startswith(("raise NotImplementedError", "pytest.importorskip", "pytest.skip("))
            if unfinished or text in {"pytest.mark.skip", "pytest.mark.xfail", "pytest.xfail"}:
                offences.append(f"{path}:{node.lineno} {text}")
            if text.startswith("pytest.mark.skipif(") and "sys.platform" not in text:
                offences.append(f"{path}:{node.lineno} {text}")
    assert not offences


def test_the_top_of_the_checkout_stays_readable() -> None:
    tops = {path.parts[0] for path in committed()}
    assert {name for name in tops if not name.startswith(".")} == TOP_LEVEL


def test_packaging_is_no_package() -> None:
    assert not [path for path in committed() if path.name == "__init__.py" and path.parts[0] in {"packaging", "tests"}]


def test_the_readme_can_be_read_in_one_go() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert 80 <= len(lines) <= 120


def test_this_qt_does_not_lose_references_to_none() -> None:
    """PySide6 6.12.0 on Python 3.11 loses one at every call that returns nothing, and aborts after some thousand."""
    code = (
        "from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter\n"
        "app = QGuiApplication([])\n"
        "image = QImage(8, 8, QImage.Format.Format_RGB32)\n"
        "painter = QPainter(image)\n"
        "colour = QColor(0, 0, 0)\n"
        "for _ in range(100_000):\n"
        "    painter.setPen(colour)\n"
        "painter.end()\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
