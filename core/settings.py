"""Environment → frozen `Settings`, or an error that names the variable.

A secret may also stand in a file that `NAME_FILE` names. No message ever repeats a value.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from core import periods
from core.mail import ADDRESS, Server, server_of
from core.periods import Period, PeriodError
from core.variables import TABLE, Setting

_WEIGHT = re.compile(r"([a-z_0-9]+)=([0-9]+(?:[.][0-9]+)?)")
_HEAVIEST = 100


class SettingsError(ValueError):
    """A setting cannot be used; the message names the variable and the mend."""


@dataclass(frozen=True)
class Settings:
    """Everything a deployment may choose, parsed once."""

    data: Path
    database_url: str = field(repr=False)
    host: str
    port: int
    workers: int
    behind_proxy: bool
    phone: str
    exit_url: str
    url: str
    smtp: Server | None
    mail_from: str
    zone: ZoneInfo
    second_factor_required: bool
    parts: Mapping[str, str]
    programme: Period
    target: int
    k: int
    share_percent: int
    weights: Mapping[str, float]
    keep_identity_months: int
    keep_drafts_months: int
    correction_days: int
    second_entry_percent: int
    keep_accounts_months: int

    @property
    def address(self) -> str:
        """The address a browser on this machine opens."""
        return f"http://{self.host}:{self.port}"


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings in `environment`; raise `SettingsError` naming the variable."""
    values = {row.name: _value(row, environment) for row in TABLE}
    data = Path(values["ZUGANG_DATA"]).absolute()
    host, port = _bind(values["ZUGANG_BIND"])
    return Settings(
        data=data,
        database_url=_database_url(values["ZUGANG_DATABASE_URL"], data),
        host=host,
        port=port,
        workers=_number("ZUGANG_WORKERS", values["ZUGANG_WORKERS"], 1, 64),
        behind_proxy=_number("ZUGANG_BEHIND_PROXY", values["ZUGANG_BEHIND_PROXY"], 0, 1) == 1,
        phone=values["ZUGANG_PHONE"],
        exit_url=_web_address("ZUGANG_EXIT_URL", values["ZUGANG_EXIT_URL"]),
        url=_own_address(values["ZUGANG_URL"]),
        smtp=_mail_server(values["ZUGANG_SMTP_URL"], values["ZUGANG_MAIL_FROM"]),
        mail_from=values["ZUGANG_MAIL_FROM"],
        zone=_zone(values["ZUGANG_TIME_ZONE"]),
        second_factor_required=_required(values["ZUGANG_SECOND_FACTOR"]),
        parts=_parts(values),
        programme=_period("ZUGANG_PROGRAMME", values),
        target=_number("ZUGANG_TARGET", values["ZUGANG_TARGET"], 1, 100_000),
        k=_number("ZUGANG_K", values["ZUGANG_K"], 5, 50),
        share_percent=_number("ZUGANG_SHARE_PERCENT", values["ZUGANG_SHARE_PERCENT"], 50, 75),
        weights=_weights(values["ZUGANG_WEIGHTS"]),
        keep_identity_months=_months("ZUGANG_KEEP_IDENTITY_MONTHS", values),
        keep_drafts_months=_months("ZUGANG_KEEP_DRAFTS_MONTHS", values),
        correction_days=_number("ZUGANG_CORRECTION_DAYS", values["ZUGANG_CORRECTION_DAYS"], 0, 365),
        second_entry_percent=_number(
            "ZUGANG_SECOND_ENTRY_PERCENT", values["ZUGANG_SECOND_ENTRY_PERCENT"], 0, 100
        ),
        keep_accounts_months=_months("ZUGANG_KEEP_ACCOUNTS_MONTHS", values),
    )


