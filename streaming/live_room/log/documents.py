"""Layout of a batch document, and the hash chain through all batches of a log.

    _id        "<log>:<first_seq, 12 digits>"       epoch, batch   who wrote it, which try of his
    first_seq, last_seq, from_at, to_at             what it spans
    events     JSON list of events                  origins        JSON list of (user, client, n, seq)
    texts      {"<seq>": {salt, body}}              prev_hash, hash

Events with personal text stand in `texts` as they are and in `events` as a stub with the salted
hash of their body. Erasing such a text removes the whole entry: the chain stays valid and the
hash tells nothing without its salt.
"""

import hashlib
import os
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from schemas.room import AnyRoomEvent, Erased, RoomEvent
from streaming.live_room.log.collection import Document
from streaming.live_room.log.upcasters import EVENTS_VERSION, upcast

GENESIS = bytes(32)
"""What the first batch of a log names as its predecessor's hash."""


class LogBroken(Exception):
    """A log does not hold together: a gap, a number twice, or a hash that does not match."""


class Origin(NamedTuple):
    """Where an event came from: command `n` of a client of a user, accepted at `seq`."""

    user: str
    client: str
    n: int
    seq: int


class Tail(NamedTuple):
    """Where a log stands: its last number, that batch's hash and epoch, and the time of it (epoch ms)."""

    seq: int
    hash: bytes
    epoch: int
    at: int


class Batch(NamedTuple):
    """A batch as read: verified against its own hash, texts joined back to their events."""

    log: str
    epoch: int
    first_seq: int
    last_seq: int
    prev_hash: bytes
    hash: bytes
    to_at: int
    events: list[RoomEvent]
    origins: list[Origin]

    @property
    def tail(self) -> Tail:
        """The log's tail when this is its last batch."""
        return Tail(self.last_seq, self.hash, self.epoch, self.to_at)


class Stub(RoomEvent, frozen=True, kw_only=True, tag="sealed"):
    """What the immutable part keeps of an erasable event: its type and the salted hash of its body."""

    was: str
    sha256: str


class _AnyStub(msgspec.Struct, frozen=True):
    """Just enough of a stored event to see whether it is a stub."""

    type: str
    seq: int
    at: int
    was: str = ""
    sha256: str = ""


EMPTY = Tail(0, GENESIS, 0, 0)

_encode = msgspec.json.Encoder().encode
_decode_origins = msgspec.json.Decoder(list[Origin]).decode
_decode_stubs = msgspec.json.Decoder(list[_AnyStub]).decode
_decode_raw = msgspec.json.Decoder(list[msgspec.Raw]).decode

ROOM_EVENTS: msgspec.json.Decoder[Any] = msgspec.json.Decoder(AnyRoomEvent)
"""The vocabulary logs are read in unless a reader brings a wider one."""


def batch_key(log: str, first_seq: int) -> str:
    """Name the document that begins at a number; names sort like numbers."""
    return f"{log}:{first_seq:012d}"


def seal(
    log: str, tail: Tail, epoch: int, events: Sequence[RoomEvent], origins: Sequence[Origin]
) -> Document:
    """Make the batch document that continues a log. `events` are numbered from `tail.seq + 1`."""
    texts: dict[str, dict[str, bytes]] = {}
    stored: Sequence[RoomEvent] = events
    if any(event.erasable for event in events):
        stored = [_put_aside(event, texts) if event.erasable else event for event in events]
    document: Document = {
        "_id": batch_key(log, tail.seq + 1),
        "log": log,
        "epoch": epoch,
        "batch": uuid.uuid4().hex,
        "first_seq": tail.seq + 1,
        "last_seq": tail.seq + len(events),
        "from_at": events[0].at,
        "to_at": events[-1].at,
        "v": EVENTS_VERSION,
        "events": _encode(stored),
        "origins": _encode(origins),
        "texts": texts,
        "prev_hash": tail.hash,
    }
    document["hash"] = chain_hash(document)
    return document


def tail_of(document: Document) -> Tail:
    """Read where a log stands from its last batch document."""
    return Tail(document["last_seq"], document["hash"], document["epoch"], document["to_at"])


def chain_hash(document: Document) -> bytes:
    """Hash all of a batch but its erasable texts, chained to its predecessor (SHA-256)."""
    names = ("_id", "epoch", "batch", "first_seq", "last_seq", "from_at", "to_at", "v")
    head = "\n".join(str(document[name]) for name in names)
    digest = hashlib.sha256(document["prev_hash"])
    for part in (head.encode(), document["events"], document["origins"]):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def unseal(document: Document, vocabulary: msgspec.json.Decoder[Any] = ROOM_EVENTS) -> Batch:
    """Open a batch document, verifying its hash and its numbers. Raises LogBroken."""
    key = document["_id"]
    if chain_hash(document) != document["hash"]:
        raise LogBroken(f"{key}: the hash does not match what is stored")
    events = _join(document, vocabulary)
    first, last = document["first_seq"], document["last_seq"]
    if key != batch_key(document["log"], first) or [e.seq for e in events] != list(range(first, last + 1)):
        raise LogBroken(f"{key}: expected the numbers {first} to {last}")
    return Batch(
        log=document["log"],
        epoch=document["epoch"],
        first_seq=first,
        last_seq=last,
        prev_hash=document["prev_hash"],
        hash=document["hash"],
        to_at=document["to_at"],
        events=events,
        origins=_decode_origins(document["origins"]),
    )


def _put_aside(event: RoomEvent, texts: dict[str, dict[str, bytes]]) -> Stub:
    body, salt = _encode(event), os.urandom(16)
    texts[str(event.seq)] = {"salt": salt, "body": body}
    was = str(event.__struct_config__.tag)
    return Stub(seq=event.seq, at=event.at, was=was, sha256=hashlib.sha256(salt + body).hexdigest())


def _join(document: Document, vocabulary: msgspec.json.Decoder[Any]) -> list[RoomEvent]:
    stored: list[Any] = list(_decode_raw(document["events"]))
    if b'"sealed"' in document["events"]:
        for place, stub in enumerate(_decode_stubs(document["events"])):
            if stub.type == "sealed":
                stored[place] = _body_of(document, stub)
    return [
        event if isinstance(event, Erased) else vocabulary.decode(upcast(event, document["v"]))
        for event in stored
    ]


def _body_of(document: Document, stub: _AnyStub) -> bytes | Erased:
    text = document["texts"].get(str(stub.seq))
    if text is None:
        return Erased(seq=stub.seq, at=stub.at, was=stub.was)
    body: bytes = text["body"]
    if hashlib.sha256(text["salt"] + body).hexdigest() != stub.sha256:
        raise LogBroken(f"{document['_id']}: the text of {stub.seq} was changed")
    return body
