"""Alembic's entry: run the migrations on the database that `configuration` names."""

from alembic import context

from core.database import connect
from migrations.models import Base

database = connect(context.config.attributes["url"])
with database.durable.connect() as connection:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        # A table is changed by building it anew; what refers to it must not mind.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=is_sqlite
    )
    with context.begin_transaction():
        context.run_migrations()
        if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("A row refers to one that is not there.")
database.close()
