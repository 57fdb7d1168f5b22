"""What the sandbox remembers: payments, and events that the merchant has not heard of yet.

SQLite in WAL mode: a killed process loses nothing that was answered.
"""

import sqlite3
from pathlib import Path

import msgspec

from commerce.payments.sandbox import PaymentAsked
from schemas.ids import new_id
from schemas.payments import PaymentEvent, PaymentEventKind

SCHEMA = """
CREATE TABLE IF NOT EXISTS payments (id TEXT PRIMARY KEY, asked TEXT NOT NULL, refunded_at INTEGER);
CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, payment TEXT UNIQUE NOT NULL REFERENCES payments(id), event TEXT NOT NULL,
    told_at INTEGER, tries INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS untold ON events(next_at) WHERE told_at IS NULL;
"""


class AskedDifferently(Exception):
    """The id is known with another amount or address."""


class NotPaid(Exception):
    """There is no money to give back."""


class Untold(msgspec.Struct, frozen=True):
    """An event to be told, and where."""

    event: PaymentEvent
    notify_url: str
    tries: int


class Ledger:
    """The payments of one sandbox."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    def announce(self, asked: PaymentAsked) -> None:
        """Note a payment; again, it must be the same one (its time and title aside)."""
        text = msgspec.json.encode(asked).decode()
        self._db.execute("INSERT OR IGNORE INTO payments (id, asked) VALUES (?, ?)", (asked.id, text))
        known = self.asked(asked.id)
        assert known is not None
        if (known.amount, known.notify_url) != (asked.amount, asked.notify_url):
            raise AskedDifferently(asked.id)

    def asked(self, payment: str) -> PaymentAsked | None:
        """Give what was announced."""
        row = self._db.execute("SELECT asked FROM payments WHERE id = ?", (payment,)).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=PaymentAsked)

    def event_of(self, payment: str) -> PaymentEvent | None:
        """Give what became of a payment."""
        row = self._db.execute("SELECT event FROM events WHERE payment = ?", (payment,)).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=PaymentEvent)

    def settle(self, asked: PaymentAsked, kind: PaymentEventKind, now: int) -> PaymentEvent:
        """Bring a payment to its end; the first time decides, later ones give what was decided.

        A payment whose time is over can only be closed.
        """
        if now >= asked.expires_at:
            kind = PaymentEventKind.CLOSED
        event = PaymentEvent(id=new_id("sbx"), kind=kind, payment=asked.id, amount=asked.amount, at=now)
        self._db.execute(
            "INSERT OR IGNORE INTO events (id, payment, event, next_at) VALUES (?, ?, ?, ?)",
            (event.id, asked.id, msgspec.json.encode(event).decode(), now),
        )
        decided = self.event_of(asked.id)
        assert decided is not None
        return decided

    def refund(self, payment: str, now: int) -> None:
        """Give the money back; once is enough. Raises NotPaid."""
        event = self.event_of(payment)
        if event is None or event.kind is not PaymentEventKind.SUCCEEDED:
            raise NotPaid(payment)
        self._db.execute(
            "UPDATE payments SET refunded_at = ? WHERE id = ? AND refunded_at IS NULL", (now, payment)
        )

    def refunded(self, payment: str) -> bool:
        """Tell whether the money went back."""
        row = self._db.execute("SELECT refunded_at FROM payments WHERE id = ?", (payment,)).fetchone()
        return row is not None and row[0] is not None

    def untold(self, now: int, limit: int = 100) -> list[Untold]:
        """Give events that are due to be told."""
        rows = self._db.execute(
            "SELECT event, asked, tries FROM events JOIN payments ON payments.id = payment "
            "WHERE told_at IS NULL AND next_at <= ? ORDER BY next_at LIMIT ?",
            (now, limit),
        ).fetchall()
        return [
            Untold(
                msgspec.json.decode(event, type=PaymentEvent),
                msgspec.json.decode(asked, type=PaymentAsked).notify_url,
                tries,
            )
            for event, asked, tries in rows
        ]

    def next_due(self) -> int | None:
        """Tell when the next event is to be told, epoch ms."""
        row = self._db.execute("SELECT MIN(next_at) FROM events WHERE told_at IS NULL").fetchone()
        return None if row[0] is None else int(row[0])

    def told(self, event: str, now: int) -> None:
        """Note that the merchant has answered."""
        self._db.execute("UPDATE events SET told_at = ? WHERE id = ?", (now, event))

    def was_told(self, event: str) -> bool:
        """Tell whether the merchant has answered."""
        row = self._db.execute("SELECT told_at FROM events WHERE id = ?", (event,)).fetchone()
        return row is not None and row[0] is not None

    def take_up(self, event: str, until: int) -> None:
        """Count a try; the event is not due again before `until`."""
        self._db.execute("UPDATE events SET tries = tries + 1, next_at = ? WHERE id = ?", (until, event))

    def put_off(self, event: str, next_at: int) -> None:
        """Say when the next try is due."""
        self._db.execute("UPDATE events SET next_at = ? WHERE id = ?", (next_at, event))

    def close(self) -> None:
        """Close the file."""
        self._db.close()
