"""Built web pages: index files from memory, folders for the native static path."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from workers.web.pages import Site, mounts, page_routes, sites, viewer_build

INDEX = '<!doctype html><script src="/assets/a.js"></script><script>window.k=1</script>'


@pytest.fixture
def apps(tmp_path: Path) -> Path:
    for name, deeper in (("viewer", "dist/build/h5"), ("portal", "dist")):
        build = tmp_path / name / deeper
        (build / "assets").mkdir(parents=True)
        (build / "index.html").write_text(f"{INDEX}{name}")
        (build / "assets" / "a.js").write_text("1")
        (build / "logo.svg").write_text("<svg/>")
    return tmp_path


def client(apps: Path) -> httpx.AsyncClient:
    app = Starlette(routes=page_routes(sites(apps)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kaibo.test")


async def test_each_page_answers_at_its_place_and_below_it(apps: Path) -> None:
    async with client(apps) as web:
        assert (await web.get("/")).text.endswith("viewer")
        for path in ("/portal", "/portal/", "/portal/programs/prg_1"):
            assert (await web.get(path)).text.endswith("portal")
        assert (await web.get("/logo.svg")).headers["content-type"] == "image/svg+xml"
        assert (await web.get("/portal/logo.svg")).text == "<svg/>"
        assert (await web.get("/anything")).status_code == 404


async def test_an_index_is_asked_for_again_and_answered_briefly(apps: Path) -> None:
    async with client(apps) as web:
        first = await web.get("/")
        assert first.headers["cache-control"] == "no-cache"
        assert "'sha256-" in first.headers["content-security-policy"]
        again = await web.get("/", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_a_page_that_is_not_built_says_what_to_do(tmp_path: Path) -> None:
    async with client(tmp_path) as web:
        for path in ("/", "/portal/", "/portal/x"):
            answer = await web.get(path)
            assert answer.status_code == 503
            assert "make run" in answer.text


def test_folders_of_builds_are_mounted_below_their_page(apps: Path) -> None:
    found = [mount for site in sites(apps) for mount in mounts(site)]
    assert found == [
        ("/portal/assets", apps / "portal" / "dist" / "assets"),
        ("/assets", viewer_build(apps) / "assets"),
    ]
    assert list(mounts(Site("/none", apps / "none"))) == []


async def test_the_program_that_verifies_a_rain_is_handed_out(apps: Path) -> None:
    async with client(apps) as web:
        answer = await web.get("/verify_rain.py")
        assert answer.headers["content-type"].startswith("text/x-python")
        assert answer.content == (Path(__file__).parents[2] / "docs" / "verify_rain.py").read_bytes()
