"""Writes the lock files, with a hash for every file that the index has of each version.

A lock made by `pip freeze` holds on the machine that made it. With hashes pip refuses whatever is not listed,
so each list must name what any other system needs too: what pip resolved here is walked again for every
system and Python that the program runs on, and what only some of them need gets its marker.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

ROOT = Path(__file__).parent.parent
INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple")
OURS = "onrecord"

SYSTEMS = {"linux": ("Linux", "posix"), "darwin": ("Darwin", "posix"), "win32": ("Windows", "nt")}
MACHINES = {
    "linux": ("x86_64", "aarch64"),
    "darwin": ("x86_64", "arm64"),
    "win32": ("AMD64", "ARM64"),
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# What has no file for some machines, which a system and a Python do not tell.
MACHINE = {"pgserver": 'platform_machine != "aarch64"'}
# pip itself is what installs; it is never installed by a lock.
LEFT_OUT = {OURS, "pip"}
HEAD = f"# Written by `make lock` for {', '.join(SYSTEMS)} and Python {PYTHONS[0]} to {PYTHONS[-1]}."

Where = tuple[str, str]
EVERYWHERE = frozenset(product(SYSTEMS, PYTHONS))


class Resolved:
    """What pip's report says of each package: version, needs, and the hash of the file it chose."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self.version: dict[str, str] = {}
        self.hash: dict[str, str] = {}
        # The build that pip chose, where it is not the index's own: "+cpu".
        self.build: dict[str, str] = {}
        self._needs: dict[str, list[Requirement]] = {}
        for each in report["install"]:
            meta = each["metadata"]
            name = canonicalize_name(meta["name"])
            self.version[name] = Version(meta["version"]).public
            self.build[name] = meta["version"].removeprefix(self.version[name])
            self._needs[name] = [Requirement(line) for line in meta.get("requires_dist", ())]
            if chosen := each["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256"):
                self.hash[name] = chosen

    def needed(self, of: str, extras: Iterable[str]) -> dict[str, tuple[set[Where], SpecifierSet]]:
        """Where each package is needed by `of`, and in which versions, whether pip took it here or not."""
        found: dict[str, tuple[set[Where], SpecifierSet]] = {}
        for system, python in sorted(EVERYWHERE):
            for machine in MACHINES[system]:
                for name, versions in self._walk(
                    of, frozenset(extras), _environment(system, python, machine)
                ):
                    where, allowed = found.setdefault(name, (set(), SpecifierSet()))
                    where.add((system, python))
                    found[name] = (where, allowed & versions)
        return {name: found[name] for name in sorted(found.keys() - LEFT_OUT)}

    def _walk(
        self, of: str, extras: frozenset[str], environment: Mapping[str, str]
    ) -> Iterator[tuple[str, SpecifierSet]]:
        waiting, seen = [(of, extra) for extra in ("", *extras)], set()
        while waiting:
            if (here := waiting.pop()) in seen:
                continue
            seen.add(here)
            for need in self._needs.get(here[0], ()):
                if need.marker is None or need.marker.evaluate({**environment, "extra": here[1]}):
                    name = canonicalize_name(need.name)
                    yield name, need.specifier
                    waiting += [(name, extra) for extra in ("", *need.extras)]


def _environment(system: str, python: str, machine: str) -> dict[str, str]:
    platform, family = SYSTEMS[system]
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": family,
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": platform,
        "platform_version": "",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": system,
    }


def marker(where: set[Where]) -> str:
    """A marker that holds in all these places, and in as few others as one line says plainly."""
    systems = [each for each in SYSTEMS if each in {system for system, _ in where}]
    pythons = [each for each in PYTHONS if each in {python for _, python in where}]
    parts = []
    if len(systems) < len(SYSTEMS):
        one_of = " or ".join(f'sys_platform == "{each}"' for each in systems)
        parts.append(f"({one_of})" if len(systems) > 1 else one_of)
    if pythons[0] != PYTHONS[0]:
        parts.append(f'python_version >= "{pythons[0]}"')
    if pythons[-1] != PYTHONS[-1]:
        parts.append(f'python_version <= "{pythons[-1]}"')
    return " and ".join(parts)


