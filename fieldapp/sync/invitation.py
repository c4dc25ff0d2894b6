"""Invitations: headquarters' signed file that lets a laptop join, and the proof that a laptop holds its token.

The file is one line of canonical JSON and the four lines of its minisign signature by HQ's root key. The signature
shows damage and mixing; that the key is HQ's is vouched for by whoever hands the file over.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from fieldapp.domain.canonical import NoCanonicalForm, canonical, parse
from fieldapp.ids import DeviceId, Entropy
from fieldapp.sync.demonstration import is_demonstration
from fieldapp.sync.errors import (
    InvitationAltered,
    InvitationOver,
    InvitationTooNew,
    NotAnInvitation,
    shown_name,
)
from fieldapp.sync.keys import DeviceKeys, SignatureWrong, device_of
from fieldapp.sync.manifest import FORMAT, Deployment, Device, Number, PublicKey, ReceivingKeyText, Stamp, Text
from fieldapp.sync.minisign import sign_text, verify_text

INVITATION_COMMENT = "fieldapp invitation"
MAX_INVITATION_BYTES = 16_384
TOKEN_BYTES = 32

_PROOF_TAG = b"fieldapp token proof\n"


class Headquarters(msgspec.Struct, frozen=True):
    """HQ's root device and the keys that every bundle for HQ is encrypted to."""

    device: Device
    key: PublicKey
    active: ReceivingKeyText
    escrow: ReceivingKeyText


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """What an invited laptop has to know. It holds no private key."""

    created: Stamp
    demonstration: bool
    deployment: Deployment
    device_name: Text
    format: Number
    hq: Headquarters
    minimum_reader: Number
    prefix: Annotated[str, Meta(pattern=r"^[A-Z0-9]{2,4}\Z")]
    """Of the numbers on tags; a laptop that has one already keeps its own."""
    team: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}\Z")]
    team_name: Text
    token: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    until: Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")]
    """Last day of use (YYYY-MM-DD), in HQ's judgement."""

    @property
    def recipients(self) -> list[str]:
        """Keys of a bundle for HQ."""
        return sorted({self.hq.active, self.hq.escrow})


class _Version(msgspec.Struct):
    minimum_reader: Number


def new_token(entropy: Entropy) -> str:
    """A one-time token, 64 hexadecimal digits. HQ keeps it until it was used."""
    return entropy.take(TOKEN_BYTES).hex()


def token_proof(token: str, device: DeviceId, bundle_id: str) -> str:
    """HMAC-SHA256 of device and bundle under the token: worthless in any other bundle."""
    message = _PROOF_TAG + device.encode() + b"\n" + bundle_id.encode()
    return hmac.new(bytes.fromhex(token), message, hashlib.sha256).hexdigest()


def token_fits(token: str, device: DeviceId, bundle_id: str, proof: str) -> bool:
    """Whether ``proof`` was made with ``token`` for this device and bundle."""
    return hmac.compare_digest(token_proof(token, device, bundle_id), proof)


def invitation_text(invitation: Invitation, keys: DeviceKeys) -> str:
    """The text of the file, signed with HQ's root keys. Raises ValueError where no laptop would take it."""
    line = canonical(msgspec.to_builtins(invitation)) + b"\n"
    text = line.decode() + sign_text(keys, line, INVITATION_COMMENT)
    if invitation.hq.device != keys.device or _decoded(line) != invitation or len(text) > MAX_INVITATION_BYTES:
        raise ValueError("not an invitation of these keys")
    return text


def write_invitation(invitation: Invitation, keys: DeviceKeys, path: Path) -> None:
    """Write the file, whole or not at all. Raises OSError, ValueError."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as out:
            out.write(invitation_text(invitation, keys).encode())
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def read_invitation(path: Path) -> Invitation:
    """Read and verify the file. Raises NotAnInvitation, InvitationTooNew or InvitationAltered.

    The last day of use is not looked at here (``check_not_over``): a laptop's clock may be wrong, HQ decides.
    """
    file = shown_name(path)
    data = _read(path, file)
    line, end, signature = data.partition(b"\n")
    try:
        value = parse(line)
        needed = msgspec.convert(value, _Version).minimum_reader
        if needed > FORMAT:
            raise InvitationTooNew(file=file, needed=needed, have=FORMAT)
        invitation = msgspec.convert(value, Invitation)
    except (NoCanonicalForm, msgspec.ValidationError) as error:
        raise NotAnInvitation(file=file) from error
    try:
        verify_text(invitation.hq.key, line + end, signature.decode("latin-1"), INVITATION_COMMENT)
        if device_of(invitation.hq.key) != invitation.hq.device:
            raise InvitationAltered(file=file)
    except SignatureWrong as error:
        raise InvitationAltered(file=file) from error
    if invitation.demonstration != is_demonstration(invitation.hq.device):
        raise InvitationAltered(file=file)
    return invitation


def check_not_over(invitation: Invitation, today: str, file: str) -> None:
    """Raise InvitationOver when ``today`` (YYYY-MM-DD) is after the last day of use."""
    if today > invitation.until:
        raise InvitationOver(file=file, until=invitation.until)


def _read(path: Path, file: str) -> bytes:
    if not path.is_file():
        raise NotAnInvitation(file=file)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_INVITATION_BYTES + 1)
    except OSError as error:
        raise NotAnInvitation(file=file) from error
    if len(data) > MAX_INVITATION_BYTES:
        raise NotAnInvitation(file=file)
    return data


def _decoded(line: bytes) -> Invitation:
    return msgspec.convert(parse(line[:-1]), Invitation)
