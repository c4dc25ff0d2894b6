"""packaging/requirements.lock: every dependency, the build backend included, pinned by hash and naming no address."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


@cache
def locked() -> dict[str, tuple[Requirement, list[str]]]:
    """Canonical name -> requirement as locked and its hashes."""
    text = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for block in re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "").splitlines():
        line, *hashes = block.split("--hash=")
        requirement = Requirement(line.strip())
        found[canonicalize_name(requirement.name)] = (requirement, [value.strip() for value in hashes])
    return found


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    lines = project["project"]["dependencies"] + [line for extra in extras.values() for line in extra]
    return [Requirement(line) for line in lines + project["build-system"]["requires"]]


def test_every_requirement_is_one_version_with_hashes() -> None:
    for requirement, hashes in locked().values():
        assert [part.operator for part in requirement.specifier] == ["=="]
        assert hashes
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", value) for value in hashes)


def test_everything_declared_is_locked_in_a_version_that_fits() -> None:
    for requirement in declared():
        pinned, _ = locked()[canonicalize_name(requirement.name)]
        (version,) = (part.version for part in pinned.specifier)
        assert requirement.specifier.contains(version), requirement


def test_what_only_windows_or_only_linux_needs_is_marked_so() -> None:
    for name, system in (("colorama", "win32"), ("pywin32-ctypes", "win32"), ("secretstorage", "linux")):
        marker = locked()[canonicalize_name(name)][0].marker
        assert marker is not None
        for sys_platform in ("win32", "linux"):
            assert marker.evaluate({"sys_platform": sys_platform}) is (sys_platform == system)


def test_no_download_address_stands_in_the_files_that_install() -> None:
    for name in ("packaging/requirements.lock", "packaging/requirements.in", "packaging/start.py", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        assert "--find-links" not in text, name
        assert not re.search(r"--(extra-)?index-url\s", text), name


def test_the_window_library_is_the_one_that_was_measured() -> None:
    assert str(locked()["pyside6-essentials"][0].specifier) == "==6.11.3"
