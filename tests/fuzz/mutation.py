"""Valid inputs to broken ones: bytes, lines and tags, JSON's tree, the parts of a zip file."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any

Mutator = Callable[[bytes, Sequence[bytes], Random], bytes]
"""One input, all seeds and where chance comes from, to another input."""

# No input is larger: what makes a program fall over is seldom its size, and small ones are tried faster.
MOST_BYTES = 64 * 1024
# So many changes are made to one input at most.
MOST_CHANGES = 6

_WORDS = (
    *(
        "\0",
        "\ufeff",
        "\u200b",
        "\u200f",
        "\u202e",
        "\u2028",
        "\u0085",
        "\u00a0",
        "\u00ad",
        "\r",
        "\r\n",
        "\n",
    ),
    *(
        "\n\n",
        "\t",
        "\v",
        "\f",
        " ",
        "\ufffd",
        "\U0001f600",
        "e\u0301",
        "İ",
        "ß",
        "ﬁ",
        "石油",
        "نفط",
        "\U000e0041",
    ),
    *(
        "Q:",
        "A:",
        "Q. ",
        "Keith Mines:",
        "Ana Caridad: ",
        "KEITH MINES: ",
        "**Q:** ",
        "Dr. ",
        "Mr. X. ",
        "(Ann):",
    ),
    *(
        "Interviewer: ",
        "Ann Lee, Bo Day: ",
        "P. ",
        "— ",
        "- ",
        "> ",
        "# ",
        "### ",
        "* * *",
        "---\n",
        "***",
        "_",
    ),
    *(
        "“",
        "”",
        '"',
        "'",
        "‘",
        "’",
        "«",
        "»",
        "``",
        "''",
        "[",
        "](",
        "](http://[::1",
        "[^1]",
        "[^1]: ",
        "`",
        "~~~\n",
    ),
    *(
        "<",
        ">",
        "</p>",
        "<p>",
        "<div>",
        "<b>",
        "<table><tr><td>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<script>",
    ),
    *(
        "<!DOCTYPE a>",
        "<?xml?>",
        "&",
        "&amp;",
        "&#0;",
        "&#xD800;",
        "&#x110000;",
        "&nosuch;",
        "&#99999999999;",
    ),
    *("<meta charset=utf-16>", "<meta charset=idna>", "<meta charset=base64>", "<base href='//['>"),
    *("00:00:01,000 --> 00:00:02,000\n", "99:99:99.999 --> 00:00", "WEBVTT\n", "<v Ann Lee>", "NOTE ", "1\n"),
    *(
        ",",
        ";",
        '""',
        "speaker,words\n",
        "\\",
        "\\u0000",
        "\\ud800",
        "{",
        "}",
        "[[",
        "]]",
        ":",
        "null",
        "true",
    ),
    *(
        "0",
        "-1",
        "1e999",
        "NaN",
        "9" * 400,
        "9" * 5000,
        "-0.0",
        "4294967296",
        "18446744073709551616",
        "٣",
        "²",
    ),
    *("%s", "{0}", "$(x)", "../", "/etc/passwd", "C:\\", "http://[", "2022-13-45", "0000", "9999-12-31"),
    *(
        "---\ntitle: [\n---\n",
        "---\n!!python/object:os.system a\n---\n",
        "&a [*a]",
        "<<: *a",
        "title = ",
        "'''",
    ),
    *(
        "obj",
        "endobj",
        "stream\n",
        "endstream",
        "<<",
        ">>",
        "/Length 0",
        "/Kids [",
        "BT",
        "ET",
        "Tj",
        "xref",
        "%%EOF",
    ),
)
# What stands for odd text in the encoding that a file says it has.
TOKENS = (
    *(word.encode() for word in _WORDS),
    *(
        b"\xff",
        b"\xfe\xff",
        b"\xff\xfe",
        b"\xc3",
        b"\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"PK\x03\x04",
    ),
    *(b"\x93said\x94", b"%PDF-1.4", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x93NUMPY", b"\x1a"),
)
_NUMBERS = (b"0", b"-1", b"1", b"2", b"65536", b"2147483648", b"99999999999999999999", b"1.5", b"1e309", b"")
_DEPTHS, _REPEATS = (20, 300, 3_000), (2, 3, 10, 200)
_OPENINGS = (
    b"[",
    b"{",
    b'{"a":',
    b"<div>",
    b"<b>",
    b"> ",
    b"(",
    b"- ",
    b"*",
    b"[[",
    "“".encode(),
    b"<<",
    b"_a",
)
_TAGS = re.compile(rb"(<[^>]{0,400}>)")
_LINES = re.compile(rb"(\r\n|\r|\n)")


def in_bytes(data: bytes, seeds: Sequence[bytes], chance: Random) -> bytes:
    """The input with some of its bytes changed, whatever they mean."""
    for _ in range(chance.randint(1, MOST_CHANGES)):
        data = chance.choice(_BYTES)(data, chance.choice(seeds), chance)[:MOST_BYTES]
    return data


def in_text(data: bytes, seeds: Sequence[bytes], chance: Random) -> bytes:
    """The input with its lines, its tags or its bytes changed, and now and then its encoding."""
    for _ in range(chance.randint(1, MOST_CHANGES)):
        change = chance.choice((*_BYTES, *_PIECES, *_PIECES))
        data = change(data, chance.choice(seeds), chance)[:MOST_BYTES]
    return _encoded(data, chance)[:MOST_BYTES] if chance.random() < 0.05 else data


def in_json(data: bytes, seeds: Sequence[bytes], chance: Random) -> bytes:
    """The JSON with parts of its tree changed; in one of four the bytes, as of any text."""
    if chance.random() < 0.25:
        return in_text(data, seeds, chance)
    try:
        tree, other = json.loads(data), json.loads(chance.choice(seeds))
    except (ValueError, RecursionError):
        return in_text(data, seeds, chance)
    for _ in range(chance.randint(1, MOST_CHANGES)):
        tree = changed_tree(tree, other, chance)
    try:
        made = json.dumps(tree, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    except (RecursionError, ValueError):  # too deep, or a circle
        return data
    return made if len(made) <= MOST_BYTES else data


def in_json_lines(data: bytes, seeds: Sequence[bytes], chance: Random) -> bytes:
    """JSON lines with one of them changed as JSON, or all as text."""
    if chance.random() < 0.3:
        return in_text(data, seeds, chance)
    lines = data.splitlines() or [b"{}"]
    at = chance.randrange(len(lines))
    lines[at] = in_json(lines[at], [line for seed in seeds for line in seed.splitlines()] or [b"{}"], chance)
    return b"\n".join(lines)[:MOST_BYTES]


def in_zip(data: bytes, seeds: Sequence[bytes], chance: Random) -> bytes:
    """A zip file with its parts changed as text and packed again; in one of four its bytes."""
    if chance.random() < 0.25:
        return in_bytes(data, seeds, chance)
    try:
        parts, others = unpacked(data), unpacked(chance.choice(seeds))
    except Exception:  # noqa: BLE001 - what was mutated before may be no zip file in any way
        return in_bytes(data, seeds, chance)
    names = list(parts)
    if not names:
        return in_bytes(data, seeds, chance)
    # Most of what is read stands in one part.
    main = [name for name in names if name.endswith("document.xml")]
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(main if main and chance.random() < 0.6 else names)
        how = chance.random()
        if how < 0.75:
            parts[name] = in_text(parts[name], list(others.values()) or [b"<a/>"], chance)
        elif how < 0.83:
            other = chance.choice(names)
            parts[name], parts[other] = parts[other], parts[name]
        elif how < 0.9:
            parts[name] = b""
        elif how < 0.95 and len(names) > 1:
            parts.pop(name, None)
            names = list(parts)
            main = [each for each in main if each in parts]
        else:
            parts[chance.choice((f"../{name}", name.upper(), "a.xml"))] = parts[name]
    packed = packed_as(parts, chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))
    return packed if len(packed) <= MOST_BYTES else data


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of a zip file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed_as(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of the parts, the same bytes each time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as packed:
        for name, part in parts.items():
            packed.writestr(zipfile.ZipInfo(name), part, compress_type=how)
    return file.getvalue()


# --- JSON's tree ---------------------------------------------------------------------------------

_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 10**300, 0.5, -0.0, 1e308, float("inf"), float("nan")),
    *(
        "",
        " ",
        "\0",
        "a",
        "\ud800",
        "\udc00x",
        "\u202e",
        "../..",
        "/etc/passwd",
        "..",
        ".",
        "/",
        "x" * 3_000,
        "9" * 5_000,
    ),
    *("2022", "2022-13", "en", "a\nb", "a/b", "Keith Mines"),
    *([], {}, [[]], [{}], {"": None}, {"a": []}, [None], ["", ""], list(range(50))),
)


def changed_tree(tree: Any, other: Any, chance: Random) -> Any:
    """The tree with one node of it changed."""
    places = _places(tree)
    if not places:
        return deepcopy(chance.choice((*_ODD, other)))
    holder, key = chance.choice(places)
    how = chance.randrange(9)
    node = holder[key]
    if how == 0:
        del holder[key]
    elif how == 1 and isinstance(holder, dict):
        holder[chance.choice((f"{key}x", "", "text", "id"))] = holder.pop(key)
    elif how == 1:
        holder += [node] * chance.choice(_REPEATS)
    elif how == 2 and isinstance(node, str):
        words = in_text(node.encode("utf-8", "surrogatepass"), TOKENS, chance)
        holder[key] = words.decode("utf-8", chance.choice(("replace", "surrogateescape")))[:5_000]
    elif how == 3 and isinstance(node, int | float):
        holder[key] = chance.choice((node + 1, node - 1, -node, node * 2, node / 2, str(node), bool(node)))
    elif how == 4:
        for _ in range(chance.choice(_DEPTHS[:2])):
            node = [node] if chance.random() < 0.5 else {"a": node}
        holder[key] = node
    elif how == 5 and (found := _places(other)):
        inner, at = chance.choice(found)
        holder[key] = deepcopy(inner[at])
    elif how == 6 and isinstance(node, str):
        holder[key] = node + chance.choice(_WORDS)
    else:
        holder[key] = deepcopy(chance.choice(_ODD))
    return tree


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Every node of the tree: what holds it, and under which key."""
    found: list[tuple[Any, Any]] = []
    rest = [tree]
    while rest:
        node = rest.pop()
        if isinstance(node, dict | list):
            for key in list(node) if isinstance(node, dict) else range(len(node)):
                found.append((node, key))
                rest.append(node[key])
    return found


