"""The position block over a receiver on a pseudo-terminal: what it shows, what it takes and what it refuses.

The clock of these laptops stands still until a test lets time pass: a position grows stale when the test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp.clock import SetClock
from fieldapp.gnss.sources import Connection, SourceLost
from fieldapp.ids import SeededEntropy
from fieldapp.operations import drafts, known_point, receiver_choice
from fieldapp.operations.joining import start_alone
from fieldapp.operations.receiver_choice import Choice
from fieldapp.operations.workspace import open_workspace
from tests import builders
from tests.builders import a_find
from tests.builders_receiver import Talker, quiet_receiver
from tests.ui.layout import clipped_texts, small_targets
from tests.ui.pages.desk import CTRL, SHIFT, Desk, Key
from ui import receiver, sound
from ui.forms.find_form import FindForm
from ui.pages.settings import SettingsPage
from ui.widgets.position_given import AVERAGE, LIVE

AGHDAM = (39.9911, 46.93)
SHOWN = "39.991100° N 46.930000° E"


class Field:
    """A laptop in the field, its receiver, and the sounds it makes."""

    def __init__(self, qtbot: QtBot, folder: Path, talker: Talker, language: str = "en") -> None:
        self.clock = SetClock(datetime(2026, 11, 15, 14, 22, 8, tzinfo=UTC))
        ws = start_alone(
            folder, "Aysel", clock=self.clock, entropy=SeededEntropy("field"), use_keyring=False
        )  # fmt: skip
        receiver_choice.keep(ws, Choice("serial", talker.port, "9600"))
        self.talker, self.qtbot = talker, qtbot
        self.desk = Desk(qtbot, folder, ws, language)

    @property
    def form(self) -> FindForm:
        """The Find form."""
        return self.desk.find().form

    def hear(self, moments: int = 6, status: str = "live") -> None:
        """The receiver speaks, until the window knows what it said."""
        receiver = self.desk.session.receiver

        def told() -> bool:
            self.talker.say(moments)
            receiver.poll()
            state = receiver.state()
            return state is not None and state.status == status

        self.qtbot.waitUntil(told, timeout=30_000)
        receiver.poll()
        self.desk.settle()

    def silence(self, seconds: float) -> None:
        """Time passes, and nothing is heard."""
        self.clock.pass_time(seconds)
        self.desk.session.receiver.poll()
        self.desk.settle()

    def banner(self) -> tuple[str, str]:
        """What the state banner says."""
        return self.form.position._banner.words()


@pytest.fixture
def sounds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sounds made."""
    made: list[int] = []
    monkeypatch.setattr(sound, "alarm", lambda: made.append(1))
    return made


@pytest.fixture
def field(app: QApplication, qtbot: QtBot, tmp_path: Path, sounds: list[int]) -> Iterator[Field]:
    with quiet_receiver() as talker:
        made = Field(qtbot, tmp_path / "laptop", talker)
        made.desk.open("find")
        yield made
        made.desk.close()


def test_f5_takes_the_live_fix_and_it_is_saved_with_all_that_is_known_of_it(field: Field) -> None:
    field.hear()
    assert field.form.position.way() == LIVE
    assert field.form.position.first.text() == SHOWN
    field.desk.press(Key.Key_F5)
    assert field.banner()[0] == "Position taken"
    assert field.desk.focus() is field.form.model.line
    field.talker.place = (39.9912, 46.93)
    field.hear()
    assert field.form.position.first.text() == SHOWN, "what was taken stays"
    field.desk.type("pmn2")
    field.desk.press(Key.Key_Return, CTRL)
    (saved,) = field.desk.saved()
    assert (saved["fixed_by"], saved["fix_type"], saved["satellites"], saved["hdop"]) == ("live_fix", "DGNSS", 14, 0.8)
    assert (round(saved["lat"], 5), round(saved["lon"], 5), saved["typed_text"]) == (*AGHDAM, None)
    assert saved["accuracy_m"] > 0
    assert saved["gnss_time"].startswith("2026-11-22T")


