"""The files that are understood, in words."""

from headway.web.presenters.file_kinds import file_kinds


def test_it_explains_every_kind_of_file() -> None:
    assert [kind.name for kind in file_kinds() if not (kind.words and kind.meaning and kind.needed)] == []
