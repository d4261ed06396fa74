"""metadata"""

from diglot.http.operations import Operation

OPERATIONS: tuple[Operation, ...] = ()
