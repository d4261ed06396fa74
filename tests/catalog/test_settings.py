from diglot.catalog import settings
from diglot.catalog.database import Database


def test_what_is_put_is_got(database: Database) -> None:
    database.write(lambda connection: settings.put(connection, "switch", {"on": True}))
    database.write(lambda connection: settings.put(connection, "switch", [1, "两", None]))
    with database.read() as connection:
        assert settings.get(connection, "switch") == [1, "两", None]
        assert settings.get(connection, "other") is None


def test_of_two_that_keep_the_first_wins(database: Database) -> None:
    kept = [
        database.write(lambda connection, value=value: settings.keep_first(connection, "pepper", value))
        for value in "ab"
    ]
    assert kept == ["a", "a"]
