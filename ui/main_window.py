"""The window: rail, top bar, the page, foot bar, and the keys. Wiring only; pages and widgets do the rest."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.texts import N_
from ui import canvas, theme
from ui.pages import pages_for
from ui.pages.page import Page
from ui.session import Session
from ui.widgets.banner import Chip
from ui.widgets.cards import EmptyState
from ui.widgets.frame import FootBar, Rail, RailItem, TopBar, scrolled


class MainWindow(QMainWindow):
    """The one window. Pages come from ``ui.pages`` by the session's role."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.pages: dict[str, Page] = {}
        self._current = ""
        self._closing = False
        self._outdated = False
        self.setWindowTitle("fieldapp")
        self.resize(*canvas.CANVAS_PX)
        self._rail = Rail([])
        self._top, self._foot = TopBar(), FootBar()
        self._stack = QStackedWidget()
        self._page_keys: list[QShortcut] = []
        self._lay_out()
        QShortcut(QKeySequence("F11"), self, self.toggle_full_screen)
        QShortcut(QKeySequence("F12"), self, self.change_theme)
        session.opened.connect(self.build_pages)
        session.language_changed.connect(self.build_pages)
        session.vocabularies_changed.connect(self._note_vocabularies)
        session.changed.connect(self._on_change)
        session.background.busy_changed.connect(self._on_busy)
        session.receiver.told.connect(self._show_chip)
        self.build_pages()

    def _lay_out(self) -> None:
        whole = self._whole = QWidget()
        whole.setObjectName("canvas")
        self._row = QHBoxLayout(whole)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._top)
        right.addWidget(self._stack, 1)
        right.addWidget(self._foot)
        self._row.addWidget(self._rail)
        self._row.addLayout(right, 1)
        self.setCentralWidget(whole)

    def build_pages(self) -> None:
        """Make all pages again, in the present language and role, and show the one that was open."""
        wanted = self._current
        self._clear_pages()
        classes = pages_for(self.session.role)
        for made in classes:
            page = made(self.session)
            page.go.connect(self.open_page)
            page.frame_changed.connect(self._show_frame)
            self.pages[made.key] = page
            self._stack.addWidget(scrolled(page))
            if made.shortcut:
                key = QShortcut(QKeySequence(made.shortcut), self, lambda key=made.key: self.open_page(key))
                self._page_keys.append(key)
        self._build_rail(classes)
        if not classes:
            self._stack.addWidget(EmptyState(self.session.texts(N_("There is nothing here yet."))))
            self._foot.hide()
            return
        self._current = ""
        self.open_page(wanted if wanted in self.pages else classes[0].key)

    def _clear_pages(self) -> None:
        for key in self._page_keys:
            key.setEnabled(False)
            key.deleteLater()
        self._page_keys = []
        self.pages = {}
        self._foot.set_actions([])
        while (old := self._stack.widget(0)) is not None:
            self._stack.removeWidget(old)
            old.deleteLater()

    def _build_rail(self, classes: tuple[type[Page], ...]) -> None:
        texts = self.session.texts
        shown = [page for page in classes if page.in_rail]
        fresh = Rail([RailItem(page.key, page.icon, texts(page.word or page.title), page.low) for page in shown])
        fresh.asked.connect(self.open_page)
        self._row.replaceWidget(self._rail, fresh)
        self._rail.hide()
        self._rail.deleteLater()
        self._rail = fresh

    def current_page(self) -> Page | None:
        """The page that is open."""
        return self.pages.get(self._current)

    def open_page(self, key: str, what: object = None) -> None:
        """Show the page ``key``; ``what`` is handed to it. Nothing happens for a page this role does not have."""
        page = self.pages.get(key)
        open_now = self.current_page()
        if page is None or (open_now is not None and open_now is not page and not open_now.leave()):
            return
        if self._outdated and open_now is not page:
            self._outdated, self._current = False, key
            self.build_pages()
            page = self.pages[key]
        self._current = key
        self._stack.setCurrentIndex(list(self.pages).index(key))
        self._rail.set_current(key)
        if what is not None:
            page.open_with(what)
        page.refresh()
        self._show_frame()
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_frame(self) -> None:
        page = self.current_page()
        if page is None:
            return
        self._top.show_page(page.heading(), page.subtitle(), page.chip())
        self.setWindowTitle(f"{page.heading()} \u2013 fieldapp")
        actions = page.foot_actions()
        line, icon, tone = page.foot_line()
        self._foot.set_actions(actions)
        self._foot.say(line, icon, tone)
        self._foot.setVisible(bool(actions))

    def _show_chip(self, _state: object) -> None:
        """What the receiver says changes while a page stands still."""
        page = self.current_page()
        chip = page.chip() if page is not None else None
        if isinstance(chip, Chip) and chip.text() != self._top.chip_text():
            self._top.show_chip(chip)
        elif chip is not None:
            chip.deleteLater()

    def _note_vocabularies(self) -> None:
        """The pages are made again when the person goes to another one: what is shown now stays as it is."""
        self._outdated = True

    def _on_change(self, _result: object) -> None:
        page = self.current_page()
        if page is not None:
            page.refresh()

    def toggle_full_screen(self) -> None:
        """F11."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def change_theme(self) -> None:
        """F12: sun, day, night."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, theme.next_theme(theme.current().name))

    def scroll_area(self) -> QScrollArea | None:
        """The area the open page scrolls in."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, QScrollArea) else None

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close when nothing is under way; else ask it to stop and close once it has."""
        page = self.current_page()
        if page is not None and not page.leave():
            event.ignore()
            return
        if self.session.background.is_busy():
            self._closing = True
            self.session.background.cancel_all()
            texts = self.session.texts
            self._top.show_page(texts(N_("Closing")), texts(N_("What is under way comes to its end first.")))
            self._whole.setEnabled(False)
            event.ignore()
            return
        self.session.close()
        event.accept()

    def _on_busy(self, busy: bool) -> None:
        if self._closing and not busy:
            self.close()
