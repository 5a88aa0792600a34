"""Setting up ODK Collect: its settings as the text of a QR code.

Source: "Importing and exporting settings", docs.getodk.org/collect-import-export.
"""

import json
import zlib
from base64 import b64encode

ANYBODY = "zugang"  # Collect wants a name beside the passphrase; the token says who it is


def settings(server: str, token: str, project: str) -> str:
    """Return settings that Collect imports: where it sends, what lets it in, what it calls it.

    New interviews leave as soon as there is a line, and the device forgets them then.
    """
    chosen = {
        "general": {
            "server_url": server,
            "username": ANYBODY,
            "password": token,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
            "delete_send": True,
            "analytics": False,
        },
        "admin": {},
        "project": {"name": project, "icon": project[:1].upper(), "color": "#14577a"},
    }
    packed = zlib.compress(json.dumps(chosen, separators=(",", ":")).encode(), level=9)
    return b64encode(packed).decode()
