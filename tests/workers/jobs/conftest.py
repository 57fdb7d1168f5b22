from tests.streaming.replay.conftest import other_take, stage, taken

__all__ = ["other_take", "stage", "taken"]
