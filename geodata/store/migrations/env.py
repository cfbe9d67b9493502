"""Alembic runs this file to migrate; geodata/store/migrate.py hands it the connection, which is in a transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
