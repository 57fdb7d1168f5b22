"""Cells: what a spreadsheet is given, and what comes back from it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.products.views import NewProduct, ProductEdit
from content.bulk.rules import cells
from content.programs.views import ProgramEdit

HINTS: dict[str, Any] = {**cells.columns(NewProduct), **cells.columns(ProductEdit)}


@pytest.mark.parametrize("text", ["=1+1", "+86", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "'quoted"])
def test_no_cell_is_a_formula(text: str) -> None:
    written = cells.cell(text)
    assert written.startswith("'")
    assert cells.natural(written) == text


@given(st.text())
def test_a_text_survives_the_way_out_and_in(text: str) -> None:
    assert cells.natural(cells.cell(text)) == text
    assert not cells.cell(text).startswith(cells.FORMULA)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (-5, "-5"),
        (True, "true"),
        ([], ""),
        (["a", "b"], "a|b"),
        (["=a", "b"], "'=a|b"),
        (["a|b"], '["a|b"]'),
        ([{"key": "k"}], '[{"key":"k"}]'),
    ],
)
def test_values_are_written_so_that_people_read_them(value: Any, written: str) -> None:
    assert cells.cell(value) == written


def test_structs_are_laid_out_flat_and_put_together_again() -> None:
    assert {"price.amount", "price.currency", "pictures", "title"} <= HINTS.keys()
    fields = {"title": "杯", "price": {"amount": 3900, "currency": "CNY"}, "pictures": ["a", "b"]}
    header = ["title", "price.amount", "price.currency", "pictures"]
    row = dict(zip(header, map(cells.cell, cells.flat(fields, header)), strict=True))
    read = cells.nested({name: cells.reader(HINTS[name])(text) for name, text in row.items()})

    new = msgspec.convert({"business": "b", **read}, NewProduct, strict=False)

    assert msgspec.to_builtins(new.price) == fields["price"]
    assert new.pictures == ["a", "b"]


def test_an_empty_cell_empties_a_field_where_that_is_possible() -> None:
    hints = cells.columns(ProgramEdit)
    assert cells.reader(hints["intro"])("") == ""
    assert cells.reader(hints["guests"])("") == []
    assert cells.reader(hints["title"])("") is msgspec.UNSET
    assert cells.reader(hints["rehearsal"])("") is msgspec.UNSET
    assert cells.reader(HINTS["list_price.amount"])("") is msgspec.UNSET
