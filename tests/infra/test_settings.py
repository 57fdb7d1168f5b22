from pathlib import Path

import pytest

from infra.settings import SettingInvalid, explain, load, to_environ


def test_the_environment_wins_over_dotenv_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "kaibo.toml").write_text("web_port = 1001\nlive_port = 1002\nmedia_port = 1003\n")
    (tmp_path / ".env").write_text("# ports\nexport KAIBO_WEB_PORT='2001'\nKAIBO_LIVE_PORT=2002\n")
    settings = load({"KAIBO_WEB_PORT": "3001"}, tmp_path)
    assert (settings.web_port, settings.live_port, settings.media_port) == (3001, 2002, 1003)
    sources = {entry.name: entry.source for entry in explain({"KAIBO_WEB_PORT": "3001"}, tmp_path)}
    assert (sources["web_port"], sources["live_port"], sources["media_port"], sources["s3_port"]) == (
        "environment",
        ".env",
        "kaibo.toml",
        "default",
    )


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"KAIBO_WEB_PORT": "x"}, "KAIBO_WEB_PORT .* is “x”"),
        ({"KAIBO_WEB_PORT": "0"}, "KAIBO_WEB_PORT"),
        ({"KAIBO_NO_SUCH": "1"}, "KAIBO_NO_SUCH, which is not a setting"),
        ({"KAIBO_LOG_LEVEL": "loud"}, "KAIBO_LOG_LEVEL"),
        ({"KAIBO_SANDBOX_PAYMENTS": "1", "KAIBO_HOST": "0.0.0.0"}, "takes no money.*KAIBO_HOST"),
        (
            {"KAIBO_SANDBOX_PAYMENTS": "1", "KAIBO_PUBLIC_HOST": "live.example.com", "DEMO": "0"},
            "KAIBO_SANDBOX_PAYMENTS.*KAIBO_PUBLIC_HOST is “live.example.com”",
        ),
    ],
)
def test_a_broken_setting_is_one_plain_sentence(
    environ: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingInvalid, match=sentence):
        load(environ, tmp_path)


def test_payments_that_take_no_money_are_for_this_machine(tmp_path: Path) -> None:
    assert load({"KAIBO_SANDBOX_PAYMENTS": "1", "DEMO": "0"}, tmp_path).sandbox is True
    assert load({"KAIBO_PUBLIC_HOST": "live.example.com", "DEMO": "0"}, tmp_path).sandbox is False


def test_a_broken_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "kaibo.toml").write_text("web_port = ")
    with pytest.raises(SettingInvalid, match=r"kaibo\.toml can't be read"):
        load({}, tmp_path)


def test_short_names_are_read(tmp_path: Path) -> None:
    assert load({"DEMO": "0"}, tmp_path).demo is False
    assert load({}, tmp_path).demo is True


def test_secrets_are_masked(tmp_path: Path) -> None:
    shown = {entry.name: entry.value for entry in explain({"KAIBO_SECRET": "hush"}, tmp_path)}
    assert shown["secret"] == "••••"


def test_children_read_the_same_settings(tmp_path: Path) -> None:
    settings = load({"KAIBO_WEB_PORT": "3001", "DEMO": "0"}, tmp_path)
    assert load(to_environ(settings), Path("/")) == settings
