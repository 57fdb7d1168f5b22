"""A program with a shelf, a recording and marks, in the database and on the disk."""

from dataclasses import dataclass, field

import msgspec

from content.contents.store import contents
from content.contents.store import ensure_indexes as ensure_content_indexes
from content.programs.store import programs
from infra import jobs, outbox
from infra.mongo import Database, to_doc
from infra.objects import ObjectStore
from infra.settings import Settings
from schemas.content import Content, ContentKind, Offer, Program, ProgramState
from schemas.ids import new_id
from schemas.jobs import Mark
from schemas.media import Recording, Segment
from schemas.money import Money
from streaming.media.recorder.store import RecordStore
from streaming.replay import store
from streaming.replay.workshop import Workshop
from tests.streaming.replay.recorded import START
from tests.streaming.replay.shows import Take, record

OFFERS = [
    Offer(id=f"off_{n}", number=n, product=f"prd_{n}", title=title, picture="", price=Money(amount=9900))
    for n, title in ((1, "保温杯"), (2, "羊毛围巾"))
]


@dataclass
class Stage:
    """One show and what was recorded of it."""

    db: Database
    objects: ObjectStore
    settings: Settings
    program: Program
    recording: Recording
    segments: list[Segment] = field(default_factory=list)

    @property
    def shop(self) -> Workshop:
        shop = Workshop(self.db, self.objects, self.settings)
        shop.tidy()
        return shop

    async def film(self, taken: Take, start_at: int = START, *, broken: bool = False) -> list[Segment]:
        """Record a take: files in the recording's folder, documents in the collection."""
        breaks = sum(segment.discontinuity for segment in self.segments) + broken
        laid = record(
            taken,
            self.settings.recordings_dir / self.recording.folder,
            recording=self.recording.id,
            program=self.program.id,
            start_at=start_at,
            first_seq=len(self.segments),
            init=breaks,
            broken=broken,
        )
        await self.db.collection("segments").insert_many([to_doc(segment) for segment in laid])
        self.segments += laid
        return laid

    async def close(self, **changes: object) -> None:
        """End the show and its recording."""
        self.program = msgspec.structs.replace(self.program, state=ProgramState.ENDED, **changes)
        await self.db.collection("programs").replace_one({"_id": self.program.id}, to_doc(self.program))
        await self.db.collection("recordings").update_one(
            {"_id": self.recording.id}, {"$set": {"ended_at": START + 60_000}}
        )

    async def explain(self, from_ms: int, to_ms: int, offer: Offer = OFFERS[0]) -> Mark:
        """Mark an offer as explained, ms after the start of the show."""
        made = Mark(
            id=new_id("mrk"),
            program=self.program.id,
            business=self.program.business,
            log=self.program.log,
            product=offer.product,
            offer=offer.id,
            from_at=START + from_ms,
            to_at=START + to_ms,
            from_seq=1,
            to_seq=2,
        )
        await self.db.collection("marks").insert_one(to_doc(made))
        return made

    async def contents(self, kind: ContentKind) -> list[Content]:
        found = await contents.page(self.db, {"program": self.program.id, "kind": kind}, cursor="", limit=100)
        return list(reversed(found.items))


async def set_up(db: Database, objects: ObjectStore, settings: Settings) -> Stage:
    """Put a show on air with nothing recorded yet."""
    for ensure in (jobs.ensure_indexes, outbox.ensure_indexes, store.ensure_indexes, ensure_content_indexes):
        await ensure(db)
    await RecordStore(db).ensure_indexes()
    await objects.ensure_bucket()
    program = Program(
        id=new_id("prg"),
        business="biz_1",
        room="rm_1",
        anchor="acc_1",
        title="秋冬上新",
        state=ProgramState.LIVE,
        went_live_at=START,
        shelf=OFFERS,
        log=new_id("log"),
    )
    await db.collection(programs.name).insert_one(to_doc(program))
    recording = await RecordStore(db).open_recording(program.id, program.business, START)
    return Stage(db, objects, settings, program, recording)


async def quiet(_done: float) -> None:
    """Progress that nobody watches."""
