"""Passkeys (WebAuthn) as a second factor: what the browser is asked, and what it answers."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

import webauthn
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core import factors
from core.factors import PASSKEY, Factor
from core.people import SignedIn

_WRONG = (WebAuthnException, ValueError, RecursionError)  # whatever a browser may send
_VERIFIED = UserVerificationRequirement.PREFERRED  # her passphrase was the first factor


@dataclass(frozen=True)
class Site:
    """Where the browser is: a passkey works at the host that it was made for and nowhere else."""

    host: str
    origin: str


@dataclass(frozen=True)
class Question:
    """What the browser hands to the device, as JSON, and the challenge inside it."""

    options: str
    challenge: bytes


@dataclass(frozen=True)
class _Kept:
    host: str
    id: bytes
    public: bytes


def ask_to_add(session: Session, who: SignedIn, site: Site) -> Question:
    """Return what asks a device for a new passkey; one that has hers already says no."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=factors.ISSUER,
        user_id=blake2b(who.pair.public, digest_size=16, person=b"passkey").digest(),
        user_name=who.person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            # The device need not list it: she types her name here.
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=_VERIFIED,
        ),
        exclude_credentials=_known(session, who, site),
    )
    return Question(options_to_json(options), options.challenge)


def add(
    session: Session,
    who: SignedIn,
    site: Site,
    challenge: bytes,
    answer: str,
    name: str,
    day: date,
) -> Factor | None:
    """Add the passkey that a device made, None when the answer is not right."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except _WRONG:
        return None
    kept = {
        "host": site.host,
        "id": bytes_to_base64url(made.credential_id),
        "public": bytes_to_base64url(made.credential_public_key),
    }
    factor = factors.add(session, who, PASSKEY, name, json.dumps(kept).encode(), day)
    factor.step = made.sign_count
    return factor


def ask(session: Session, who: SignedIn, site: Site) -> Question | None:
    """Return what asks for one of her passkeys, None when she has none for this host."""
    known = _known(session, who, site)
    if not known:
        return None
    options = webauthn.generate_authentication_options(
        rp_id=site.host, allow_credentials=known, user_verification=_VERIFIED
    )
    return Question(options_to_json(options), options.challenge)


def take(session: Session, who: SignedIn, site: Site, challenge: bytes, answer: str) -> bool:
    """Say whether a passkey of hers answers the challenge; its counter moves on."""
    for factor in factors.of(session, who.person, PASSKEY):
        kept = _kept(who, factor)
        if kept.host != site.host:
            continue
        try:
            used = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=kept.host,
                expected_origin=site.origin,
                credential_public_key=kept.public,
                credential_current_sign_count=factor.step,
            )
        except _WRONG:
            continue
        # Many devices count nothing and say 0 each time.
        return not used.new_sign_count or factors.advance(session, factor, used.new_sign_count)
    return False


def _known(session: Session, who: SignedIn, site: Site) -> list[PublicKeyCredentialDescriptor]:
    kept = [_kept(who, factor) for factor in factors.of(session, who.person, PASSKEY)]
    return [PublicKeyCredentialDescriptor(id=one.id) for one in kept if one.host == site.host]


def _kept(who: SignedIn, factor: Factor) -> _Kept:
    read = json.loads(factors.secret_of(who, factor))
    return _Kept(read["host"], base64url_to_bytes(read["id"]), base64url_to_bytes(read["public"]))
