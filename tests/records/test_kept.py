"""What a process keeps in memory: good as long as its label stands, and never more than the budget."""

from collections.abc import Callable

from headway.records.kept import Kept


def reader(value: object, reads: list[object]) -> Callable[[], object]:
    """Reads a value, and says that it was read."""

    def read() -> object:
        reads.append(value)
        return value

    return read


def test_it_reads_once_and_again_where_the_label_is_another() -> None:
    kept, reads = Kept(budget=100), list[object]()

    found = [
        kept.fresh("key", label, reader(value, reads), n_bytes=lambda _: 1)
        for label, value in ((1, "old"), (1, "never read"), (2, "new"), (1, "old once more"))
    ]

    assert found == ["old", "old", "new", "old once more"]
    assert reads == ["old", "new", "old once more"]


def test_it_says_what_stands_under_a_key_and_under_which_label() -> None:
    kept = Kept(budget=100)
    kept.keep("key", "label", "value", n_bytes=1)

    assert kept.standing("key") == ("label", "value")
    assert kept.standing("another") is None


def test_it_never_takes_more_than_its_budget() -> None:
    kept = Kept(budget=100)
    for number in range(50):
        kept.keep(number, None, number, n_bytes=7)
        assert kept.n_bytes <= 100

    assert kept.n_bytes == 98
    assert [number for number in range(50) if kept.standing(number)] == list(range(36, 50))


def test_what_was_not_used_for_longest_goes_first() -> None:
    kept = Kept(budget=30)
    for key in "abc":
        kept.keep(key, None, key, n_bytes=10)
    kept.standing("a")

    kept.keep("d", None, "d", n_bytes=10)

    assert {key for key in "abcd" if kept.standing(key)} == {"a", "c", "d"}


def test_what_is_larger_than_the_budget_is_given_and_not_kept() -> None:
    kept = Kept(budget=30)
    kept.keep("small", None, "small", n_bytes=10)
    kept.keep("large", None, "was small", n_bytes=10)

    found = kept.fresh("large", "label", lambda: "large", n_bytes=lambda _: 31)

    assert found == "large"
    assert kept.standing("large") is None
    assert kept.standing("small") == (None, "small")
    assert kept.n_bytes == 10


def test_a_value_in_the_place_of_another_counts_once() -> None:
    kept = Kept(budget=100)
    for n_bytes in (40, 60, 20):
        kept.keep("key", None, n_bytes, n_bytes=n_bytes)

    assert kept.n_bytes == 20


def test_it_lets_go_of_everything() -> None:
    kept = Kept(budget=100)
    kept.keep("key", None, "value", n_bytes=40)

    kept.clear()

    assert (kept.n_bytes, kept.standing("key")) == (0, None)
