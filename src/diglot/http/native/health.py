"""For operators: is it alive, is it ready, what does it measure."""

from diglot.catalog import workspaces
from diglot.domain.errors import DiglotError
from diglot.http.answers import Answer, json_answer
from diglot.http.house import House
from diglot.http.measuring import Measurements

ALIVE = json_answer({"status": "ok"})
BUSY = json_answer({"status": "unavailable", "reason": "Too many requests are waiting."}, 503)
TEXT_FORMAT = b"text/plain; version=0.0.4; charset=utf-8"


def readiness(house: House) -> Answer:
    """200 when the catalog answers, else 503 with the reason."""
    try:
        with house.database.read() as connection:
            workspaces.any_exists(connection)
    except DiglotError as error:
        return json_answer({"status": "unavailable", "reason": error.message}, 503)
    return json_answer({"status": "ready"})


def metrics(measurements: Measurements) -> Answer:
    return Answer(200, measurements.text(), TEXT_FORMAT)
