"""Migrations are one line, and the models ask for no more of them."""

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader


def test_it_has_one_line_of_migrations() -> None:
    graph = MigrationLoader(None).graph
    ours = [key for key in graph.nodes if key[0] == "records"]
    parents = {key: [each.key for each in graph.node_map[key].parents if each.key[0] == "records"] for key in ours}

    assert len(graph.leaf_nodes("records")) == 1
    assert {key: found for key, found in parents.items() if len(found) > 1} == {}
    assert len([key for key, found in parents.items() if not found]) == 1


@pytest.mark.django_db
def test_it_has_no_migration_to_make() -> None:
    call_command("makemigrations", "records", check_changes=True, dry_run=True)