def markdown() -> str:
    """Return the table of all settings as it stands in the README."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    yield "| variable | for | default |"
    yield "|---|---|---|"
    for row in TABLE:
        purpose = f"{row.purpose}; or `{row.file}`: a file with it" if row.secret else row.purpose
        yield f"| `{row.name}` | {purpose} | {f'`{row.default}`' if row.default else 'none'} |"


def _value(row: Setting, environment: Mapping[str, str]) -> str:
    given = environment.get(row.name) or ""
    file = (environment.get(row.file) or "") if row.secret else ""
    if given and file:
        raise SettingsError(f"Set {row.name} or {row.file}, not both.")
    if not file:
        return given or row.default
    try:
        return Path(file).read_text(encoding="utf-8").strip() or row.default
    except (OSError, ValueError):
        # Not "from": what is in the file, or a path with a secret in it, must not be repeated.
        raise SettingsError(f"{row.file} must name a text file that can be read.") from None


def _months(name: str, values: Mapping[str, str]) -> int:
    return _number(name, values[name], 1, 120)


def _number(name: str, text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}.")
    return int(text)


def _period(name: str, values: Mapping[str, str]) -> Period:
    try:
        return periods.read(values[name])
    except PeriodError as error:
        raise SettingsError(f"{name}: {error}") from error


def _weights(text: str) -> Mapping[str, float]:
    found = {}
    for part in text.split():
        written = _WEIGHT.fullmatch(part)
        if written is None or not 0 < float(written[2]) <= _HEAVIEST:
            raise SettingsError("ZUGANG_WEIGHTS must look like age=2 part=0.5, each up to 100.")
        found[written[1]] = float(written[2])
    return found


def _bind(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host:
        raise SettingsError("ZUGANG_BIND must look like 127.0.0.1:8000.")
    return host, _number("ZUGANG_BIND (the port)", port, 1, 65535)


def _database_url(text: str, data: Path) -> str:
    if not text:
        return f"sqlite:///{data / 'zugang.sqlite3'}"
    scheme = text.partition("://")[0]
    if scheme in {"postgresql", "postgres"}:
        text = "postgresql+psycopg" + text[len(scheme) :]
    elif scheme not in {"sqlite", "postgresql+psycopg"}:
        # The URL may hold a password, so no message repeats it.
        raise SettingsError("ZUGANG_DATABASE_URL must begin with sqlite:// or postgresql://.")
    try:
        host = make_url(text).host or ""
    except (ArgumentError, ValueError):
        host = "@"
    if "@" in host:  # half a password would go for the host, which error messages name
        raise SettingsError("ZUGANG_DATABASE_URL is no address: write @ in a password as %40.")
    return text


def _web_address(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise SettingsError(f"{name} must be a web address such as https://www.dwd.de/.")
    return text


def _own_address(text: str) -> str:
    return _web_address("ZUGANG_URL", text).rstrip("/") if text else ""


def _mail_server(url: str, sender: str) -> Server | None:
    if not url:
        return None
    if not re.fullmatch(ADDRESS, sender):
        raise SettingsError("ZUGANG_MAIL_FROM must be an e-mail address when mail is to be sent.")
    try:
        return server_of(url)
    except ValueError:
        # Not "from": the URL may hold a password.
        raise SettingsError(
            "ZUGANG_SMTP_URL must look like smtps://user:password@host or smtp+starttls://…; "
            "plain smtp:// takes a password for this machine alone."
        ) from None


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            "ZUGANG_TIME_ZONE must be an IANA zone such as Europe/Berlin."
        ) from error


def _required(text: str) -> bool:
    if text not in {"required", "deferred"}:
        raise SettingsError("ZUGANG_SECOND_FACTOR must be required or deferred.")
    return text == "required"


def _parts(values: Mapping[str, str]) -> Mapping[str, str]:
    north, south = values["ZUGANG_NORTH"].split(), values["ZUGANG_SOUTH"].split()
    both = set(north) & set(south)
    if both:
        raise SettingsError(f"ZUGANG_NORTH and ZUGANG_SOUTH both name {', '.join(sorted(both))}.")
    return dict.fromkeys(north, "north") | dict.fromkeys(south, "south")
