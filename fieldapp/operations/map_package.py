"""Map packages: one file with base maps, areas of interest and how they are drawn, from headquarters to laptops.

A package is the strict ZIP of the bundles (``sync/container.py``), not encrypted: a manifest in its one canonical form
that names every member's size and SHA-256, and the maker's signature over it. A laptop believes its own headquarters;
of anybody else it says so and takes the package only when told to. All of it is verified before any of it counts.

What a package may say about drawing is its base maps' order, opacity and whether they are shown, and the line of its
areas: never a colour, so that no package makes ground look like hazardous or released ground.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from fieldapp.clock import stamp
from fieldapp.domain.canonical import NoCanonicalForm, canonical, parse
from fieldapp.errors import OperatorError
from fieldapp.exchange import areas as area_files
from fieldapp.exchange import tiles
from fieldapp.exchange.tile_errors import TilesNotRead
from fieldapp.operations import base_maps
from fieldapp.operations.area_files import bytes_of
from fieldapp.operations.base_maps import MOST_MAPS, BaseMap
from fieldapp.operations.errors import FileNotWritten
from fieldapp.operations.workspace import Workspace
from fieldapp.sync import container
from fieldapp.sync.container import MANIFEST, SIGNATURE, NotOurZip, ZipLimits, ZipReader
from fieldapp.sync.errors import Cancelled as Stopped
from fieldapp.sync.keys import SignatureWrong, device_of
from fieldapp.sync.minisign import MAX_SIGNATURE_BYTES, sign_text, verify_text
from fieldapp.texts import N_, Texts

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]

ENDING = ".fieldmap"
KIND, FORMAT = "fieldapp map package", 1
MOST_AREA_BYTES = 2_000_000
_MOST_MANIFEST_BYTES = 200_000
_LIMITS = ZipLimits(members=MOST_MAPS + 3)
_AREAS = "areas.geojson"
_READING, _WRITING = N_("Reading the base maps (MB)"), N_("Writing the package (MB)")
_CHECKING, _COPYING = N_("Checking the package (MB)"), N_("Copying the base maps (MB)")
_LINES = ("dashed", "dotted")
_BAD_AREAS = N_("its areas of interest cannot be read: {words}")
_KEPT = "map_areas"
_ROOM_BYTES = 64 << 20
"""Left free on the disk: records must still be saved."""


class _Refused(OperatorError):
    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason=reason, **facts)
        self._reason, self._more = reason, facts

    def parts(self, texts: Texts) -> tuple[str, str, str]:
        """With the reason in the language of ``texts``."""
        facts = {name: _said(value, texts) for name, value in self._more.items()}
        return texts(self.what, reason=texts(self._reason, **facts)), texts(self.kept), texts(self.do)


def _said(fact: object, texts: Texts) -> object:
    """A fact that is another error, in its words."""
    if isinstance(fact, TilesNotRead):
        return fact.why(texts)
    return texts(fact.message, **fact.facts) if isinstance(fact, area_files.Unreadable) else fact


class MapPackageNotTaken(_Refused):
    """The package is not whole, or cannot be read. Facts: ``reason``, a catalogue message, with its own."""

    code = "map_package_not_taken"
    what = N_("This map package cannot be taken: {reason}")
    kept = N_("Nothing of it was taken; the file was left as it is.")
    do = N_("Ask for the package again.")


class MapPackageNotMade(_Refused):
    """There is nothing to put into a package, or more than a stick takes."""

    code = "map_package_not_made"
    what = N_("The map package cannot be made: {reason}")
    do = N_("Choose fewer or smaller base maps.")


class MapPackageOfStranger(OperatorError):
    """Somebody else than this laptop's headquarters made the package."""

    code = "map_package_of_stranger"
    what = N_("This map package was not made by your headquarters.")
    kept = N_("Nothing of it was taken; the file was left as it is.")
    do = N_("Ask who made it. If you trust that person, take it with “--stranger” and compare the map with a known "
            "point.")  # fmt: skip


class _Packed(msgspec.Struct, forbid_unknown_fields=True):
    """A base map in the manifest."""

    file: str
    size: int
    sha256: str
    title: str
    credit: str
    opacity_percent: int
    shown: bool
    rows: str
    layer: str


