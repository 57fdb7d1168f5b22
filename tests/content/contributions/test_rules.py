import msgspec
import pytest

from content.contributions import rules
from content.contributions.rules import ContributionState as C
from content.models.rules.compiled import Compiled, compiled
from schemas.content import Content, ContentKind, ContentState
from schemas.models import FieldType as T
from schemas.models import Layer
from schemas.problems import CommonRefusal, Refusal
from schemas.publishing import Draft, DraftState
from tests.content.models.making import LEAVES, Schema, field, model

D = DraftState


def content(state: ContentState, *, taken_back: bool = False) -> Content:
    return Content(
        id="cnt_1",
        business="biz_1",
        kind=ContentKind.ARTICLE,
        title="t",
        state=state,
        taken_back=taken_back,
    )


def draft(state: DraftState) -> Draft:
    return Draft(
        id="drf_cnt_1", document="cnt_1", business="biz_1", layer=Layer.ARTICLE, title="t", state=state
    )


def extension(*, required: tuple[str, ...] = (), **fields: Schema) -> Compiled:
    return compiled(msgspec.json.encode(model(fields, list(required))).decode())


@pytest.mark.parametrize("state", DraftState)
def test_where_a_contribution_is(state: DraftState) -> None:
    waiting = C.SENT_BACK if state is D.SENT_BACK else C.IN_REVIEW
    assert rules.state_of(content(ContentState.PREPARING), draft(state)) is waiting
    assert rules.state_of(content(ContentState.PUBLISHED), draft(state)) is C.PUBLISHED
    assert rules.state_of(content(ContentState.WITHDRAWN), draft(state)) is C.TAKEN_DOWN
    back = content(ContentState.WITHDRAWN, taken_back=True)
    assert rules.state_of(back, draft(state)) is C.WITHDRAWN


@pytest.mark.parametrize("state", DraftState)
def test_it_is_taken_again_while_nobody_works_on_it_and_it_is_not_shown(state: DraftState) -> None:
    free = state in (D.CLEAN, D.SUBMITTED, D.SENT_BACK)
    assert (rules.check_again(content(ContentState.PREPARING), draft(state)) is None) is free
    assert rules.check_again(content(ContentState.PREPARING), None) is None
    assert rules.check_again(content(ContentState.WITHDRAWN, taken_back=True), draft(D.CLEAN)) is None
    for shut in (ContentState.PUBLISHED, ContentState.WITHDRAWN):
        refused = rules.check_again(content(shut), draft(state))
        assert isinstance(refused, Refusal)
        assert refused.code is CommonRefusal.WRONG_STATE


def test_what_was_taken_back_is_not_shown() -> None:
    assert rules.check_showable(content(ContentState.WITHDRAWN)) is None
    refused = rules.check_showable(content(ContentState.WITHDRAWN, taken_back=True))
    assert refused is not None
    assert refused.code is rules.ContributionRefusal.TAKEN_BACK


@pytest.mark.parametrize("kind", LEAVES)
def test_a_contributor_fills_in_what_names_nothing_of_the_business(kind: T) -> None:
    names = {T.PRODUCT, T.STORE, T.TAG_CATEGORY, T.CREATOR, T.VIDEO, T.FILE, T.GEO_POINT}
    note = {"category": "cat_1"} if kind is T.TAG_CATEGORY else {}
    optional = extension(one=field(kind, "one", note=note))
    assert rules.can_fill(optional.fields[0]) is (kind not in names)
    assert rules.is_offered(optional)
    assert rules.is_offered(extension(required=("one",), one=field(kind, "one", note=note))) is (
        kind not in names
    )


def captioned(*kinds: T) -> Schema:
    inner = {f"part_{place}": field(kind, f"part_{place}") for place, kind in enumerate(kinds)}
    item = {**field(T.GROUP, "x"), "properties": inner, "required": [], "kaibo": {"type": "group"}}
    return field(T.LIST, "shots", items=item, maxItems=9)


def test_of_lists_she_fills_in_pictures() -> None:
    plain = field(T.LIST, "shots", items={**field(T.IMAGE, "x"), "kaibo": {"type": "image"}}, maxItems=3)
    for shots, filled in (
        (plain, True),
        (captioned(T.IMAGE), True),
        (captioned(T.IMAGE, T.TEXT), True),
        (captioned(T.IMAGE, T.PRODUCT), False),
        (captioned(T.TEXT), False),
        (field(T.LIST, "shots"), False),
    ):
        assert rules.can_fill(extension(shots=shots).fields[0]) is filled
    made = extension(shots=captioned(T.IMAGE, T.TEXT), one=field(T.IMAGE, "one"))
    values = {"shots": [{"part_0": "a/b.jpg", "part_1": "c"}], "one": "a/c.jpg"}
    assert dict(rules.images_in(made, values)) == {"/ext/shots/0/part_0": "a/b.jpg", "/ext/one": "a/c.jpg"}


def test_her_values_are_checked_and_the_businesss_own_stay_beside_them() -> None:
    made = extension(
        required=("age",),
        age=field(T.INTEGER, "age", minimum=1),
        cup=field(T.PRODUCT, "cup"),
    )
    form, left = rules.extension_form(made)
    assert (list(form["properties"]), form["required"]) == (["age"], ["age"])
    assert [one.key for one in left] == ["cup"]
    assert rules.fitted_extension(made, {"age": 3}) == ({"age": 3}, [])
    _, errors = rules.fitted_extension(made, {"age": 0, "cup": "prd_1"})
    assert [one.pointer for one in errors] == ["/ext/age", "/ext/cup"]
    _, errors = rules.fitted_extension(None, {"age": 3})
    assert [one.pointer for one in errors] == ["/ext/age"]
    assert rules.with_others(made, {"age": 3}, {"age": 2, "cup": "prd_1"}) == {"age": 3, "cup": "prd_1"}


@pytest.mark.parametrize("kind", rules.KINDS)
def test_the_form_has_what_she_writes_and_no_more(kind: ContentKind) -> None:
    form = rules.base_form(kind)
    pictured = kind is ContentKind.PICTURE_SET
    names = ["title", "intro", *([] if pictured else ["body"]), "cover", "pictures"]
    assert sorted(form["properties"]) == sorted(names)
    assert form["required"] == ["title", "pictures" if pictured else "body"]
    missing = rules.check_needed(kind, {"body": "<p> </p>", "pictures": []})
    assert missing is not None
    assert missing.pointer == ("/pictures" if pictured else "/body")
    assert rules.check_needed(kind, {"body": "<p>a</p>", "pictures": ["a"]}) is None
    assert compiled(msgspec.json.encode(form).decode()).fields


def test_what_is_too_much() -> None:
    assert rules.check_pace(rules.MAX_WAITING - 1, rules.MAX_A_DAY - 1) is None
    no = rules.ContributionRefusal
    for waiting, today, code in (
        (rules.MAX_WAITING, 0, no.TOO_MANY_WAITING),
        (0, rules.MAX_A_DAY, no.TOO_MANY_TODAY),
    ):
        refused = rules.check_pace(waiting, today)
        assert refused is not None
        assert refused.code is code
