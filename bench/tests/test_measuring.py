"""How rounds become figures, and figures a chart."""

from __future__ import annotations

from xml.etree import ElementTree

from bench.chart import svg
from bench.measuring import Comparison, Rounds, Spread, take_turns

ROUNDS = Rounds({"ours": [10.0, 30.0, 20.0], "slow": [1.0, 1.0, 1.0], "fast": [5.0, 10.0, 20.0]})


def test_ours_stands_beside_the_best_of_the_references_round_by_round():
    found = ROUNDS.compare("commands", "case", "per s", "ours", ["slow", "fast"], 2.0)
    assert found.reference_name == "fast"
    assert found.ratio == Spread(1.0, 2.0, 3.0)
    assert found.met is True


def test_a_target_for_the_ratio_is_missed_from_below():
    assert ROUNDS.compare("commands", "case", "per s", "ours", ["fast"], 2.1).met is False


def test_a_bound_for_ours_is_missed_from_above():
    late = Comparison("latency", "p99", "ms", Spread(100, 251, 300), target=250, at_most=True)
    assert late.met is False


def test_without_a_reference_nothing_is_met_or_missed():
    assert Comparison("commands", "case", "per s", Spread(1, 2, 3), target=10.0, note="not installed").met is None


async def test_contenders_take_turns_and_the_order_turns_round():
    order: list[str] = []

    def contender(name):
        async def run() -> float:
            order.append(name)
            return float(len(order))

        return run

    done = await take_turns(2, {"a": contender("a"), "b": contender("b")})
    assert order == ["a", "b", "b", "a"]
    assert done.values == {"a": [1.0, 4.0], "b": [2.0, 3.0]}


def test_the_chart_is_well_formed_and_has_a_bar_for_every_ratio():
    found = [
        ROUNDS.compare("commands", "a < b", "per s", "ours", ["fast"], 2.0),
        Comparison("memory", "api", "MiB", None),
    ]
    drawing = ElementTree.fromstring(svg(found))
    said = [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert "commands: a < b" in said
    assert "2.00 ×" in said
    assert not any("memory" in (text or "") for text in said)
