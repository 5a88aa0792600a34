"""Alembic's entry: run the migrations on the database that `configuration` names."""

from alembic import context

from core.database import connect
from migrations.models import Base

database = connect(context.config.attributes["url"])
with database.durable.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
database.close()