# --- one change ----------------------------------------------------------------------------------


def _stretch(data: bytes, chance: Random, most: int = 400) -> tuple[int, int]:
    """Where some bytes begin and end, a few or many."""
    start = chance.randint(0, len(data))
    return start, min(
        len(data), start + chance.choice((1, 2, 8, 64, chance.randint(0, most), len(data) // 2))
    )


def _flip(data: bytes, other: bytes, chance: Random) -> bytes:
    if not data:
        return other
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def _set(data: bytes, other: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(data))
    return (
        data[:at] + bytes([chance.choice((0, 255, 128, 10, 34, 60, chance.randrange(256)))]) + data[at + 1 :]
    )


def _cut(data: bytes, other: bytes, chance: Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + data[end:]


def _end(data: bytes, other: bytes, chance: Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _double(data: bytes, other: bytes, chance: Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:end] + data[start:end] * chance.choice(_REPEATS) + data[end:]


def _insert(data: bytes, other: bytes, chance: Random) -> bytes:
    at, token = chance.randint(0, len(data)), chance.choice(TOKENS)
    return data[:at] + token * chance.choice((1, 1, 1, *_REPEATS)) + data[at:]


def _in_place_of(data: bytes, other: bytes, chance: Random) -> bytes:
    start, end = _stretch(data, chance, 40)
    return data[:start] + chance.choice(TOKENS) + data[end:]


def _splice(data: bytes, other: bytes, chance: Random) -> bytes:
    start, end = _stretch(other, chance, len(other))
    at = chance.randint(0, len(data))
    return data[:at] + other[start:end] + data[at:]


def _halves(data: bytes, other: bytes, chance: Random) -> bytes:
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _number(data: bytes, other: bytes, chance: Random) -> bytes:
    found = list(re.finditer(rb"\d+", data[:MOST_BYTES]))
    if not found:
        return _insert(data, other, chance)
    each = chance.choice(found)
    return data[: each.start()] + chance.choice(_NUMBERS) + data[each.end() :]


def _deep(data: bytes, other: bytes, chance: Random) -> bytes:
    at, opening = chance.randint(0, len(data)), chance.choice(_OPENINGS)
    return data[:at] + opening * chance.choice(_DEPTHS) + data[at:]


def _long(data: bytes, other: bytes, chance: Random) -> bytes:
    at, word = (
        chance.randint(0, len(data)),
        chance.choice((b"a", b" ", b"a ", b"A. ", b"\t", b'"', b": ", b"-", b"*")),
    )
    return data[:at] + word * chance.choice((300, 5_000, 20_000)) + data[at:]


def _moved(parts: list[bytes], other: list[bytes], chance: Random) -> bytes:
    """Pieces put together again, some of them elsewhere, left out, doubled, or from another seed."""
    for _ in range(chance.randint(1, 4)):
        if not parts:
            break
        at, to, how = chance.randrange(len(parts)), chance.randrange(len(parts)), chance.randrange(6)
        if how == 0:
            del parts[at]
        elif how == 1:
            parts[to:to] = parts[at : at + chance.choice(_REPEATS)]
        elif how == 2:
            parts[at], parts[to] = parts[to], parts[at]
        elif how == 3:
            parts[to:to] = [chance.choice(other)] if other else []
        elif how == 4:
            first, last = min(at, to), max(at, to)
            parts[first:last] = chance.sample(parts[first:last], last - first)
        else:
            parts[at] = chance.choice(TOKENS) + parts[at]
    return b"".join(parts)


def _lines(data: bytes, other: bytes, chance: Random) -> bytes:
    return _moved(_LINES.split(data), _LINES.split(other), chance)


def _tags(data: bytes, other: bytes, chance: Random) -> bytes:
    return _moved(_TAGS.split(data), _TAGS.split(other), chance)


def _encoded(data: bytes, chance: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return chance.choice(
        (
            text.encode("utf-16"),
            text.encode("utf-16")[:-1],
            b"\xfe\xff" + text.encode("utf-16-be"),
            text.encode("utf-8-sig"),
            text.encode("utf-32"),
            text.encode("cp1252", "replace"),
            text.encode("utf-7", "replace"),
            text.replace("\n", "\r").encode(),
            text.upper().encode(),
        )
    )


_BYTES = (
    *(_flip, _set, _cut, _end, _double, _insert, _insert, _in_place_of, _in_place_of, _splice, _halves),
    *(_number, _deep, _long),
)
_PIECES = (_lines, _lines, _tags)
