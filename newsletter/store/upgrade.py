"""Bring a database to the current schema, through the Alembic migrations beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Engine

#: the newest migration; a test compares it with the files, so that opening a current database need not import Alembic
HEAD = "0004"


def upgrade_if_needed(engine: Engine) -> None:
    """Run the migrations that this database lacks."""
    if current_revision(engine) != HEAD:
        upgrade(engine)


def current_revision(engine: Engine) -> str | None:
    """The revision a database is at, None when it is empty."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run migrations up to a revision, in one transaction."""
    from alembic import command

    with engine.connect().execution_options(newsletter_write=True) as connection, connection.begin():
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def alembic_config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
