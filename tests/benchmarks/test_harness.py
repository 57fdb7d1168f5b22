"""How figures are judged and printed."""

from types import ModuleType

import pytest

from benchmarks.__main__ import discover, main, run
from benchmarks.harness import Goal, Pairs, Reference, Report, paired

NEAR = Reference("raw loop", 110, 100)
FAR = Reference("raw loop", 130, 100)


def lines_of(report_lines: list[str]) -> list[str]:
    return [line for line in report_lines if "goal" in line]


def test_a_figure_alone_is_judged_when_the_reference_is_near() -> None:
    said: list[str] = []
    report = Report(said.append)

    report.absolute("start", 5.25, "s", Goal("<=", 6), NEAR)
    report.absolute("start", 6.5, "s", Goal("<=", 6), NEAR)
    report.absolute("start", 5.25, "s", Goal("<=", 6), FAR)

    assert lines_of(said) == [
        "start ours=5.25s goal<=6 ok",
        "start ours=6.5s goal<=6 short",
        "start ours=5.25s goal<=6 unjudged",
    ]


def test_a_reference_that_is_much_faster_judges_nothing_either() -> None:
    report = Report(lambda line: None)

    report.absolute("start", 5, "s", Goal("<=", 6), Reference("raw loop", 74, 100))

    assert report.figures[0].verdict == "unjudged"


def test_beside_a_peer_the_median_ratio_decides() -> None:
    said: list[str] = []
    report = Report(said.append)

    report.beside("grabs", Pairs([(300, 100), (200, 100), (90, 100)]), "/s", Goal(">=", 1.5), "redis")

    assert lines_of(said) == ["grabs ours=200/s peer=redis:100/s ratio=2 goal>=1.5 ok"]


def test_fewer_than_three_pairs_are_no_measurement() -> None:
    with pytest.raises(ValueError, match="expected at least 3 paired runs, got 2"):
        Pairs([(1, 1), (1, 1)])


def test_pairs_are_taken_in_turns_and_the_first_place_alternates() -> None:
    order: list[str] = []

    def take(name: str, value: float) -> float:
        order.append(name)
        return value

    pairs = paired(lambda: take("ours", 4), lambda: take("peer", 2))

    assert order == ["ours", "peer", "peer", "ours", "ours", "peer"]
    assert pairs.ratio == 2


def module(measure: object) -> ModuleType:
    made = ModuleType("made", "One line of method.")
    made.__dict__["measure"] = measure
    return made


def test_a_short_figure_or_a_break_fails_the_run_and_unjudged_does_not() -> None:
    def figure(ours: float, reference: Reference) -> object:
        return lambda report: report.absolute("x", ours, "s", Goal("<=", 6), reference)

    def broken(report: Report) -> None:
        raise RuntimeError("no server")

    assert run("x", module(figure(5, NEAR)))
    assert run("x", module(figure(7, FAR)))
    assert not run("x", module(figure(7, NEAR)))
    assert not run("x", module(broken))


def test_an_unknown_name_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing-like-it"]) == 2
    assert "no benchmark named nothing-like-it; there are: " in capsys.readouterr().out
    assert "start" in discover()
