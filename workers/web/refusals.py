"""Refusals of the web process itself, and what they mean to HTTP and to people."""

from infra.problems import Explained, register
from schemas.problems import RefusalCode


class WatchRefusal(RefusalCode):
    """Why something can't be watched."""

    NOTHING_TO_PLAY = "nothing_to_play"


class JobRefusal(RefusalCode):
    """Why a job can't be tried again."""

    JOB_NOT_FAILED = "job_not_failed"


register(
    {
        WatchRefusal.NOTHING_TO_PLAY: Explained(
            409, "暂时没有可播放的画面。", "There is nothing to play right now."
        ),
        JobRefusal.JOB_NOT_FAILED: Explained(
            409, "只有失败的任务可以重试。", "Only a failed job can be tried again."
        ),
    }
)
