"""Taking an outline that was drawn on the map into the points of a form."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.texts import N_
from ui.forms.draft_form import DraftForm
from ui.forms.drawn import DrawnOutline
from ui.forms.points import PointsEditor
from ui.forms.typed_outline import from_text
from ui.widgets.banner import Banner


def take_drawn(
    form: DraftForm, points: PointsEditor, drawn: DrawnOutline, by_points: Callable[[], None], *, other_way: bool
) -> Banner | None:
    """Show the outline in ``points``, after ``by_points`` has made the form take points; one step for Undo.

    Where points stand there that the drawing did not begin from, or the ground is entered in the ``other_way``, a
    banner (returned) asks first; until it is answered the drawing stays on the map. Points that may not be changed
    here (a conflict) leave it there, too.
    """
    def take() -> None:
        by_points()
        points.take(from_text(drawn.text), one_step=True)
        points.focus_first_free()
        drawn.taken()

    texts = form.texts
    if not points.isEnabled():
        said = texts(N_("It has several readings: settle them first. The drawing stays on the map."))
        banner = Banner("warn", texts(N_("The outline is not changed here")), said)
    elif not other_way and points.text() in ("", drawn.began):
        take()
        return None
    else:
        said = texts(N_("Ground is entered here already. Undo would bring it back; until you choose, both are kept."))
        banner = Banner("warn", texts(N_("Take the outline drawn on the map?")), said, texts(N_("Take it")), "map",
                        texts(N_("Leave what is here")))  # fmt: skip

    def answered(*, yes: bool) -> None:
        form.body.removeWidget(banner)
        banner.hide()
        banner.deleteLater()
        if yes:
            take()

    banner.pressed.connect(lambda: answered(yes=True))
    banner.second_pressed.connect(lambda: answered(yes=False))
    form.body.insertWidget(0, banner)
    return banner
