"""How the page is served: to whom, under which addresses, in which colours."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rag.errors import ServeError
from rag.web.api.limits import RATE
from rag.web.tokens import Tokens

HERE = "127.0.0.1"
# The page is served to this machine alone unless told otherwise. Another host name means a foreign site that
# had its name resolved to us, so that the browser takes our answers for its own.
LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})

# A draft of 200 pages takes 600 kB, twice that where it is not in Latin letters; a question 12 kB. Gradio
# itself sets no limit.
MAX_BODY = 1_500_000
# A brief of 200 pins with notes; a public page checks no drafts.
MAX_PUBLIC_BODY = 256_000
# A file of a draft, in base64 a third longer.
MAX_UPLOAD = 5_000_000
UPLOADS = (".docx", ".html", ".md", ".txt")

# The stylesheet's colours that a publisher may set, and against which of them text must be told.
COLOURS = ("paper", "sheet", "ink", "soft", "line", "accent", "on-accent", "mark", "mark-ink")
_TEXT_ON = (("ink", "paper"), ("ink", "sheet"), ("soft", "paper"), ("soft", "sheet"), ("accent", "paper"),
            ("accent", "sheet"), ("on-accent", "accent"), ("mark-ink", "mark"))  # fmt: skip
# WCAG 2.2, 1.4.3: text of normal size.
CONTRAST = 4.5
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `onrecord chat` was told.

    `sites` are the addresses under which the page is reached from elsewhere ("https://ask.example.org"),
    `parents` the origins whose pages may frame it, `accounts` passwords by name (nobody is asked for one
    where there are none), `tokens` those of programs (without any, programs of this machine need none), `rate`
    how many requests each may make in a minute, `origins` the sites whose scripts may make some,
    `log_questions` whether what is asked is written down, `colours` hexadecimal by the stylesheet's names.
    """

    port: int = 7860
    host: str = HERE
    sites: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    embed: bool = False
    public: bool = False
    uploads: bool = False
    tokens: Tokens | None = None
    rate: int = RATE
    origins: tuple[str, ...] = ()
    log_questions: bool = False
    accounts: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)

    @property
    def hosts(self) -> frozenset[str]:
        """The host names and ports that a browser may name."""
        return LOCAL | {urlsplit(site).netloc for site in self.sites}

    @property
    def most_bytes(self) -> int:
        """The longest body that is taken."""
        if self.uploads:
            return MAX_UPLOAD * 4 // 3 + 10_000
        return MAX_PUBLIC_BODY if self.public else MAX_BODY

    @property
    def programs(self) -> bool:
        """Whether programs are answered: on the web only those that show a token."""
        return not self.public or self.tokens is not None

    @property
    def drafts(self) -> bool:
        """Whether drafts are checked: not for strangers, whose drafts would travel and take the processor."""
        return not self.public

    def admits(self, name: str, password: str) -> bool:
        """Whether somebody is let in. Takes as long for an unknown name as for a known one."""
        known = self.accounts.get(name, secrets.token_hex())
        same = secrets.compare_digest(password.encode(), known.encode())
        return same and name in self.accounts


def origin(address: str, what: str) -> str:
    """An address down to scheme, host and port; ServeError where it is none."""
    try:
        parts = urlsplit(address.strip())
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username is not None or re.search(r"[\s;,'\"*]", address.strip()):
        raise ServeError(f"the {what} is {address[:80]!r}; expected an address like https://www.example.org")
    # As a browser names it: small letters, and no port where it is the scheme's own.
    own = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(own).removesuffix(':')}"


def accounts(file: Path) -> dict[str, str]:
    """Passwords by name, from lines NAME:PASSWORD; ServeError where there are none."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ServeError(
            f"the accounts {str(file)[:80]!r} cannot be read ({error}); expected lines NAME:PASSWORD"
        ) from None
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name, colon, password = line.partition(":")
        if not (colon and name.strip() and password):
            raise ServeError(f"line {number} of the accounts {file.name!r} is no NAME:PASSWORD; mend it")
        found[name.strip()] = password
    if not found:
        raise ServeError(f"the accounts {file.name!r} are empty; expected lines NAME:PASSWORD")
    return found


def colours(given: list[str]) -> dict[str, str]:
    """Colours by name, from NAME=#RRGGBB; ServeError for what is none, or too pale to be read."""
    found = {}
    for each in given:
        name, _, value = each.partition("=")
        if name.strip() not in COLOURS or not _HEX.fullmatch(value.strip()):
            raise ServeError(
                f"the colour is {each[:40]!r}; expected NAME=#RRGGBB with a name of: {', '.join(COLOURS)}"
            )
        found[name.strip()] = value.strip()
    for text, ground in _TEXT_ON:
        if text in found and ground in found and (ratio := contrast(found[text], found[ground])) < CONTRAST:
            raise ServeError(
                f"{text} {found[text]} on {ground} {found[ground]} has a contrast of {ratio:.1f} to 1; "
                f"expected {CONTRAST} or more: choose one darker and one lighter"
            )
    return found


def contrast(one: str, other: str) -> float:
    """How strongly two colours differ, from 1 to 21, as WCAG 2.2 counts it."""
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def _light(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
