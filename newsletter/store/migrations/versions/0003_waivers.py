"""what somebody let stand when a mailing was planned"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "mailing_waivers",
        sa.Column("mailing", number, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mailing"], ["mailings.number"], name=op.f("fk_mailing_waivers_mailing")),
        sa.PrimaryKeyConstraint("mailing", "code", "kind", name=op.f("pk_mailing_waivers")),
    )