def _files(name: str) -> dict[str, set[str]]:
    """The hashes of every file of a package that the index has, by version."""
    accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
    with urlopen(Request(f"{INDEX.rstrip('/')}/{name}/", headers=accept), timeout=60) as answer:  # noqa: S310
        listed = json.load(answer)["files"]
    found: dict[str, set[str]] = {}
    for file in listed:
        try:
            parse = parse_wheel_filename if file["filename"].endswith(".whl") else parse_sdist_filename
            version = parse(file["filename"])[1]
        except (InvalidWheelFilename, InvalidSdistFilename):
            continue  # an egg, an installer: pip takes none of them
        if (hashed := file["hashes"].get("sha256")) and not file.get("yanked"):
            found.setdefault(str(version), set()).add(hashed)
    return found


def kept(lock: Path) -> dict[str, set[str]]:
    """The hashes that a lock has, by `name==version`: those of builds that the index does not list stay."""
    found: dict[str, set[str]] = {}
    here = ""
    for line in lock.read_text("utf-8").splitlines() if lock.exists() else ():
        if pinned := re.match(r"([\w.-]+)==([^\s;]+)", line):
            here = f"{pinned[1]}=={pinned[2]}"
        found.setdefault(here, set()).update(re.findall(r"--hash=sha256:(\w+)", line))
    return found


def _write(lock: Path, resolved: Resolved, needed: Mapping[str, tuple[set[Where], SpecifierSet]]) -> None:
    known = kept(lock)
    with ThreadPoolExecutor(4) as pool:
        listed = dict(zip(needed, pool.map(_files, needed), strict=True))
    lines = [HEAD]
    for name, (where, allowed) in needed.items():
        # What this system does not need pip did not resolve: the newest that is allowed.
        version = resolved.version.get(name) or str(max(allowed.filter(map(Version, listed[name]))))
        pin = f"{name}=={version}"
        hashes = listed[name].get(version, set()) | known.get(pin, set())
        if name in resolved.hash:
            hashes.add(resolved.hash[name])
        if not hashes:
            sys.exit(f"the index has no file of {pin}; name another version in pyproject.toml")
        lines.append(_line(pin, where, hashes))
    lock.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{lock.name}: {len(needed)} packages")


def _line(pin: str, where: set[Where], hashes: set[str]) -> str:
    parts = filter(None, (marker(where), MACHINE.get(pin.partition("==")[0])))
    held = f" ; {when}" if (when := " and ".join(parts)) else ""
    return " \\\n    ".join([pin + held, *(f"--hash=sha256:{each}" for each in sorted(hashes))])


def _write_cpu(lock: Path, resolved: Resolved) -> None:
    """The build of torch that needs no graphics card, where pip took it: no index lists its hashes for us."""
    if resolved.build["torch"] != "+cpu":
        return
    pin = f"torch=={resolved.version['torch']}+cpu"
    linux = {("linux", python) for python in PYTHONS}
    hashes = kept(lock).get(pin, set()) | {resolved.hash["torch"]}
    lock.write_text(f"{HEAD}\n{_line(pin, linux, hashes)}\n", "utf-8")


def main() -> None:
    """Writes the lock files, from two reports of pip: of '.[dev]', and of PyPI's torch for Linux."""
    ours, cuda = (Resolved(json.loads(Path(each).read_text("utf-8"))) for each in sys.argv[1:3])
    run = ours.needed(OURS, ())
    _write(ROOT / "requirements.lock", ours, run)
    _write(ROOT / "requirements-dev.lock", ours, ours.needed(OURS, ["dev"]))
    _write_cpu(ROOT / "requirements-cpu.lock", ours)
    # The program computes on the processor: what torch's build for graphics cards needs is a list of its own.
    torch = {name: each for name, each in cuda.needed("torch", ()).items() if name not in run}
    _write(ROOT / "requirements-cuda.lock", cuda, torch)


if __name__ == "__main__":
    main()
