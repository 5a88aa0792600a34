"""The machine: files and who reads them, address, room, memory, clock, compiled texts."""

import ipaddress
import shutil
import subprocess
from pathlib import Path

from core import mail as core_mail
from core import vault
from core.catalogues import TRANSLATIONS
from core.doctor.findings import ERROR, OK, WARNING, Finding
from core.mail import MailError
from core.settings import Settings

_OTHERS = 0o077
_ROOM = 10**9  # bytes
_SHARE = 0.1
_MEMINFO = Path("/proc/meminfo")


def data_folder(settings: Settings) -> Finding:
    """Say whether the service alone reads and owns its files."""
    folder = settings.data
    if not folder.is_dir():
        return Finding(ERROR, "files", f"{folder} is not there: start the service once.")
    owner = folder.stat().st_uid
    for path in (folder, *sorted(folder.rglob("*"))):
        found = path.stat()
        if found.st_mode & _OTHERS:
            return Finding(ERROR, "files", f"Others may read {path}: chmod go= {path}")
        if found.st_uid != owner:
            return Finding(ERROR, "files", f"{path} is not its owner's: chown it like {folder}.")
    return Finding(OK, "files", "The service alone reads them.")


def address(settings: Settings) -> Finding:
    """Say whether plain HTTP stays on this machine, with a TLS proxy in front."""
    if not _is_loopback(settings.host):
        text = "Plain HTTP is open to the network: set ZUGANG_BIND to 127.0.0.1:8000."
        return Finding(ERROR, "address", text)
    if not settings.behind_proxy:
        text = "Without a TLS proxy and ZUGANG_BEHIND_PROXY=1 this is for trying out only."
        return Finding(WARNING, "address", text)
    return Finding(OK, "address", "The service listens on this machine alone, behind a proxy.")


def disk(settings: Settings) -> Finding:
    """Say whether there is room for more."""
    folder = next(one for one in (settings.data, *settings.data.parents) if one.exists())
    room = shutil.disk_usage(folder)
    free = f"{room.free / 1e9:.1f} GB are free."
    if room.free < _ROOM and room.free < _SHARE * room.total:
        return Finding(ERROR, "disk", f"Only {free} Make room before nothing can be taken in.")
    return Finding(OK, "disk", free)


def memory(settings: Settings, meminfo: Path = _MEMINFO) -> Finding:
    """Say whether every web process can check a passphrase at the same time."""
    needed = settings.workers * vault.COST.memory
    lines = meminfo.read_text().splitlines() if meminfo.exists() else []
    free = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    if free and free[0] < needed:
        text = f"Signing in may need {needed // 2**20} MB and there are {free[0] // 2**20} MB."
        return Finding(WARNING, "memory", f"{text} Add memory or lower ZUGANG_WORKERS.")
    return Finding(OK, "memory", "There is enough for signing in.")


def clock(settings: Settings, program: str = "timedatectl") -> Finding:
    """Say whether the clock is kept right."""
    found = shutil.which(program)
    if found is None:
        text = "It cannot be seen whether the clock is kept right: look for NTP."
        return Finding(WARNING, "clock", text)
    ask = [found, "show", "--property=NTPSynchronized", "--value"]
    said = subprocess.run(ask, capture_output=True, text=True, check=False)  # noqa: S603 - no input
    if said.stdout.strip() != "yes":
        text = "The clock is not kept right: timedatectl set-ntp true"
        return Finding(WARNING, "clock", text)
    return Finding(OK, "clock", f"It is kept right; the service lives in {settings.zone}.")


def languages(_settings: Settings, folder: Path = TRANSLATIONS) -> Finding:
    """Say whether the texts are compiled as they were last written."""
    texts = sorted(folder.glob("*/LC_MESSAGES/*.po"))
    compiled = [one for one in texts if _is_compiled(one)]
    if len(compiled) < len(texts):
        missing = sorted({one.parts[-3] for one in texts} - {one.parts[-3] for one in compiled})
        text = f"Texts are not compiled ({', '.join(missing) or 'some'}): make translations"
        return Finding(ERROR, "languages", text)
    count = len({one.parts[-3] for one in texts})
    return Finding(OK, "languages", f"The texts of {count} catalogues are compiled.")


def mail(settings: Settings) -> Finding:
    """Say whether the mail server takes notices."""
    if settings.smtp is None:
        text = "No mail server is set (ZUGANG_SMTP_URL): nobody is told that something came in."
        return Finding(WARNING, "mail", text)
    try:
        core_mail.try_out(settings.smtp)
    except MailError as error:
        text = f"The mail server does not take us ({error}): look at ZUGANG_SMTP_URL."
        return Finding(ERROR, "mail", text)
    if not settings.url:
        text = "The mail server takes us. Set ZUGANG_URL, so that notices say where to sign in."
        return Finding(WARNING, "mail", text)
    return Finding(OK, "mail", "The mail server takes notices.")


def _is_compiled(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
