"""Environment → frozen `Settings`, or an error that names the variable."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NORTH = "bergkamen kamen luenen selm werne"
SOUTH = "boenen froendenberg holzwickede schwerte unna"


class SettingsError(ValueError):
    """A setting cannot be used; the message names the variable and the mend."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, what it is for, and what holds without it."""

    name: str
    purpose: str
    default: str


TABLE = (
    Setting("ZUGANG_DATA", "folder for the database, the key file and logs", "instance"),
    Setting(
        "ZUGANG_DATABASE_URL",
        "SQLAlchemy URL; PostgreSQL needs psycopg 3",
        "SQLite in the data folder",
    ),
    Setting("ZUGANG_BIND", "host:port to serve on", "127.0.0.1:8000"),
    Setting("ZUGANG_WORKERS", "web processes", "2"),
    Setting("ZUGANG_BEHIND_PROXY", "1 when a TLS proxy on this machine sets X-Forwarded-*", "0"),
    Setting(
        "ZUGANG_PHONE", "the phone number of the housing help, shown on every failure page", ""
    ),
    Setting("ZUGANG_EXIT_URL", "the neutral site that the exit leads to", "https://www.dwd.de/"),
    Setting("ZUGANG_TIME_ZONE", "IANA zone of the service", "Europe/Berlin"),
    Setting(
        "ZUGANG_SECOND_FACTOR",
        "deferred lets who opens contacts work without a second factor, for trying out",
        "required",
    ),
    Setting("ZUGANG_NORTH", "municipality codes of the northern part", NORTH),
    Setting("ZUGANG_SOUTH", "municipality codes of the southern part", SOUTH),
)


@dataclass(frozen=True)
class Settings:
    """Everything a deployment may choose, parsed once."""

    data: Path
    database_url: str
    host: str
    port: int
    workers: int
    behind_proxy: bool
    phone: str
    exit_url: str
    zone: ZoneInfo
    second_factor_required: bool
    parts: Mapping[str, str]

    @property
    def address(self) -> str:
        """The address a browser on this machine opens."""
        return f"http://{self.host}:{self.port}"


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings in `environment`; raise `SettingsError` naming the variable."""
    values = {row.name: environment.get(row.name) or row.default for row in TABLE}
    data = Path(values["ZUGANG_DATA"]).absolute()
    host, port = _bind(values["ZUGANG_BIND"])
    return Settings(
        data=data,
        database_url=_database_url(environment.get("ZUGANG_DATABASE_URL") or "", data),
        host=host,
        port=port,
        workers=_number("ZUGANG_WORKERS", values["ZUGANG_WORKERS"], 1, 64),
        behind_proxy=_number("ZUGANG_BEHIND_PROXY", values["ZUGANG_BEHIND_PROXY"], 0, 1) == 1,
        phone=values["ZUGANG_PHONE"],
        exit_url=_web_address("ZUGANG_EXIT_URL", values["ZUGANG_EXIT_URL"]),
        zone=_zone(values["ZUGANG_TIME_ZONE"]),
        second_factor_required=_required(values["ZUGANG_SECOND_FACTOR"]),
        parts=_parts(values),
    )


def _number(name: str, text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}.")
    return int(text)


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
        return "postgresql+psycopg" + text[len(scheme) :]
    if scheme not in {"sqlite", "postgresql+psycopg"}:
        # The URL may hold a password, so the message does not repeat it.
        raise SettingsError("ZUGANG_DATABASE_URL must begin with sqlite:// or postgresql://.")
    return text


def _web_address(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise SettingsError(f"{name} must be a web address such as https://www.dwd.de/.")
    return text


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
