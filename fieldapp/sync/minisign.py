"""Signature files as the ``minisign`` tool writes and checks them (algorithm ``ED``: Ed25519 over BLAKE2b-512).

Four lines, each ended by LF: untrusted comment (always the same), base64 of ``ED`` + key id + signature, trusted
comment, base64 of the signature over signature + trusted comment. The trusted comment says what kind of thing was
signed, so that a signature of one kind never passes for another. Verification accepts one spelling only.
"""

from __future__ import annotations

import base64
import hashlib

from fieldapp.sync.keys import DeviceKeys, SignatureWrong, public_bytes, verify

UNTRUSTED_COMMENT = "untrusted comment: fieldapp"
MAX_SIGNATURE_BYTES = 512
"""No signature file is longer."""

_TRUSTED = "trusted comment: "
_PREHASHED = b"ED"
_KEY = b"Ed"


def key_id(public: str) -> bytes:
    """The key's number in minisign files: the first 8 bytes of SHA-256(public key), so it follows from the key."""
    return hashlib.sha256(public_bytes(public)).digest()[:8]


def public_key_text(public: str) -> str:
    """The key as ``minisign -V -P`` takes it: base64 of ``Ed`` + key id + key."""
    return base64.b64encode(_KEY + key_id(public) + public_bytes(public)).decode()


def sign_text(keys: DeviceKeys, data: bytes, trusted_comment: str) -> str:
    """The text of a signature file for ``data``."""
    if not trusted_comment.isascii() or not trusted_comment.isprintable():
        raise ValueError("a trusted comment is one line of ASCII")
    signature = keys.sign(_digest(data))
    over_comment = keys.sign(signature + trusted_comment.encode())
    return _text(keys.signing_public, signature, trusted_comment, over_comment)


def verify_text(public: str, data: bytes, text: str, trusted_comment: str) -> None:
    """Check that ``text`` is the signature file of ``data`` by ``public`` for ``trusted_comment``.

    Raises SignatureWrong for a wrong signature, key or comment and for every other spelling of a right one.
    """
    lines = text.split("\n")
    if len(text) > MAX_SIGNATURE_BYTES or len(lines) != 5:
        raise SignatureWrong("form")
    signature, over_comment = _decoded(lines[1])[10:], _decoded(lines[3])
    if text != _text(public, signature, trusted_comment, over_comment):
        raise SignatureWrong("form")
    verify(public, _digest(data), signature)
    verify(public, signature + trusted_comment.encode(), over_comment)


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data).digest()


def _decoded(line: str) -> bytes:
    try:
        return base64.b64decode(line.encode("ascii"), validate=True)
    except ValueError as error:
        raise SignatureWrong("form") from error


def _text(public: str, signature: bytes, trusted_comment: str, over_comment: bytes) -> str:
    first = base64.b64encode(_PREHASHED + key_id(public) + signature).decode()
    second = base64.b64encode(over_comment).decode()
    return f"{UNTRUSTED_COMMENT}\n{first}\n{_TRUSTED}{trusted_comment}\n{second}\n"
