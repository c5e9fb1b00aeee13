"""Changes brought into the chain: each act of the history once, in order, some time after it was made."""

from headway.records.audit_acts import line_of, n_rows, untold
from headway.records.audit_chain import Line, append

__all__ = ["catch_up"]

_AT_ONCE = 5000


def catch_up(*, most_rows: int | None = None) -> int:
    """Brings the acts that are not in the chain yet into it; gives how many.

    ``most_rows`` is how many revisions may be read for it, about: whoever is waiting for a page leaves a large import
    to the server's start or the night. Costs two short statements where there is nothing to do.
    """
    n_told, n_read = 0, 0
    while acts := untold():
        sizes, size = n_rows(acts), 0
        lines: list[Line] = []
        for act in acts:
            n_read += sizes.get(act.pk, 0)
            if most_rows is not None and n_read > most_rows:
                append(lines)
                return n_told + len(lines)
            lines.append(line_of(act))
            size += sizes.get(act.pk, 0)
            if size > _AT_ONCE:
                break
        append(lines)
        n_told += len(lines)
    return n_told
