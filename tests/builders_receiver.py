"""A receiver on a wire of its own: a pseudo-terminal that says where it is, as often as it is asked or all the time."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.builders_gnss import moment
from tests.terminals import open_terminal


def _said(seconds: float, place: tuple[float, float], datum: str) -> bytes:
    """What a receiver with a good fix says about one moment."""
    return moment(seconds, *place, datum=datum or None, quality=2, satellites=14, hdop=0.8)


class Talker:
    """``port`` is what a program opens. ``place`` may be moved; ``silent`` lets it fall silent, cable and all."""

    def __init__(self, lat: float = 39.9911, lon: float = 46.93) -> None:
        import tty

        self._master, self._slave = open_terminal()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.port = os.ttyname(self._slave)
        self.place, self.datum = (lat, lon), ""
        self.silent = threading.Event()
        self._seconds = 21_600.0
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def say(self, moments: int = 1) -> None:
        """Say so many moments, a second of the receiver's time apart."""
        for _ in range(moments):
            self._seconds += 1.0
            try:
                os.write(self._master, _said(self._seconds, self.place, self.datum))
            except BlockingIOError:  # nobody reads
                return

    def talk(self) -> None:
        """Say where it is ten times a second until it is closed; while ``silent`` is set it holds its tongue."""
        self._thread = threading.Thread(target=self._talk)
        self._thread.start()

    def _talk(self) -> None:
        while not self._done.wait(0.1):
            self._seconds = time.time() % 86_400
            if not self.silent.is_set():
                try:
                    os.write(self._master, _said(self._seconds, self.place, self.datum))
                except BlockingIOError:
                    continue

    def drop(self) -> None:
        """Pull the cable."""
        if self._master >= 0:
            os.close(self._master)
            os.close(self._slave)
            self._master = -1

    def close(self) -> None:
        """Speak no more and pull the cable."""
        self._done.set()
        if self._thread is not None:
            self._thread.join()
        self.drop()


@contextmanager
def quiet_receiver() -> Iterator[Talker]:
    """A receiver that says only what it is told to."""
    made = Talker()
    try:
        yield made
    finally:
        made.close()


@contextmanager
def receiver() -> Iterator[Talker]:
    """A receiver that talks on its own."""
    made = Talker()
    try:
        made.talk()
        yield made
    finally:
        made.close()
