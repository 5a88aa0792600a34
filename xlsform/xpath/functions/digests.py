"""Functions about encodings, digests, signatures and random tokens."""

import base64
import binascii
import hashlib
import secrets
import string
import uuid
from collections.abc import Mapping

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from xlsform.xpath.calls import Function, function
from xlsform.xpath.context import ExpressionError, as_number, as_string

_DIGESTS = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
_LONGEST_TOKEN = 1_000


def _digest(text: str, algorithm: str, encoding: str = "base64") -> str:
    name = _DIGESTS.get(algorithm)
    if name is None:
        raise ExpressionError(f"digest() does not know the algorithm {algorithm!r}.")
    made = hashlib.new(name, text.encode(), usedforsecurity=False)
    if encoding == "hex":
        return made.hexdigest()
    if encoding != "base64":
        raise ExpressionError(f"digest() does not know the encoding {encoding!r}.")
    return base64.b64encode(made.digest()).decode("ascii")


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text.encode(), validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def _uuid(length: float = -1.0) -> str:
    if length == -1:
        return str(uuid.uuid4())
    if not 0 <= length <= _LONGEST_TOKEN:
        raise ExpressionError(f"uuid() makes at most {_LONGEST_TOKEN} characters.")
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(int(length)))


def _extracted(signed: str, key: str) -> str:
    """Return the text in a signed message (Ed25519, both in base64), "" when it is not genuine."""
    try:
        message = VerifyKey(base64.b64decode(key)).verify(base64.b64decode(signed))
    except (binascii.Error, CryptoError, ValueError):
        return ""
    return message.decode("utf-8", "replace")


FUNCTIONS: Mapping[str, Function] = {
    "base64-decode": function("string", _decoded, as_string),
    "digest": function("string", _digest, as_string, as_string, as_string, least=2),
    "extract-signed": function("string", _extracted, as_string, as_string),
    "uuid": function("string", _uuid, as_number, least=0),
}
