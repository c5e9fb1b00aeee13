"""The audit in a store of its own, each entry bound to the one before it; what was in it already goes along.

The old table stands in the school's database, the new ones in the audit's, which may be another file: its tables must
be there before the school's get here (`headway.services.installation.bring_up_to_date` sees to it).
"""

import hashlib
import json
from datetime import timezone
from typing import Any

import django.core.serializers.json
import django.db.models.deletion
from django.db import connections, migrations, models, transaction

WITH_AN_ACT = {
    'marks', 'targets', 'import', 'undo import', 'add person', 'create school', 'make group', 'rename group',
    'add to group', 'end group membership', 'close collection', 'reopen collection',
}
TABLE = 'audit_entry'


def move(apps: Any, schema_editor: Any) -> None:
    from headway.records.stores import audit_alias

    rows = apps.get_model('records', 'EarlierAuditEntry').objects.using(schema_editor.connection.alias).order_by('pk')
    if not rows.exists():
        return
    alias = audit_alias()
    connection = connections[alias]
    if TABLE not in connection.introspection.table_names():
        raise RuntimeError('The audit has no tables yet. Right would be: headway serve, or migrate --database audit.')
    names = (
        'sequence', 'at', 'kind', 'action', 'by', 'name', 'user_id', 'school_id', 'place', 'pupils_id', 'act', 'about',
        'detail', 'digest',
    )
    quoted = ', '.join(f'"{name}"' for name in names)
    insert = f"INSERT INTO {TABLE} ({quoted}) VALUES ({', '.join(['%s'] * len(names))})"  # nosec B608
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM {TABLE}')  # nosec B608
        if cursor.fetchone()[0]:  # moved before, by a step that was cut off after it
            return
        digest = ''
        for sequence, row in enumerate(rows.iterator(chunk_size=2000), start=1):
            kind = 'noted' if row.action in WITH_AN_ACT else 'exported' if row.action == 'export' else 'managed'
            said = {
                'sequence': sequence, 'at': row.at.astimezone(timezone.utc).isoformat(timespec='microseconds'),
                'kind': kind, 'action': row.action, 'by': row.by, 'name': '', 'user_id': row.user_id,
                'school_id': row.school_id, 'place': '', 'pupils': None, 'act': None, 'about': None,
                'detail': row.detail,
            }
            text = json.dumps({**said, 'previous': digest}, sort_keys=True, separators=(',', ':'))
            digest = hashlib.sha256(text.encode()).hexdigest()
            stored = {
                **said, 'at': connection.ops.adapt_datetimefield_value(row.at), 'pupils_id': None,
                'detail': connection.ops.adapt_json_value(row.detail, None), 'digest': digest,
            }
            cursor.execute(insert, [stored[name] for name in names])


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0004_people_and_access'),
    ]

    operations = [
        migrations.RenameModel('AuditEntry', 'EarlierAuditEntry'),
        migrations.CreateModel(
            name='AuditSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('n_pupils', models.PositiveIntegerField()),
            ],
            options={
                'db_table': 'audit_set',
            },
        ),
        migrations.CreateModel(
            name='AuditSetPupil',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pupil', models.BigIntegerField()),
                ('audit_set', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='records.auditset')),
            ],
            options={
                'db_table': 'audit_set_pupil',
                'indexes': [
                    models.Index(fields=['audit_set', 'pupil'], name='audit_pupils_of_set'),
                    models.Index(fields=['pupil', 'audit_set'], name='audit_sets_of_pupil'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('sequence', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=20)),
                ('action', models.CharField(max_length=40)),
                ('by', models.CharField(max_length=200)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('user_id', models.BigIntegerField(null=True)),
                ('school_id', models.BigIntegerField(null=True)),
                ('place', models.CharField(blank=True, max_length=60)),
                ('act', models.BigIntegerField(null=True, unique=True)),
                ('about', models.BigIntegerField(null=True)),
                ('detail', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('digest', models.CharField(max_length=64)),
                ('pupils', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.auditset')),
            ],
            options={
                'db_table': 'audit_entry',
                'indexes': [
                    models.Index(fields=['at', 'sequence'], name='audit_entry_by_time'),
                    models.Index(fields=['user_id', 'at'], name='audit_entry_by_person'),
                    models.Index(condition=models.Q(('kind', 'alert')), fields=['school_id'], name='audit_entry_alerts'),
                    models.Index(condition=models.Q(('about__isnull', False)), fields=['about'], name='audit_entry_about'),
                ],
            },
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel('EarlierAuditEntry'),
    ]
