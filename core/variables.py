"""The environment variables that a deployment may set: the one table of them."""

from dataclasses import dataclass

NORTH = "bergkamen kamen luenen selm werne"
SOUTH = "boenen froendenberg holzwickede schwerte unna"


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, what it is for, and what holds without it."""

    name: str
    purpose: str
    default: str
    secret: bool = False

    @property
    def file(self) -> str:
        """The variable that names a file with the value instead."""
        return f"{self.name}_FILE"


TABLE = (
    Setting("ZUGANG_DATA", "folder for the database and the signing key", "instance"),
    Setting(
        "ZUGANG_DATABASE_URL",
        "where the data lives, if not in SQLite in that folder: `postgresql://user@host/name`",
        "",
        secret=True,
    ),
    Setting("ZUGANG_BIND", "host:port to serve on", "127.0.0.1:8000"),
    Setting("ZUGANG_WORKERS", "web processes", "2"),
    Setting(
        "ZUGANG_BEHIND_PROXY", "`1` when a TLS proxy on this machine sets `X-Forwarded-*`", "0"
    ),
    Setting(
        "ZUGANG_PHONE",
        "phone number of the housing help, shown beside the emergency numbers",
        "",
    ),
    Setting("ZUGANG_EXIT_URL", "the neutral site that the exit leads to", "https://www.dwd.de/"),
    Setting("ZUGANG_URL", "address of the service for everybody, which e-mails name", ""),
    Setting(
        "ZUGANG_SMTP_URL",
        "mail server for notices to staff: `smtps://user:password@host`, `smtp+starttls://…`, or "
        "`smtp://localhost`",
        "",
        secret=True,
    ),
    Setting("ZUGANG_MAIL_FROM", "address that notices come from", ""),
    Setting("ZUGANG_TIME_ZONE", "IANA time zone of the service", "Europe/Berlin"),
    Setting(
        "ZUGANG_SECOND_FACTOR",
        "`deferred` lets who opens contacts work without a second factor, for trying out",
        "required",
    ),
    Setting("ZUGANG_NORTH", "codes of the municipalities of the northern part", NORTH),
    Setting("ZUGANG_SOUTH", "codes of the municipalities of the southern part", SOUTH),
    Setting(
        "ZUGANG_PROGRAMME",
        "first and last month of the programme: reports are made for its half-years",
        "2019-06..2022-05",
    ),
    Setting("ZUGANG_TARGET", "women to be accompanied in a year", "160"),
    Setting("ZUGANG_K", "rows that share a range in released records, at least", "5"),
    Setting(
        "ZUGANG_SHARE_PERCENT",
        "what one sensitive value may make up of such rows, at most",
        "75",
    ),
    Setting(
        "ZUGANG_WEIGHTS",
        "how well evaluators want to know what could give a woman away, others 1: `age=2 part=0.5`",
        "",
    ),
    Setting(
        "ZUGANG_KEEP_IDENTITY_MONTHS",
        "months after a referral was closed until name, contact and files are deleted",
        "6",
    ),
    Setting(
        "ZUGANG_KEEP_DRAFTS_MONTHS",
        "months until a draft of the staff is deleted that nobody went on with",
        "13",
    ),
    Setting(
        "ZUGANG_CORRECTION_DAYS",
        "days in which an interviewer can correct an interview that she has sent",
        "14",
    ),
    Setting(
        "ZUGANG_SECOND_ENTRY_PERCENT",
        "share of the interviews that somebody else enters a second time, drawn at random",
        "10",
    ),
    Setting(
        "ZUGANG_KEEP_ACCOUNTS_MONTHS",
        "months without signing in until an account is closed",
        "12",
    ),
)
