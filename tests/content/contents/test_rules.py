import pytest

from content.contents import rules
from content.contents.rules import Move
from schemas.content import ContentState
from schemas.problems import CommonRefusal, Refusal

S = ContentState
LEGAL = {
    (S.PREPARING, Move.PUBLISH): S.PUBLISHED,
    (S.WITHDRAWN, Move.PUBLISH): S.PUBLISHED,
    (S.PUBLISHED, Move.WITHDRAW): S.WITHDRAWN,
    (S.PREPARING, Move.WITHDRAW): S.WITHDRAWN,
}


@pytest.mark.parametrize("wanted", Move)
@pytest.mark.parametrize("state", ContentState)
def test_every_move_from_every_state(state: ContentState, wanted: Move) -> None:
    outcome = rules.move(state, wanted)
    if (state, wanted) in LEGAL:
        assert outcome is LEGAL[state, wanted]
    else:
        assert isinstance(outcome, Refusal)
        assert outcome.code is CommonRefusal.WRONG_STATE
        assert outcome.data["got"] == state
