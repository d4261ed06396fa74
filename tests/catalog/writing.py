"""A process that writes and says so: python writing.py URL PREFIX THREADS SECONDS. One acknowledged name a line."""

import itertools
import os
import sys
import threading
import time

from sqlalchemy import Connection, insert

from diglot.catalog.database import Database, open_database
from diglot.catalog.tables import settings


def write(database: Database, prefix: str, deadline: float) -> None:
    for number in itertools.count():
        if time.monotonic() > deadline:
            return
        name = f"{prefix}-{number}"

        def work(connection: Connection, name: str = name) -> None:
            # Two rows: half of a transaction would show.
            connection.execute(insert(settings), [{"name": name, "value": 1}, {"name": f"{name}+", "value": 2}])

        database.write(work)
        # One system call a line: a kill leaves whole lines only.
        os.write(1, f"{name}\n".encode())


def main(url: str, prefix: str, threads: int, seconds: float) -> None:
    database = open_database(url)
    deadline = time.monotonic() + seconds
    writers = [threading.Thread(target=write, args=(database, f"{prefix}{n}", deadline)) for n in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