def test_a_stale_position_is_grey_sounds_and_is_not_taken(field: Field, sounds: list[int]) -> None:
    field.hear()
    field.silence(14)
    assert len(sounds) == 1, "it is heard when the fix is lost"
    assert field.banner()[0] == "Position stale: 14 s"
    assert field.form.position.first.tone() == "stale"
    assert not field.form.position.live.take.isEnabled()
    assert "14 s" in field.form.position.live.take.text()
    field.desk.press(Key.Key_F5)
    assert len(sounds) == 2
    assert field.form.position.live.refused.text() == "The receiver is silent: its last position is 14 s old."
    assert field.form.position.text() == ""
    field.silence(3)
    assert "17 s" in field.form.position.live.take.text()
    field.hear()
    for _ in range(12):
        field.desk.session.receiver.poll()
    assert field.form.position.live.refused.text() == ""
    assert field.form.position.live.take.isEnabled()


def test_an_average_states_its_spread_and_survives_the_silence(field: Field) -> None:
    field.hear()
    field.desk.press(Key.Key_F5, SHIFT)
    field.hear(12)
    assert field.banner()[0].startswith("Averaging: spread 0")
    field.silence(20)
    assert field.form.position.live.average.isVisible()
    field.desk.press(Key.Key_F5)
    assert field.form.position.text() == "", "the key takes nothing that is stale"
    field.form.position.live.average.click()
    assert field.banner()[0] == "Position taken: average"
    field.desk.type("pmn2")
    field.desk.press(Key.Key_Return, CTRL)
    (saved,) = field.desk.saved()
    assert (saved["fixed_by"], saved["accuracy_basis"]) == (AVERAGE, "spread")


def test_an_average_that_a_change_of_datum_ended_is_begun_again_by_the_same_button(field: Field) -> None:
    field.hear()
    field.desk.press(Key.Key_F5, SHIFT)
    field.hear(8)
    field.talker.datum = "S42"
    field.hear(2, "other_datum")
    field.hear(8)
    take = field.form.position.live.take
    assert (take.text(), take.isEnabled()) == ("Average again", True)
    take.click()
    assert field.form.position.text() == "", "one fix is no average"
    field.hear(12)
    field.qtbot.waitUntil(take.isEnabled, timeout=30_000)
    assert take.text() == "Take the average"
    field.desk.press(Key.Key_F5)
    assert field.banner()[0] == "Position taken: average"


def test_a_receiver_in_an_unknown_datum_is_refused_in_words(field: Field, sounds: list[int]) -> None:
    field.hear()
    field.talker.datum = "P90"
    field.hear(2, "other_datum")
    assert field.banner()[0] == "Other datum"
    field.desk.press(Key.Key_F5)
    assert field.form.position.text() == ""
    assert len(sounds) == 2


def test_a_dropped_receiver_is_said_and_taken_up_again(field: Field) -> None:
    field.hear()
    field.talker.drop()
    field.qtbot.waitUntil(lambda: field.banner()[0] == "Receiver lost", timeout=30_000)
    assert not field.form.position.live.take.isEnabled()


def test_after_a_restart_the_drafts_position_is_the_one_taken_before(field: Field, qtbot: QtBot) -> None:
    field.hear()
    field.desk.press(Key.Key_F5)
    field.desk.type("pmn2")
    field.desk.settle()
    taken = field.form.position.text()
    folder, clock = field.desk.ws.folder, field.clock
    field.desk.close()
    clock.pass_time(3600)
    again = field.desk = Desk(qtbot, folder, open_workspace(folder, clock=clock))
    again.open("find")
    assert again.find().form.position.text() == taken
    assert field.banner() == (
        "Position taken before the restart, at 14:22",
        "Kept as it was taken. If this is another place, take it again.",
    )
    field.talker.place = (39.9999, 46.95)
    field.hear()
    again.find().form.model.setFocus()
    again.press(Key.Key_S, CTRL)
    (saved,) = again.saved()
    assert round(saved["lat"], 5) == AGHDAM[0]
    assert saved["fixed_by"] == LIVE


