"""A person at a laptop, as the tests play one: starts the program, presses keys, reads the screen, pulls the plug."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
PATIENCE_S = 900 if os.environ.get("FIELDAPP_SOAK") else 60
"""How long one wish may take on a slow machine before the test gives up."""


class Person:
    """Sits before one running program. Everything but ``kill`` waits until the program has done it."""

    def __init__(self, process: subprocess.Popen[str], errors: Path) -> None:
        self._process, self._errors = process, errors
        self._answers: queue.Queue[str] = queue.Queue()
        assert process.stdout is not None
        self._listener = threading.Thread(target=self._listen, args=(process.stdout,))
        self._listener.start()
        self.keys = 0
        """Keys pressed so far."""

    def _listen(self, out: IO[str]) -> None:
        for line in out:
            self._answers.put(line)
        self._answers.put("")

    def _wish(self, verb: str, what: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({verb: what}) + "\n")
        self._process.stdin.flush()
        try:
            line = self._answers.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError(f"{verb} {what!r} was not done in {PATIENCE_S} s") from None
        assert line, self._errors.read_text(encoding="utf-8")
        answer = json.loads(line)
        assert "failed" not in answer, f"{answer['failed']}\nOn the screen:\n{answer['screen']}"
        self.keys = int(answer["keys"])
        return answer["found"]

    def type(self, text: str) -> None:
        """Type, wherever the focus is."""
        self._wish("type", text)

    def press(self, *keys: str) -> None:
        """Press keys one after the other: ``"Ctrl+S"``, ``"F2"``."""
        for one in keys:
            self._wish("press", one)

    def go(self, word: str) -> None:
        """Go with the Tab key to what bears this word."""
        self._wish("go", word)

    def see(self, *words: str) -> str:
        """Wait until these words are to be seen; the text that holds the last of them."""
        return [str(self._wish("see", one)) for one in words][-1]

    def screen(self) -> str:
        """Everything that is to be seen, once nothing is under way."""
        return "\n".join(self._wish("look", ""))

    def heard(self) -> int:
        """So many sounds were made so far."""
        return int(self._wish("hear", ""))

    def close(self) -> None:
        """Close the window; the program ends by itself, and was content."""
        self._wish("close", "")
        assert self._process.wait(PATIENCE_S) == 0, self._errors.read_text(encoding="utf-8")

    def kill(self) -> None:
        """Pull the plug."""
        self._process.kill()
        self._process.wait()
        self._listener.join()


@contextmanager
def window(folder: Path, *arguments: object) -> Iterator[Person]:
    """The program, started with ``arguments`` and shown to nobody; ended at the latest when the test is done."""
    environment = {
        **os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1", "PYTHONUTF8": "1",
        "PYTHONPATH": str(ROOT),
    }
    errors = folder / f"errors-{len(list(folder.glob('errors-*')))}.txt"
    with errors.open("x", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.hands", *map(str, arguments)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=said, env=environment, cwd=ROOT, text=True, encoding="utf-8",
        )
        with process:
            person = Person(process, errors)
            try:
                yield person
            finally:
                person.kill()
