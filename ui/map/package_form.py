"""Makes a map package in the window: the base maps that are shown, and areas of interest, in one file for laptops."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.errors import OperatorError
from fieldapp.operations import map_package
from fieldapp.operations.base_maps import BaseMap
from fieldapp.operations.map_package import ENDING, MapPackage
from fieldapp.texts import N_
from ui import theme
from ui.session import Session
from ui.widgets.banner import Banner, error_banner
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.cards import clear
from ui.widgets.labels import PlainLabel, secondary
from ui.widgets.progress import ProgressPanel


class PackageForm(QWidget):
    """``ended(QWidget)``: done or given up; a banner with what came of it, or None."""

    ended = Signal(object)

    def __init__(self, session: Session, every: Sequence[BaseMap]) -> None:
        super().__init__()
        self._session, self._texts = session, session.texts
        self._shown = [one for one in every if one.shown]
        self._areas: Path | None = None
        texts = self._texts
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(PlainLabel(texts(N_("Make a map package")), theme.BODY, theme.SEMIBOLD))
        names = "\n".join(one.title for one in reversed(self._shown)) or texts(N_("No base map is shown."))
        column.addWidget(PlainLabel(texts(N_("These base maps go into it, as they are shown here:")), wrap=True))
        column.addWidget(PlainLabel(names, wrap=True))
        self.areas = secondary(texts(N_("No areas of interest. They come from a GeoJSON file with polygons.")))
        column.addWidget(self.areas)
        self.choose = Button(texts(N_("Choose areas of interest")), "folder-open")
        self.choose.clicked.connect(self._choose_areas)
        self.go = PrimaryButton(texts(N_("Write map package")), "check")
        self.go.clicked.connect(self._choose_file)
        self.leave = Button(texts(N_("Cancel")), "x")
        self.leave.clicked.connect(lambda: self.ended.emit(None))
        beside = QHBoxLayout()
        beside.addWidget(self.choose)
        beside.addStretch(1)
        column.addLayout(beside)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.go)
        column.addLayout(row)
        self._said = QVBoxLayout()
        column.addLayout(self._said)
        self._enable()

    def take_areas(self, file: Path) -> None:
        """Put the areas of this file into it; whether they can be read is found when it is written."""
        self._areas = file
        self.areas.setText(self._texts(N_("Areas of interest: {file}"), file=file.name))
        self._enable()

    def write(self, file: Path) -> None:
        """Write the package; a large one takes minutes."""
        file = file.with_name(file.name + ("" if file.name.lower().endswith(ENDING) else ENDING))
        keys, areas = [one.key for one in self._shown], self._areas
        clear(self._said)
        panel = ProgressPanel(self._texts, self._session.clock)
        self._said.addWidget(panel)
        for button in (self.choose, self.leave, self.go):
            button.setEnabled(False)
        running = self._session.work(
            lambda ws, report, stop: map_package.make(
                ws, file, keys=keys, areas=areas, progress=report, cancelled=stop),
            self._done, self._failed, panel.report,
        )  # fmt: skip
        panel.cancelled.connect(running.cancel)

    def _enable(self) -> None:
        self.choose.setEnabled(True)
        self.leave.setEnabled(True)
        self.go.setEnabled(bool(self._shown) or self._areas is not None)

    def _choose_areas(self) -> None:
        texts = self._texts
        chosen, _kind = QFileDialog.getOpenFileName(
            self, texts(N_("Choose areas of interest")), "", f"{texts(N_('Areas in GeoJSON'))} (*.geojson *.json)"
        )  # fmt: skip
        if chosen:
            self.take_areas(Path(chosen))

    def _choose_file(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self, self._texts(N_("Write map package")), f"maps{ENDING}", f"*{ENDING}")  # fmt: skip
        if chosen:
            self.write(Path(chosen))

    def _done(self, made: MapPackage) -> None:
        texts = self._texts
        maps = texts.plural(N_("{count} base map"), N_("{count} base maps"), len(made.maps))
        areas = texts.plural(N_("{count} area of interest"), N_("{count} areas of interest"), made.areas)
        first = texts(N_("Map package written: {file}"), file=Path(made.file).name)
        how = texts(N_("On the laptop: Map, Base maps, add this file."))
        self.ended.emit(Banner("ok", first, f"{maps} · {areas}\n{how}"))

    def _failed(self, error: OperatorError) -> None:
        clear(self._said)
        self._said.addWidget(error_banner(error.parts(self._texts)))
        self._enable()
