"""variants of a mailing"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "mailing_variants",
        sa.Column("mailing", number, nullable=False),
        sa.Column("variant", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["fingerprint"], ["rendered.fingerprint"], name=op.f("fk_mailing_variants_fingerprint")
        ),
        sa.ForeignKeyConstraint(["mailing"], ["mailings.number"], name=op.f("fk_mailing_variants_mailing")),
        sa.PrimaryKeyConstraint("mailing", "variant", name=op.f("pk_mailing_variants")),
    )
    # until now every reader got the same
    op.execute("INSERT INTO mailing_variants SELECT number, '', fingerprint FROM mailings")
