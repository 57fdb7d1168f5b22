"""The log's first test: writers against a store that loses, delays and reorders.

Any number of writers take the log over from each other at any moment. Whatever happens:
no number stands twice, the chain is contiguous, no acknowledged command is lost, and every
(client, n) stands at most once. Then the same model must catch writers that break a rule.
"""

from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from infra.mongo import DuplicateKey, Unavailable, Unknown
from schemas.room import Announced, RoomEvent
from streaming.live_room.log.documents import Batch, Origin, Tail, seal, tail_of
from streaming.live_room.log.reader import read_batches
from streaming.live_room.log.windows import Windows
from streaming.live_room.log.writer import LogWriter, SteppedDown
from tests.streaming.live_room.log.simulated import Running, SimulatedStore, at_once

LOG = "prg_1.1"
CLIENTS = ("ann", "bob")


async def no_pause(attempt: int) -> None:
    """Send again at once: when is for the test to decide."""


async def read_all(store: SimulatedStore) -> list[Batch]:
    return [batch async for batch in read_batches(store, LOG)]


class Owner:
    """A process that wants to own the room: takes over, rebuilds its windows, appends batches."""

    def __init__(self, store: SimulatedStore, writer: type[LogWriter]) -> None:
        self.store = store
        self.writer = writer(store, LOG, between_tries=no_pause)
        self.windows = Windows()
        self.queue: list[tuple[str, int]] = []
        self.acked: list[tuple[str, int]] = []
        self.tasks: list[Running] = []
        self.serving = False
        self.start(self._open())

    def start(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.tasks.append(Running(coroutine))

    @property
    def waiting(self) -> list[Running]:
        return [task for task in self.tasks if not task.done]

    async def _open(self) -> None:
        tail = await self.writer.take_over(now_ms=0)
        documents = [d for key, d in sorted(self.store.documents.items()) if d["last_seq"] <= tail.seq]
        for document in documents:
            self.windows.accept(_origins(document))
        self.serving = True

    async def flush(self) -> None:
        """Decide what waits and append it as one batch; acknowledge afterwards."""
        first = self.writer.tail.seq + 1
        events: list[RoomEvent] = []
        origins: list[Origin] = []
        answers: list[tuple[str, int]] = []
        for client, n in self.queue:
            if self.windows.place_of("u", client, n) is None:
                origin = Origin("u", client, n, first + len(events))
                events.append(Announced(seq=origin.seq, at=0, text=f"{client} {n}"))
                origins.append(origin)
                self.windows.accept([origin])
            answers.append((client, n))
        self.queue = []
        try:
            if events:
                await self.writer.append(events, origins)
        except SteppedDown:
            self.serving = False
            return
        self.acked += answers


def _origins(document: dict[str, Any]) -> list[Origin]:
    return msgspec.json.decode(document["origins"], type=list[Origin])


class LogModel(RuleBasedStateMachine):
    """Up to three owners at once, each sure of itself."""

    writer: type[LogWriter] = LogWriter
    in_flight = 1

    def __init__(self) -> None:
        super().__init__()
        self.store = SimulatedStore()
        self.owners: list[Owner] = []
        self.sent: dict[str, int] = dict.fromkeys(CLIENTS, 0)

    @precondition(lambda self: len(self.owners) < 3)
    @rule()
    def challenge(self) -> None:
        """Another process believes that it should own the room."""
        self.owners.append(Owner(self.store, self.writer))

    @property
    def serving(self) -> list[Owner]:
        return [owner for owner in self.owners if owner.serving]

    @property
    def ready(self) -> list[Owner]:
        return [o for o in self.serving if o.queue and len(o.waiting) < self.in_flight]

    @property
    def on_their_way(self) -> list[Running]:
        return [task for owner in self.owners for task in owner.waiting]

    @precondition(lambda self: self.serving)
    @rule(client=st.sampled_from(CLIENTS), again=st.booleans(), data=st.data())
    def command(self, client: str, again: bool, data: st.DataObject) -> None:
        """A client sends its next command, or one it already sent, to anyone who serves."""
        if not again or not self.sent[client]:
            self.sent[client] += 1
        n = data.draw(st.integers(1, self.sent[client])) if again else self.sent[client]
        data.draw(st.sampled_from(self.serving)).queue.append((client, n))

    @precondition(lambda self: self.ready)
    @rule(data=st.data())
    def flush(self, data: st.DataObject) -> None:
        """An owner appends what waits."""
        owner = data.draw(st.sampled_from(self.ready))
        owner.start(owner.flush())

    @precondition(lambda self: self.on_their_way)
    @rule(data=st.data(), fate=st.sampled_from(["deliver", "deliver", "lose_request", "lose_reply", "delay"]))
    def network(self, data: st.DataObject, fate: str) -> None:
        """Something becomes of a request on its way."""
        getattr(data.draw(st.sampled_from(self.on_their_way)), fate)()

    @precondition(lambda self: self.store.delayed)
    @rule(data=st.data())
    def land_late(self, data: st.DataObject) -> None:
        """A delayed insert arrives after all."""
        call = self.store.delayed.pop(data.draw(st.integers(0, len(self.store.delayed) - 1)))
        with suppress(DuplicateKey):
            call.apply()

    @precondition(lambda self: len(self.owners) > 1)
    @rule()
    def die(self) -> None:
        """The oldest owner is killed; what it sent may still arrive."""
        owner = self.owners.pop(0)
        for task in owner.waiting:
            task.delay()
            task.coroutine.close()

    @invariant()
    def the_log_holds(self) -> None:
        batches = at_once(read_all(self.store))  # raises LogBroken: a gap, a number twice, a broken chain
        assert len(batches) == len(self.store.documents), "a batch stands outside the chain"
        accepted = [(o.client, o.n) for batch in batches for o in batch.origins]
        assert len(accepted) == len(set(accepted)), "a command was accepted twice"
        for owner in self.owners:
            assert set(owner.acked) <= set(accepted), "an acknowledged command is lost"


TestLogModel = LogModel.TestCase
TestLogModel.settings = settings(
    max_examples=150, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)


# --- the model has teeth: each of these writers breaks one rule and must be caught --------------


class TwoInFlight(LogWriter):
    """Sends the next batch before the last one is answered."""

    async def append(self, events: Sequence[RoomEvent], origins: Sequence[Origin]) -> Tail:
        document = seal(self.log, self.tail, self.epoch, events, origins)
        self.tail = tail_of(document)
        if not await self._land(document):
            self.stepped_down = True
            raise SteppedDown(self.log)
        return self.tail


class TimeOutIsSuccess(LogWriter):
    """Answers without knowing."""

    async def _land(self, document: dict[str, Any]) -> bool:
        try:
            await self._batches.insert_one(document)
        except (Unknown, Unavailable):
            return True
        except DuplicateKey:
            return False
        return True


class CollisionIsSuccess(LogWriter):
    """Takes any document at its number for its own."""

    async def _standing(self, key: str) -> dict[str, Any]:
        return self._ours

    async def _land(self, document: dict[str, Any]) -> bool:
        self._ours = document
        return await super()._land(document)


@pytest.mark.parametrize(
    ("broken", "in_flight"),
    [(TwoInFlight, 2), (TimeOutIsSuccess, 1), (CollisionIsSuccess, 1)],
    ids=["two in flight", "time-out is success", "collision is success"],
)
def test_model_catches_a_writer_that_breaks_a_rule(broken: type[LogWriter], in_flight: int) -> None:
    machine = type("Mutated", (LogModel,), {"writer": broken, "in_flight": in_flight})
    with pytest.raises(Exception) as caught:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=2000,
                stateful_step_count=60,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert type(caught.value).__name__ in {"LogBroken", "AssertionError"}, caught.value