class _PackedAreas(msgspec.Struct, forbid_unknown_fields=True):
    """The areas of interest in the manifest."""

    file: str
    size: int
    sha256: str
    line: str
    labels: bool


class _Manifest(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    format: int
    made: str
    signer: str
    maps: list[_Packed]
    areas: _PackedAreas | None


@dataclass(frozen=True)
class MapPackage:
    """What a package holds. ``from_hq``: this workspace's own headquarters, or the workspace itself, made it."""

    file: str
    made: str
    from_hq: bool
    maps: tuple[BaseMap, ...]
    areas: int
    size_bytes: int


@dataclass(frozen=True)
class AreaOfInterest:
    """An area out of a package: its name, its rings as (latitude, longitude), and how its line is drawn."""

    title: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    line: str
    labelled: bool


class _Passing:
    """Tells how far long copying is, in megabytes, and ends it when somebody says so (Cancelled)."""

    def __init__(self, progress: Progress | None, cancelled: Cancelled | None) -> None:
        self._progress, self._cancelled = progress, cancelled
        self._step, self._done, self._total = "", 0, 0

    def begin(self, step: str, total_bytes: int) -> None:
        """A step of so many bytes begins."""
        self._step, self._done, self._total = step, 0, total_bytes
        self.passed(0)

    def passed(self, count: int) -> None:
        """So many bytes more are done. Raises Cancelled."""
        if self._cancelled is not None and self._cancelled():
            raise Stopped
        before, self._done = self._done, self._done + count
        if self._progress is not None and (not count or before >> 22 != self._done >> 22):
            self._progress(self._step, self._done // 1_000_000, self._total // 1_000_000)

    def through(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same chunks, counted."""
        for chunk in chunks:
            yield chunk
            self.passed(len(chunk))


def make(
    ws: Workspace, file: Path, *, keys: Sequence[str] = (), areas: Path | None = None, line: str = "dashed",
    labels: bool = True, progress: Progress | None = None, cancelled: Cancelled | None = None,
) -> MapPackage:  # fmt: skip
    """Write the base maps of these keys (all, where none is named) and a GeoJSON file of areas into one file.

    Raises BaseMapMissing, TilesNotRead, AreasNotRead, MapPackageNotMade, FileNotWritten, Cancelled.
    """
    passing = _Passing(progress, cancelled)
    chosen = [base_maps.find(ws, key) for key in keys] or base_maps.listed(ws)
    if not chosen and areas is None:
        raise MapPackageNotMade(N_("there is nothing to put into it."))
    for one in chosen:
        base_maps.open_map(ws, one).close()
    members, packed, packed_areas, count = [], [], None, 0
    try:
        passing.begin(_READING, sum(one.path(ws).stat().st_size for one in chosen))
        for at, one in enumerate(chosen, 1):
            member = container.measure(f"maps/{at:02}.tiles", one.path(ws))
            passing.passed(member.size)
            members.append(member)
            packed.append(_Packed(member.name, member.size, member.sha256, one.title, one.credit,
                                  round(one.opacity * 100), one.shown, one.rows, one.layer))  # fmt: skip
        if areas is not None:
            text = bytes_of(areas)
            count = _areas_in(text)
            member = container.measure(_AREAS, text)
            members.append(member)
            packed_areas = _PackedAreas(member.name, member.size, member.sha256, line, labels)
        told = _Manifest(KIND, FORMAT, stamp(ws.clock.now()), ws.keys.signing_public, packed, packed_areas)
        manifest = canonical(msgspec.to_builtins(told))
        members += [container.measure(MANIFEST, manifest),
                    container.measure(SIGNATURE, sign_text(ws.keys, manifest, KIND).encode())]  # fmt: skip
        passing.begin(_WRITING, sum(member.size for member in members))
        _write(file, members, passing)
    except container.TooMuch as error:
        raise MapPackageNotMade(N_("its files are larger than {size} GB together, the most that a stick takes as one "
                                   "file."), size=container.ZIP_LIMITS.total_bytes >> 30) from error  # fmt: skip
    except OSError as error:
        raise FileNotWritten(file=str(file), reason=error.strerror or str(error)) from error
    return MapPackage(str(file), told.made, True, tuple(chosen), count, file.stat().st_size)


def _areas_in(text: bytes) -> int:
    """How many areas a GeoJSON text holds. Raises MapPackageNotMade."""
    try:
        if len(text) > MOST_AREA_BYTES:
            raise area_files.Unreadable(N_("it is larger than {size} MB."), size=MOST_AREA_BYTES // 1_000_000)
        return len(area_files.from_geojson(text))
    except area_files.Unreadable as error:
        raise MapPackageNotMade(_BAD_AREAS, words=error) from error


def _write(file: Path, members: Sequence[container.Member], passing: _Passing) -> None:
    part = file.with_name(file.name + ".part")
    try:
        with part.open("wb") as out:
            for chunk in passing.through(container.zip_chunks(members)):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def take(
    ws: Workspace, file: Path, *, stranger: bool = False, progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> MapPackage:  # fmt: skip
    """Verify a package whole and list its base maps above those that are there; its areas take the place of earlier.

    Taken again it changes nothing. Raises MapPackageNotTaken, MapPackageOfStranger, Cancelled.
    """
    passing = _Passing(progress, cancelled)
    with contextlib.closing(_opened(file)) as package:
        manifest = _verified(package, passing)
        from_hq = device_of(manifest.signer) in (ws.root, ws.device)
        if not from_hq and not stranger:
            raise MapPackageOfStranger
        text = _areas_text(package, manifest)
        _room(ws, manifest)
        passing.begin(_COPYING, sum(packed.size for packed in manifest.maps))
        extracted: list[Path] = []
        try:
            made = []
            for packed in manifest.maps:
                target = ws.folder / base_maps.FOLDER / f"{packed.sha256}.tiles"
                if not target.exists():
                    _extract(package, packed, target, passing)
                    extracted.append(target)
                made.append(_base_map(packed, target))
            _list(ws, made, manifest, text)
        except BaseException:
            for target in extracted:
                with contextlib.suppress(OSError):
                    target.unlink(missing_ok=True)
            raise
    count = len(area_files.from_geojson(text)) if text else 0
    return MapPackage(str(file), manifest.made, from_hq, tuple(made), count, file.stat().st_size)


def areas_of_interest(ws: Workspace) -> list[AreaOfInterest]:
    """The areas that the last package with any brought."""
    kept = ws.get_json(_KEPT, None)
    if kept is None:
        return []
    found = area_files.from_geojson(kept["text"].encode())
    rings = [(area.title, tuple(_ring(ring) for part in area.parts for ring in part)) for area in found if area.parts]
    return [AreaOfInterest(title, outline, kept["line"], kept["labels"]) for title, outline in rings]


def _ring(vertices: Sequence[Mapping[str, str]]) -> tuple[tuple[float, float], ...]:
    return tuple((float(vertex["lat"]), float(vertex["lon"])) for vertex in vertices)


def _opened(file: Path) -> ZipReader:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise MapPackageNotTaken(_ALTERED)
        return container.read_zip(file, _LIMITS)
    except (NotOurZip, ValueError) as error:
        raise MapPackageNotTaken(_ALTERED) from error
    except OSError as error:
        raise MapPackageNotTaken(N_("the disk does not give it: {words}."), words=error.strerror or "") from error


_ALTERED = N_("it is no map package, or was altered on the way.")


def _verified(package: ZipReader, passing: _Passing) -> _Manifest:
    """The manifest, once signature and every member agree with it."""
    try:
        raw = package.read(MANIFEST, _MOST_MANIFEST_BYTES)
        signature = package.read(SIGNATURE, MAX_SIGNATURE_BYTES).decode("ascii")
        value: Any = parse(raw)
        if not isinstance(value, dict) or value.get("kind") != KIND:
            raise MapPackageNotTaken(_ALTERED)
        if value.get("format") != FORMAT:
            raise MapPackageNotTaken(N_("a newer version of the program made it."))
        manifest = msgspec.convert(value, _Manifest)
        verify_text(manifest.signer, raw, signature, KIND)
        members: list[_Packed | _PackedAreas] = [*manifest.maps]
        if manifest.areas is not None:
            members.append(manifest.areas)
        _sound(manifest)
        if {MANIFEST, SIGNATURE, *(one.file for one in members)} != set(package.entries):
            raise MapPackageNotTaken(_ALTERED)
        passing.begin(_CHECKING, sum(one.size for one in members))
        for one in members:
            passing.passed(0)
            if package.entries[one.file].size != one.size or package.sha256(one.file) != one.sha256:
                raise MapPackageNotTaken(N_("{file} in it is not what its list says."), file=one.file)
            passing.passed(one.size)
    except SignatureWrong as error:
        raise MapPackageNotTaken(N_("its signature is wrong.")) from error
    except (NotOurZip, NoCanonicalForm, KeyError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise MapPackageNotTaken(_ALTERED) from error
    except OSError as error:
        raise MapPackageNotTaken(N_("the disk does not give it: {words}."), words=error.strerror or "") from error
    return manifest


def _sound(manifest: _Manifest) -> None:
    """Values within what this program writes. Raises MapPackageNotTaken."""
    names = [one.file for one in manifest.maps]
    rows = all(one.rows in ("", "north", "south") and 0 <= one.opacity_percent <= 100 for one in manifest.maps)
    areas = manifest.areas is None or (
        manifest.areas.file == _AREAS and manifest.areas.line in _LINES and manifest.areas.size <= MOST_AREA_BYTES
    )
    if not (rows and areas) or len(set(names)) != len(names) or any(not name.startswith("maps/") for name in names):
        raise MapPackageNotTaken(_ALTERED)


def _areas_text(package: ZipReader, manifest: _Manifest) -> bytes:
    if manifest.areas is None:
        return b""
    try:
        text = package.read(manifest.areas.file, MOST_AREA_BYTES)
        area_files.from_geojson(text)
    except area_files.Unreadable as error:
        raise MapPackageNotTaken(_BAD_AREAS, words=error) from error
    return text


def _room(ws: Workspace, manifest: _Manifest) -> None:
    """Refuse before anything is written what would not fit the disk or the list."""
    listed = {one.file for one in base_maps.listed(ws)}
    new = [one for one in manifest.maps if f"{base_maps.FOLDER}/{one.sha256}.tiles" not in listed]
    free = shutil.disk_usage(ws.folder).free
    if len(listed) + len(new) > MOST_MAPS or sum(one.size for one in new) + _ROOM_BYTES > free:
        raise MapPackageNotTaken(N_("there is no room on the disk or on the list."))


def _extract(package: ZipReader, packed: _Packed, target: Path, passing: _Passing) -> None:
    """Write a base map beside the others and open it as any foreign file; only then it gets its name."""
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as out:
            for chunk in passing.through(package.chunks(packed.file)):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        tiles.open_tiles(part, rows=packed.rows, layer=packed.layer).close()
        part.replace(target)
    except TilesNotRead as error:
        raise MapPackageNotTaken(N_("its base map {file} cannot be read: {words}"), file=packed.file,
                                 words=error) from error  # fmt: skip
    except OSError as error:
        raise MapPackageNotTaken(N_("there is no room on the disk or on the list.")) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _base_map(packed: _Packed, target: Path) -> BaseMap:
    return BaseMap(
        f"{base_maps.FOLDER}/{target.name}", tiles.plain(packed.title, tiles.MOST_NAME) or packed.file,
        tiles.plain(packed.credit, tiles.MOST_CREDIT),
        max(packed.opacity_percent / 100, base_maps.LEAST_OPACITY), packed.shown, packed.rows, packed.layer,
    )  # fmt: skip


def _list(ws: Workspace, made: Sequence[BaseMap], manifest: _Manifest, text: bytes) -> None:
    with ws.store.transaction():
        listed = base_maps.listed(ws)
        known = {one.key for one in listed}
        base_maps.keep(ws, [*listed, *(one for one in made if one.key not in known)])
        if manifest.areas is not None:
            ws.set_json(_KEPT, {"text": text.decode(), "line": manifest.areas.line, "labels": manifest.areas.labels})


def as_json(package: MapPackage) -> dict[str, Any]:
    """A package as the command line prints it."""
    return asdict(package)
