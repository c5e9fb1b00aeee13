from headway.charts.bars import Part, stacked_bar


def part(n: int, meaning: str = "on", *, chosen: bool = False) -> Part:
    return Part(n, meaning, f"/progress?status={meaning}&by=sex", f"{n} pupils {meaning}", chosen)


def test_it_makes_parts_as_wide_as_what_they_count() -> None:
    drawn = stacked_bar([part(1, "above"), part(3)], words="1 above and 3 on")

    assert '<rect class="fill-above" x="0.000%" y="0" width="25.000%" height="34"/>' in drawn
    assert '<rect class="fill-on" x="25.000%" y="0" width="75.000%" height="34"/>' in drawn
    assert '<text class="on-on" x="62.500%" y="22" text-anchor="middle" aria-hidden="true">3</text>' in drawn


def test_it_makes_each_part_a_link_with_a_name() -> None:
    drawn = stacked_bar([part(2)], words="2 on")

    assert '<a href="/progress?status=on&amp;by=sex"><title>2 pupils on</title>' in drawn
    assert drawn.startswith('<svg role="group" aria-label="2 on"')


def test_it_marks_the_part_that_is_shown() -> None:
    drawn = stacked_bar([part(2, chosen=True), part(1, "below")], words="")

    assert drawn.count('aria-current="true"') == 1


def test_it_keeps_a_number_out_of_a_part_too_small_for_it() -> None:
    drawn = stacked_bar([part(1, "above"), part(99)], words="")

    assert (drawn.count("<rect"), drawn.count("<text"), "on-above" in drawn) == (2, 1, False)


def test_it_draws_nobody_as_nothing() -> None:
    assert "<a" not in stacked_bar([part(0), part(0)], words="nobody")
