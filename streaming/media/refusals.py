"""Why the media plane says no, and what it says."""

import content.programs.refusals  # noqa: F401  # a publisher is told these too: their words must be known
from infra.problems import Explained, register, title_of
from schemas.problems import RefusalCode, Refused


class MediaRefusal(RefusalCode):
    """Reasons of the media plane; what the program's rules refuse comes from there."""

    PUBLISHER_ACTIVE = "publisher_active"
    TAKEN_OVER = "taken_over"
    SILENT = "silent"
    NO_PICTURE = "no_picture"
    KEY_FRAMES_TOO_RARE = "key_frames_too_rare"
    CODEC_UNSUPPORTED = "codec_unsupported"
    CODEC_UNREADABLE = "codec_unreadable"
    PROTOCOL_BROKEN = "protocol_broken"
    APPLICATION_UNKNOWN = "application_unknown"
    KEY_MISSING = "key_missing"
    KEY_REVOKED = "key_revoked"
    KEY_OF_ANOTHER_PROGRAM = "key_of_another_program"
    PROGRAM_OVER = "program_over"
    NOT_ON_AIR = "not_on_air"
    TOKEN_MISSING = "token_missing"
    TOKEN_INVALID = "token_invalid"
    TOKEN_EXPIRED = "token_expired"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    OFFER_UNREADABLE = "offer_unreadable"
    NO_H264_OFFERED = "no_h264_offered"
    TRANSCODES_BUSY = "transcodes_busy"
    SHUTTING_DOWN = "shutting_down"


R = MediaRefusal
register(
    {
        R.PUBLISHER_ACTIVE: Explained(
            409, "该节目已有推流端在推流。", "Another publisher is connected to this program."
        ),
        R.TAKEN_OVER: Explained(409, "推流已被新的推流端接管。", "Another publisher took over."),
        R.SILENT: Explained(408, "{seconds} 秒内没有收到数据。", "No packets arrived for {seconds} s."),
        R.NO_PICTURE: Explained(
            422, "{seconds} 秒内没有收到关键帧。", "No key frame arrived within {seconds} s."
        ),
        R.KEY_FRAMES_TOO_RARE: Explained(
            422, "关键帧间隔应不超过 {seconds} 秒。", "Expected a key frame at least every {seconds} s."
        ),
        R.CODEC_UNSUPPORTED: Explained(
            415, "需要 {expected}，收到 {got}。", "Expected {expected}, got {got}."
        ),
        R.CODEC_UNREADABLE: Explained(
            422, "编码参数无法解析：{why}。", "The codec configuration can't be read: {why}."
        ),
        R.PROTOCOL_BROKEN: Explained(400, "协议错误：{why}。", "Protocol error: {why}."),
        R.APPLICATION_UNKNOWN: Explained(
            404, "应用名应为 live，收到 {got}。", "Expected the application live, got {got}."
        ),
        R.KEY_MISSING: Explained(401, "缺少推流密钥。", "A stream key is needed."),
        R.KEY_REVOKED: Explained(403, "推流密钥已更换。", "Another stream key was issued."),
        R.KEY_OF_ANOTHER_PROGRAM: Explained(
            403, "推流密钥属于其他节目。", "The stream key belongs to another program."
        ),
        R.PROGRAM_OVER: Explained(410, "节目已结束。", "The program is over."),
        R.NOT_ON_AIR: Explained(404, "节目暂未开播。", "The program is not on air."),
        R.TOKEN_MISSING: Explained(401, "缺少播放凭证。", "A play token is needed."),
        R.TOKEN_INVALID: Explained(403, "播放凭证无效。", "The play token is not valid for this program."),
        R.TOKEN_EXPIRED: Explained(403, "播放凭证已过期。", "The play token has expired."),
        R.TOO_MANY_CONNECTIONS: Explained(
            503, "连接过多，请稍后再试。", "Too many connections; try again later."
        ),
        R.OFFER_UNREADABLE: Explained(400, "SDP 无法解析：{why}。", "The SDP offer can't be read: {why}."),
        R.NO_H264_OFFERED: Explained(
            422,
            "浏览器未提供 H.264 或 VP8 编码。",
            "Expected H.264 or VP8 among the offered video codecs.",
        ),
        R.TRANSCODES_BUSY: Explained(
            503,
            "此浏览器不支持 H.264，需要转码，而 {limit} 路转码都在使用。请换用其他浏览器，或稍后再试。",
            "This browser has no H.264 and all {limit} transcoders are busy: "
            "use a browser with H.264, or try again later.",
        ),
        R.SHUTTING_DOWN: Explained(503, "服务正在重启，请重新连接。", "The server restarts; connect again."),
    }
)


def text(refused: Refused) -> str:
    """One English sentence, for protocols that know no language."""
    return title_of(str(refused.code), "en", refused.data)
