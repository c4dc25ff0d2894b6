"""Text from records is plain text everywhere: labels are made in one module, markup and message boxes nowhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

import ui
from ui.widgets.labels import PlainLabel

UI = Path(ui.__file__ or "").parent
LABELS = UI / "widgets" / "labels.py"
FORBIDDEN_NAMES = {"QLabel", "QMessageBox", "QTextBrowser", "QTextEdit", "QPushButton", "QToolTip", "QWhatsThis"}
FORBIDDEN_CALLS = {"setHtml", "appendHtml", "setToolTip", "setWhatsThis", "insertHtml", "setMarkdown"}


def offences(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES:
            found.append(f"{path.name}:{node.lineno} {node.id}")
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_NAMES | FORBIDDEN_CALLS:
            found.append(f"{path.name}:{node.lineno} {node.attr}")
    return found


def test_no_module_but_the_labels_makes_a_bare_label_box_tool_tip_or_html() -> None:
    assert [found for path in sorted(UI.rglob("*.py")) if path != LABELS for found in offences(path)] == []


def test_the_check_itself_sees_a_bare_label(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("label = QLabel('x')\nlabel.setToolTip('y')\n", encoding="utf-8")
    assert len(offences(bad)) == 2


@pytest.mark.parametrize("text", ["<b>PMN-2</b>", "<img src='http://x/y.png'>", "a & b"])
def test_markup_in_a_record_is_shown_as_it_is(app: QApplication, text: str) -> None:
    label = PlainLabel(text)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == text
    assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(text)