def test_bearing_and_distance_by_one_key_from_the_last_find(field: Field) -> None:
    here = a_find(field.desk.ws, position="39.991100 46.930000")
    field.desk.open("find")
    field.desk.press(Key.Key_F8)
    field.desk.type("90")
    field.desk.press(Key.Key_Return)
    field.desk.type("100")
    assert field.banner()[0] == "Position measured by hand"
    field.desk.press(Key.Key_Return)
    assert field.desk.focus() is field.form.model.line
    field.desk.type("pmn2")
    field.desk.press(Key.Key_Return, CTRL)
    saved = field.desk.saved()[0]
    assert (saved["fixed_by"], saved["accuracy_basis"]) == ("bearing_distance", "computed")
    assert saved["satellites"] is None
    assert str(here.fields["local_id"]) in saved["typed_text"]
    kept = drafts.kept(field.desk.ws)
    assert kept == []


def test_the_known_point_is_asked_for_once_a_day_and_its_difference_kept(field: Field) -> None:
    field.hear()
    field.desk.open("today")
    card = field.desk.today().known_point
    assert card.isVisible()
    card.field.set_text("39.9911 46.9301")
    card.check.click()
    field.desk.settle()
    checked = known_point.of_day(field.desk.ws, field.clock.now().date())
    assert checked.off_m is not None
    assert 8 < checked.off_m < 9
    field.desk.open("find")
    field.desk.open("today")
    field.desk.settle()
    assert "8.5 m" in " ".join(known_point.in_words(checked, field.desk.session.texts).split())


def test_a_receiver_is_chosen_on_the_settings_page(field: Field) -> None:
    field.hear()
    field.desk.open("settings")
    page = field.desk.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    card = page.receiver
    assert card.choice().port == field.talker.port
    card.source.set_text("off")
    card.use.click()
    field.desk.settle()
    assert field.desk.session.receiver.state() is None
    assert receiver_choice.kept(field.desk.ws).source == "off"
    card.source.set_text("serial")
    card.speed.set_text("fast")
    card.use.click()
    field.desk.settle()
    assert receiver_choice.kept(field.desk.ws).source == "off"
    assert field.desk.session.receiver.state() is None


def test_without_a_receiver_f5_says_what_can_be_done(field: Field, sounds: list[int]) -> None:
    field.desk.session.listen(Choice())
    field.desk.settle()
    field.desk.press(Key.Key_F5)
    assert field.banner()[0] == "No receiver is chosen"
    assert len(sounds) == 1


@pytest.mark.parametrize("language", ["az", "ru"])
def test_no_state_of_the_block_is_clipped(
    app: QApplication, qtbot: QtBot, tmp_path: Path, language: str, sounds: list[int]
) -> None:
    with quiet_receiver() as talker:
        field = Field(qtbot, tmp_path / "laptop", talker, language)
        a_find(field.desk.ws)
        field.desk.open("find")
        try:
            field.hear()
            acts: list[Callable[[], object]] = [
                lambda: None, lambda: field.desk.press(Key.Key_F5, SHIFT), lambda: field.hear(12),
                lambda: field.silence(14), field.form.position.live.average.click,
                lambda: field.desk.press(Key.Key_F8), lambda: field.form.position.bearing.bearing.set_text("212"),
                lambda: field.form.position.bearing.distance.set_text("34"),
                lambda: field.form.position.use("baseline"), lambda: field.form.position.use("typed"),
                field.form.position.typed.button.click,
            ]  # fmt: skip
            for act in acts:
                act()
                field.desk.settle()
                assert clipped_texts(field.desk.window) == []
                assert small_targets(field.desk.window) == []
        finally:
            field.desk.close()


class Hanging:
    """A receiver whose driver never comes back."""

    name, replayed = "hanging", False

    def __init__(self) -> None:
        self.reached, self.let_go = Event(), Event()

    def open(self, stopped: Event) -> Connection:
        """Hang."""
        self.reached.set()
        self.let_go.wait()
        raise SourceLost("let go at the end of the test")


def test_the_window_opens_and_closes_with_a_receiver_that_hangs(
    app: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = Hanging()
    monkeypatch.setattr(receiver, "source_of", lambda _choice: hanging)
    desk = Desk(qtbot, tmp_path / "laptop", builders.alone(tmp_path / "laptop"))
    qtbot.waitUntil(hanging.reached.is_set, timeout=30_000)
    desk.open("find")
    assert desk.find().form.position._banner.words()[0] == "Looking for a receiver"
    desk.close()
    assert not hanging.let_go.is_set(), "nobody waited for it"
    hanging.let_go.set()
