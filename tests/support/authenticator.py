"""A device with passkeys, in software: makes one, and signs what it is asked (ES256)."""

import json
import secrets
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device. `counts` is how far its counter moves each time: 0 for one that has none."""

    origin: str = "http://localhost"
    counts: int = 1
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    counter: int = 0

    def make(self, options: str) -> str:
        """Answer what asks for a new passkey."""
        asked = json.loads(options)
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        about = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(asked["rp"]["id"], ATTESTED) + about
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked)
        return self._said(clientDataJSON=client, attestationObject=attestation)

    def sign(self, options: str) -> str:
        """Answer what asks for one of the passkeys."""
        asked = json.loads(options)
        data, client = self._data(asked["rpId"], 0), self._client("webauthn.get", asked)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._said(clientDataJSON=client, authenticatorData=data, signature=signature)

    def knows(self, options: str) -> bool:
        """Say whether the passkey asked for is the one here."""
        known = json.loads(options)["allowCredentials"]
        return self.id in [base64url_to_bytes(one["id"]) for one in known]

    def _data(self, host: str, flags: int) -> bytes:
        self.counter += self.counts
        head = sha256(host.encode()).digest()
        return head + struct.pack(">BI", PRESENT | VERIFIED | flags, self.counter)

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _said(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.id)
        said = {key: bytes_to_base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": said})
