"""The pen."""

import pytest

from headway.charts.svg import drawing, element, linked


def test_it_escapes_text_and_attributes() -> None:
    drawn = element("text", "<b>&", title='"><script>')

    assert drawn == '<text title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;</text>'


def test_it_sets_what_is_drawn_already_as_it_is() -> None:
    assert element("g", element("circle", r=2)) == '<g><circle r="2"/></g>'


def test_it_refuses_an_element_that_is_no_mark() -> None:
    with pytest.raises(ValueError, match="no <script>"):
        element("script")


def test_it_names_a_link_and_the_sheet() -> None:
    drawn = drawing(
        linked(element("rect"), address="/progress?a=1&b=2", words="3 pupils"), words="Bar", width=9, height=4
    )

    assert 'aria-label="Bar"' in drawn
    assert '<a href="/progress?a=1&amp;b=2"><title>3 pupils</title><rect/></a>' in drawn
