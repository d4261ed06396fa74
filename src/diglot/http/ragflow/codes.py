"""RAGFlow's return codes."""

from enum import IntEnum


class Code(IntEnum):
    SUCCESS = 0
    NOT_EFFECTIVE = 10
    EXCEPTION = 100
    ARGUMENT = 101
    DATA = 102
    OPERATING = 103
    CONNECTION = 105
    RUNNING = 106
    PERMISSION = 108
    AUTHENTICATION = 109
    BAD_REQUEST = 400
    UNAUTHORIZED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    CONFLICT = 409
    SERVER = 500
