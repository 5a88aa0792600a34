"""LibreOffice without a screen: what it makes of a file, and whether it complains."""

import subprocess
from pathlib import Path

from tests.support.tools import need

SECONDS = 120


def convert(file: Path, kind: str, folder: Path) -> Path:
    """Return the file as LibreOffice saves it in another format; fail on any complaint."""
    soffice = need("soffice", "libreoffice-calc-nogui")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"  # one of its own: no waiting
    command = [soffice, profile, "--headless", "--convert-to", kind, "--outdir", folder, file]
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    told = [line for line in done.stderr.splitlines() if "javaldx" not in line]  # it needs no Java
    assert not any(line.strip() for line in told), done.stderr
    (made,) = (one for one in folder.iterdir() if one.suffix == f".{kind.partition(':')[0]}")
    return made
