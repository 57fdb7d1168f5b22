"""The page that gives a phone the certificate authority, with what to tap."""

from html import escape
from pathlib import Path
from typing import NamedTuple

from infra.certificates import as_der, fingerprint
from infra.problems import Language, language

PAGE, FILE = "/trust", "/trust/kaibo.crt"
FILE_TYPE = "application/x-x509-ca-cert"


class Words(NamedTuple):
    """The page in one language."""

    title: str
    why: str
    get: str
    iphone: tuple[str, ...]
    android: tuple[str, ...]
    print_: str
    done: str


TEXTS: dict[Language, Words] = {
    "zh-CN": Words(
        "让这台手机信任开播",
        "这份证书由运行开播的电脑自己签发，只对局域网地址有效。安装后，浏览器不再提示风险；不安装也可以在提示页选择继续访问。",
        "下载证书",
        (
            "用 Safari 打开本页，点“下载证书”，选择“允许”。",
            "打开“设置”，点顶部的“已下载描述文件”，安装。",
            "“设置 › 通用 › 关于本机 › 证书信任设置”，打开 Kaibo 的开关。",
        ),
        (
            "点“下载证书”，保存文件。",
            "“设置 › 安全 › 加密与凭据 › 安装证书 › CA 证书”（各机型名称略有不同），选择刚才的文件。",
            "回到 Chrome，重新打开开播。",
        ),
        "安装前请核对：电脑上显示的指纹应为",
        "打开开播",
    ),
    "en": Words(
        "Let this phone trust Kaibo",
        "The computer that runs Kaibo issued this certificate itself; it is valid on the local network only. "
        "Once installed, the browser stops warning. Without it you may go on from the warning page.",
        "Download the certificate",
        (
            "Open this page in Safari, tap “Download the certificate” and allow it.",
            "Open Settings, tap “Profile Downloaded” at the top, and install it.",
            "Settings › General › About › Certificate Trust Settings: switch Kaibo on.",
        ),
        (
            "Tap “Download the certificate” and keep the file.",
            "Settings › Security › More › Encryption & credentials › Install a certificate › CA certificate "
            "(names differ a little between phones): choose that file.",
            "Go back to Chrome and open Kaibo again.",
        ),
        "Compare before installing: the computer shows the fingerprint",
        "Open Kaibo",
    ),
}

STYLE = """
:root { color-scheme: light; font-family: "PingFang SC", "Noto Sans CJK SC", Inter, system-ui, sans-serif }
body { margin: 0; padding: 24px 16px 40px; background: #FFF8F3; color: #1B1D22; line-height: 1.6 }
main { max-width: 480px; margin: 0 auto }
h1 { font-size: 24px; line-height: 1.25 }
h2 { margin: 28px 0 4px; font-size: 16px }
a { display: block; min-height: 48px; margin-top: 20px; border-radius: 999px; line-height: 48px;
    text-align: center; font-weight: 600; text-decoration: none; background: #F5B841; color: #1B1D22 }
a.next { background: transparent; color: #1F55D6 }
code { display: block; margin-top: 4px; font-size: 13px; overflow-wrap: anywhere }
li { margin: 6px 0 }
"""


class TrustPages:
    """The page and the certificate."""

    def __init__(self, authority: Path) -> None:
        self._file = as_der(authority)
        self._fingerprint = fingerprint(authority)

    def answer(self, path: str, accept_language: str) -> tuple[str, bytes] | None:
        """Type and body of what is asked for; None when it is nothing of ours."""
        if path == FILE:
            return FILE_TYPE, self._file
        if path == PAGE:
            return "text/html; charset=utf-8", self._page(language(accept_language)).encode()
        return None

    def _page(self, spoken: Language) -> str:
        say = TEXTS[spoken]
        steps = "".join(
            f"<h2>{name}</h2><ol>{''.join(f'<li>{escape(step)}</li>' for step in listed)}</ol>"
            for name, listed in (("iPhone, iPad", say.iphone), ("Android", say.android))
        )
        return (
            f'<!doctype html><html lang="{spoken}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{say.title}</title>'
            f"<style>{STYLE}</style></head><body><main><h1>{say.title}</h1><p>{say.why}</p>"
            f'<a href="{FILE}">{say.get}</a>{steps}'
            f"<h2>{say.print_}</h2><code>{self._fingerprint}</code>"
            f'<a class="next" href="/">{say.done}</a></main></body></html>'
        )
