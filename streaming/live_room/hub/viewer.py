"""One socket in a room."""

import asyncio
import time

from websockets.asyncio.server import ServerConnection
from websockets.protocol import State

from schemas.problems import Refusal
from schemas.room import Ack, Bye, Cmd, Down, Nak
from streaming.live_room.hub.frames import SharedFrame, framed
from streaming.live_room.hub.texts import text
from streaming.live_room.interactions.interaction import Speaker
from streaming.live_room.room import Accepted, Answer

SKIP_ABOVE, ABORT_ABOVE = 64 << 10, 256 << 10
"""Unsent bytes above which a viewer is passed over, and given up."""
COMMANDS_PER_S, COMMANDS_BURST = 20.0, 40.0
FRAMES_PER_S, FRAMES_BURST = 60.0, 200.0

FAREWELL_S = 1.0
"""How long a socket may take to say goodbye."""

CLOSE_CODES = {
    "moved": 1012,
    "bad_frame": 4400,
    "ticket_invalid": 4401,
    "not_found": 4404,
    "join_timeout": 4408,
    "replaced": 4409,
    "too_many": 4429,
}


class Allowance:
    """A token bucket: so many a second, so many at once."""

    def __init__(self, per_s: float, burst: float) -> None:
        self._per_s, self._burst, self._left = per_s, burst, burst
        self._at = time.monotonic()

    def take(self) -> bool:
        """Use one up, if there is one."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Viewer:
    """A joined socket: who it is, the number it has seen up to, and what it may still send."""

    def __init__(self, socket: ServerConnection, speaker: Speaker, lang: str, visitor: str) -> None:
        self.speaker = speaker
        self.visitor = visitor
        """The device, for counting."""
        self.lang = lang
        self.cursor = 0
        self.likes_n = 0
        """The last like's number: a like sent again is not counted again."""
        self.large = 0
        """Bytes of a large message that may still be on their way, on top of the limits."""
        self.commands = Allowance(COMMANDS_PER_S, COMMANDS_BURST)
        self.frames = Allowance(FRAMES_PER_S, FRAMES_BURST)
        self._socket = socket
        self._transport = socket.transport
        self._deflates = bool(socket.protocol.extensions)

    @property
    def key(self) -> tuple[str, str]:
        """A person on a client: there is one socket for each."""
        return self.speaker.user.id, self.speaker.client

    @property
    def counts(self) -> bool:
        """Tell whether this is a viewer and not one of those who run the show."""
        return not self.speaker.hosts

    def open_for(self) -> int:
        """Tell how many bytes wait unsent; -1 when nothing can be sent any more."""
        if self._socket.state is not State.OPEN or self._transport.is_closing():
            return -1
        return int(self._transport.get_write_buffer_size())

    def write_shared(self, frame: SharedFrame) -> None:
        """Write a frame of the whole room; the caller looked at `open_for`."""
        self._transport.write(frame.deflated if self._deflates else frame.plain)

    def send(self, message: Down) -> None:
        """Write a message for this viewer alone, unless it stopped reading."""
        waiting = self.open_for()
        if waiting > ABORT_ABOVE + self.large:
            self.abort()
        elif waiting >= 0:
            self._transport.write(framed(message))

    def send_large(self, message: Down) -> None:
        """Write a message that may be larger than the limits of a slow viewer, deflated if it can be."""
        if self.open_for() >= 0:
            frame = SharedFrame(message)
            data = frame.deflated if self._deflates else frame.plain
            self.large += len(data)
            self._transport.write(data)

    def answer(self, command: Cmd, answer: Answer) -> None:
        """Tell what became of a command."""
        if isinstance(answer, Accepted):
            self.send(Ack(n=command.n, seq=answer.seq, result=answer.result))
        else:
            self.refuse(command.n, answer)

    def refuse(self, n: int, refusal: Refusal) -> None:
        """Tell that a command was refused."""
        data = dict(refusal.data)
        wait = data.pop("retry_after", None)
        title = text(refusal.code, self.lang)
        self.send(Nak(n=n, code=refusal.code, title=title, data=data, retry_after=wait))

    def abort(self) -> None:
        """Cut a viewer off that does not read: no farewell would arrive."""
        self._transport.abort()

    async def dismiss(self, code: str, retry_after: float | None = None) -> None:
        """Say why and close."""
        await dismiss(self._socket, code, self.lang, retry_after)


async def dismiss(socket: ServerConnection, code: str, lang: str, retry_after: float | None = None) -> None:
    """Say why and close a socket that may not have joined yet."""
    title = text(code, lang)
    if socket.state is State.OPEN:
        socket.transport.write(framed(Bye(code=code, title=title, retry_after=retry_after)))
    try:
        async with asyncio.timeout(FAREWELL_S):
            await socket.close(CLOSE_CODES[code], code)
    except TimeoutError:  # it does not read: `close` would wait for its buffer to drain
        socket.transport.abort()
