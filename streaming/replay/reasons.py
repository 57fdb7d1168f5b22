"""Why a replay, clip or cover could not be made: a stable code, and what to tell people."""

from enum import StrEnum

from infra.jobs import JobFailed


class Reason(StrEnum):
    """Codes at the front of `Job.reason`; what follows the colon is for the log's reader."""

    SOURCE_GONE = "source_gone"
    NOTHING_RECORDED = "nothing_recorded"
    FOOTAGE_LOST = "footage_lost"
    FFMPEG_FAILED = "ffmpeg_failed"
    STORE_AWAY = "store_away"


TEXTS: dict[Reason, tuple[str, str]] = {
    Reason.SOURCE_GONE: ("来源已不存在", "What it was to be made from is gone."),
    Reason.NOTHING_RECORDED: ("这段时间没有录到画面", "No picture was recorded at that time."),
    Reason.FOOTAGE_LOST: ("录像文件缺失", "A recorded file is missing."),
    Reason.FFMPEG_FAILED: ("剪辑失败", "The cut failed."),
    Reason.STORE_AWAY: ("对象存储无响应，请稍后重试", "The object store does not answer; try again later."),
}
"""Chinese and English."""


def failed(reason: Reason, detail: str = "", *, retry: bool = True) -> JobFailed:
    """Make the failure of a job; `retry=False` when another try would fail the same way."""
    return JobFailed(f"{reason}: {detail}" if detail else str(reason), retry=retry)


def plain(reason: str, language: str) -> str:
    """Tell a job's reason to a person; reasons without a code of ours are told as they are."""
    code = reason.partition(":")[0]
    if code not in Reason.__members__.values():
        return reason
    chinese, english = TEXTS[Reason(code)]
    return chinese if language.startswith("zh") else english
