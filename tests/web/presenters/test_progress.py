from headway.web.presenters.progress import in_sentence


def test_it_keeps_capitals_only_where_they_belong() -> None:
    names = ["Mathematics", "English", "English literature", "ICT", "Design and technology", "French"]

    assert list(in_sentence({name: name for name in names}).values()) == [
        "mathematics",
        "English",
        "English literature",
        "ICT",
        "design and technology",
        "French",
    ]
