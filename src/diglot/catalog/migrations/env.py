"""What Alembic runs: the caller's connection, the caller's transaction."""

from alembic import context

from diglot.catalog.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
