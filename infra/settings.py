"""Settings: environment, then `.env`, then `kaibo.toml`, then the default.

Every setting is `KAIBO_` and its name in capitals; `DEMO` and `LAN` are also read without the prefix.
`docs/settings.md` lists them all and a test keeps that list true.
"""

import hashlib
import os
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import msgspec

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
PREFIX = "KAIBO_"
SHORT_NAMES = ("DEMO", "LAN")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECRETS = ("secret", "s3_secret_key", "operator_password", "mongodb_uri", "wechat_secret")
"""Settings whose value is never printed."""
MAX_SOCKET_FOLDER = 80
"""Bytes; the path of a unix socket may have 107 (unix(7))."""


class SettingInvalid(Exception):
    """A setting can't be used; the text is one plain sentence for a person."""


def in_address(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def says(text: str) -> msgspec.Meta:
    """Attach the meaning of a setting."""
    return msgspec.Meta(description=text)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings, with their defaults."""

    data: Annotated[Path, says("Folder of everything Kaibo keeps on this machine.")] = Path("data")
    host: Annotated[str, says("Address all our servers listen on.")] = "127.0.0.1"
    public_host: Annotated[str, says("Host name clients use in addresses we give them.")] = "localhost"
    web_port: Annotated[Port, says("Web pages and HTTP API.")] = 8000
    live_port: Annotated[Port, says("Websockets of the rooms.")] = 8010
    media_port: Annotated[Port, says("HTTP-FLV and live HLS.")] = 8020
    whip_port: Annotated[Port, says("WebRTC ingest (WHIP).")] = 8030
    jobs_port: Annotated[Port, says("Health and metrics of the jobs worker.")] = 8040
    s3_port: Annotated[Port, says("The embedded object store.")] = 8050
    pay_port: Annotated[Port, says("The payment provider that takes no money.")] = 8060
    rtmp_port: Annotated[Port, says("RTMP ingest.")] = 1935
    lan: Annotated[
        bool, says("Let phones of this network in: HTTPS with a certificate of our own, made passwords.")
    ] = False
    lan_host: Annotated[str, says("This machine's address on the network, with LAN=1. Empty: found.")] = ""
    https_port: Annotated[Port, says("The one HTTPS address of everything, with LAN=1.")] = 8443
    mongodb_uri: Annotated[
        str, says("An existing MongoDB (replica set). Empty: Kaibo starts its own mongod.")
    ] = ""
    mongodb_database: Annotated[str, says("Name of the database.")] = "kaibo"
    mongod: Annotated[str, says("Path of a mongod program. Empty: the system's, else the wheel's.")] = ""
    s3_endpoint: Annotated[str, says("An existing S3 service. Empty: Kaibo starts its own object store.")] = (
        ""
    )
    s3_bucket: Annotated[str, says("Bucket of all objects.")] = "kaibo"
    s3_region: Annotated[str, says("Region told to the S3 service.")] = "us-east-1"
    s3_access_key: Annotated[str, says("Access key. Empty: made once and kept in the data folder.")] = ""
    s3_secret_key: Annotated[str, says("Secret key. Empty: made once and kept in the data folder.")] = ""
    secret: Annotated[
        str, says("Key that signs sessions, tickets and addresses. Empty: made once and kept.")
    ] = ""
    operator_password: Annotated[
        str, says("Password of the first account `admin`. Empty: made once and kept in the data folder.")
    ] = ""
    demo: Annotated[bool, says("Fill an example shop and put its room on air.")] = True
    sandbox_payments: Annotated[
        bool,
        says("Start the payment provider that takes no money also without the demo; on this machine alone."),
    ] = False
    grace_s: Annotated[
        float,
        msgspec.Meta(ge=0, le=3600, description="How long a show waits for a publisher that is gone."),
    ] = 60.0
    transcodes: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=64,
            description="Browsers without H.264 that may publish at once; each takes a fifth of a core.",
        ),
    ] = 2
    retention_days: Annotated[
        int,
        msgspec.Meta(
            ge=0, le=36_500, description="How long everything of a show that sold something is kept; 3 years."
        ),
    ] = 1096
    file_days: Annotated[
        int,
        msgspec.Meta(
            ge=1, le=3650, description="How long exported files are kept, and those that were imported."
        ),
    ] = 7
    order_minutes: Annotated[
        float,
        msgspec.Meta(gt=0, le=1440, description="How long an order keeps its units while it isn't paid."),
    ] = 15.0
    wechat_appid: Annotated[str, says("App id of the mini-program. Empty: nobody signs in with WeChat.")] = ""
    wechat_secret: Annotated[str, says("Its app secret.")] = ""
    wechat_url: Annotated[str, says("WeChat's API server.")] = "https://api.weixin.qq.com"
    session_hours: Annotated[int, msgspec.Meta(ge=1, le=8760, description="How long a sign-in lasts.")] = 168
    allowed_origins: Annotated[str, says("Other origins whose pages may call us, separated by commas.")] = ""
    media_limit_gb: Annotated[
        float,
        msgspec.Meta(gt=0, description="Local recordings above this size leave once safely in the store."),
    ] = 20.0
    min_free_gb: Annotated[
        float, msgspec.Meta(ge=0, description="Kaibo refuses to start with less free disk space.")
    ] = 2.0
    log_level: Annotated[
        str, msgspec.Meta(pattern="^(debug|info|warning|error)$", description="Least severe log line kept.")
    ] = "info"
    skip_frontend: Annotated[bool, says("Start without building the web pages.")] = False

    @property
    def run_dir(self) -> Path:
        """Sockets, pid files and small kept secrets."""
        return self.data / "run"

    @property
    def socket_dir(self) -> Path:
        """Folder of unix sockets: `run_dir`, or a short one when its path is too long for a socket."""
        if len(str(self.run_dir)) <= MAX_SOCKET_FOLDER:
            return self.run_dir
        name = hashlib.sha256(str(self.run_dir).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"kaibo-{os.getuid()}-{name}"

    @property
    def recordings_dir(self) -> Path:
        """Closed segments, one folder per recording."""
        return self.data / "media" / "rec"

    @property
    def web_url(self) -> str:
        """The one address people open."""
        return self.gate_url if self.lan else f"http://{self.public_host}:{self.web_port}"

    @property
    def gate_url(self) -> str:
        """The one HTTPS origin of everything, with LAN=1."""
        return f"https://{in_address(self.lan_host)}:{self.https_port}"

    @property
    def only_here(self) -> bool:
        """Whether nobody but this machine can reach us."""
        return not self.lan and self.host in LOOPBACK

    @property
    def peer_hosts(self) -> list[str]:
        """Addresses on which publishers reach us directly: RTMP over TCP, WebRTC over UDP."""
        return [self.host, self.lan_host] if self.lan else [self.host]

    @property
    def sandbox(self) -> bool:
        """Whether there is a payment provider that takes no money."""
        return self.demo or self.sandbox_payments

    @property
    def pay_url(self) -> str:
        """The payment provider that takes no money, as our own processes reach it."""
        return f"http://127.0.0.1:{self.pay_port}"

    @property
    def callback_url(self) -> str:
        """The web worker, as that payment provider reaches it."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def pay_page_url(self) -> str:
        """Pages of that payment provider, as browsers reach them."""
        return self.gate_url if self.lan else f"http://{self.public_host}:{self.pay_port}"

    @property
    def rtmp_url(self) -> str:
        """RTMP application to which a stream key is appended."""
        port = "" if self.rtmp_port == 1935 else f":{self.rtmp_port}"
        return f"rtmp://{in_address(self.lan_host) if self.lan else self.public_host}{port}/live"

    @property
    def ingest_socket(self) -> Path:
        """Unix socket on which the media hub takes packets from the WHIP process."""
        return self.socket_dir / "media.sock"

    @property
    def s3_url(self) -> str:
        """Where the object store answers."""
        return self.s3_endpoint or f"http://127.0.0.1:{self.s3_port}"

    @property
    def origins(self) -> frozenset[str]:
        """Origins whose pages may open our sockets and call us with credentials."""
        own = {f"http://{host}:{self.web_port}" for host in (self.public_host, "localhost", "127.0.0.1")}
        if self.lan:
            own.add(self.gate_url)
        return frozenset(own | {o.strip() for o in self.allowed_origins.split(",") if o.strip()})


class Entry(msgspec.Struct, frozen=True):
    """One setting explained."""

    name: str
    variable: str
    meaning: str
    default: str
    value: str
    source: str


def load(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read the settings; raises SettingInvalid with the name, what was expected and what came."""
    return _read(os.environ if environ is None else environ, folder or Path.cwd())[0]


def explain(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> list[Entry]:
    """List every setting with its meaning, default, value in force (secrets masked) and source."""
    settings, sources = _read(os.environ if environ is None else environ, folder or Path.cwd())
    hints = get_type_hints(Settings, include_extras=True)
    entries = []
    for field in msgspec.structs.fields(Settings):
        metas = [meta for meta in get_args(hints[field.name]) if isinstance(meta, msgspec.Meta)]
        value = _show(getattr(settings, field.name))
        masked = "••••" if field.name in SECRETS and value else value
        meaning = next((meta.description for meta in metas if meta.description), "")
        entries.append(
            Entry(
                field.name,
                PREFIX + field.name.upper(),
                meaning,
                _show(field.default),
                masked,
                sources.get(field.name, "default"),
            )
        )
    return entries


def to_environ(settings: Settings) -> dict[str, str]:
    """Turn settings back into environment variables, for child processes."""
    return {
        PREFIX + field.name.upper(): _show(getattr(settings, field.name))
        for field in msgspec.structs.fields(Settings)
    }


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def _read(environ: Mapping[str, str], folder: Path) -> tuple[Settings, dict[str, str]]:
    raw: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for source, values in (
        ("kaibo.toml", _from_toml(folder / "kaibo.toml")),
        (".env", _from_variables(_parse_dotenv(folder / ".env"))),
        ("environment", _from_variables(environ)),
    ):
        raw.update(values)
        sources.update(dict.fromkeys(values, source))
    settings = _convert(raw, sources)
    if not settings.data.is_absolute():
        settings = msgspec.structs.replace(settings, data=(folder / settings.data).resolve())
    return settings, sources


def _convert(raw: dict[str, Any], sources: dict[str, str]) -> Settings:
    known = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in known:
            raise SettingInvalid(f"{sources[name]} sets {PREFIX}{name.upper()}, which is not a setting.")
        if value == "" and known[name] is not str and _base(known[name]) is not str:
            continue
        try:
            values[name] = msgspec.convert(value, known[name], strict=False, dec_hook=_path)
        except msgspec.ValidationError as error:
            raise SettingInvalid(
                f"{PREFIX}{name.upper()} (from {sources[name]}) is “{value}”: {error}."
            ) from None
    settings = Settings(**values)
    _check_sandbox(settings)
    return settings


def _check_sandbox(settings: Settings) -> None:
    """Keep payments that take no money from a shop that others reach."""
    if not settings.sandbox_payments:
        return
    for name in ("host", "public_host"):
        value = getattr(settings, name)
        if value not in LOOPBACK:
            raise SettingInvalid(
                f"KAIBO_SANDBOX_PAYMENTS takes no money and is for this machine alone, "
                f"but {PREFIX}{name.upper()} is “{value}”."
            )


def _base(kind: Any) -> Any:
    arguments = get_args(kind)
    return arguments[0] if arguments else kind


def _path(kind: type, value: Any) -> Any:
    return Path(value).expanduser() if kind is Path else value


def _from_toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingInvalid(f"{path.name} can't be read: {error}.") from None


def _from_variables(variables: Mapping[str, str]) -> dict[str, Any]:
    prefixed = {
        name[len(PREFIX) :].lower(): value for name, value in variables.items() if name.startswith(PREFIX)
    }
    short = {name.lower(): variables[name] for name in SHORT_NAMES if name in variables}
    return {**short, **prefixed}


def _parse_dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.removeprefix("export ").partition("=")
        if not equals:
            raise SettingInvalid(f".env line {number} is “{text}”: expected NAME=value.")
        found[name.strip()] = value.strip().strip("\"'")
    return found
