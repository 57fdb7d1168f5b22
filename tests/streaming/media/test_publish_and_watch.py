import io

import av
import httpx

from infra.mongo import Database
from tests.streaming.media.conftest import MediaProcess, Opened, Push, state_of, until


async def read_flv(url: str, size: int = 400_000) -> bytes:
    data = bytearray()
    async with httpx.AsyncClient(timeout=20) as client, client.stream("GET", url) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"] == "video/x-flv"
        async for chunk in response.aiter_raw():
            data += chunk
            if len(data) >= size:
                break
    return bytes(data)


async def test_what_ffmpeg_pushes_is_decoded_from_http_flv(
    media: MediaProcess, program: Opened, push: Push, db: Database
) -> None:
    push(program.key)

    data = await read_flv(media.play(program.id, "flv"))

    with av.open(io.BytesIO(data), format="flv") as container:
        frames = [frame for frame in container.decode(video=0)]
    assert {(frame.width, frame.height) for frame in frames} == {(640, 360)}
    assert len(frames) > 30

    async def live() -> bool:
        return await state_of(db, program.id) == "live"

    await until("the program is live", live)
