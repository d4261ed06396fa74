"""One JSON request to a model server: retried with back-off, bounded in time and size, its failures in our words.

An address that the operator configured may be any, one that was added over the API is held to its `Reach`. Redirects
are not followed, since they would carry texts and key elsewhere. Neither key nor texts appear in errors, and nothing is
taken from OPENAI_* variables.
"""

import ipaddress
import random
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from diglot.adapters.embedders.bounded import AnswerTooLong, at_most, bounded_client
from diglot.adapters.embedders.reach import PORTS, Reach
from diglot.domain.errors import InvalidArgument, ModelMisbehaved, ModelUnavailable

_MESSAGE_LENGTH = 300
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0
_WORTH_A_RETRY = frozenset({408, 409, 425, 429})
_NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class Patience:
    """`attempts` in all; `timeout` seconds of silence in one; `pause` the longest wait before the next that the
    server may ask for: when it asks for more we give up at once and let the caller come back later."""

    attempts: int = 4
    timeout: float = 60.0
    pause: float = 30.0


class Endpoint:
    """Thread-safe; connections are kept. `name` is the model's, for messages. `reach` None: it may be anywhere."""

    def __init__(self, name: str, base_url: str, key: str | None, reach: Reach | None = None) -> None:
        import openai

        self._name = name
        self._key = key
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=key or _NO_KEY,
            organization="",
            project="",
            max_retries=0,
            # A proxy of the environment is for the world outside, not for a server on this machine; and it would look
            # up the name itself.
            http_client=bounded_client(
                follow_redirects=False,
                trust_env=reach is None and not is_loopback(base_url),
                event_hooks={} if reach is None else {"request": [partial(_pin, reach)]},
            ),
        )
        # Nobody closes a model that was replaced while somebody used it: its connections go with the last user.
        self._close = weakref.finalize(self, self._client.close)
        omitted = openai.Omit()
        self._headers: dict[str, Any] = {"OpenAI-Organization": omitted, "OpenAI-Project": omitted}
        if not key:
            self._headers["Authorization"] = omitted

    def post(self, path: str, body: Mapping[str, Any], patience: Patience, most_bytes: int) -> Any:
        """The answer's JSON. `ModelUnavailable` (with `retry_after` seconds if the server named them) when it stayed
        down, `ModelMisbehaved` when it refused, answered no JSON, or more than `most_bytes`."""
        for attempt in range(patience.attempts):
            try:
                with at_most(most_bytes):
                    return self._post_once(path, body, patience)
            except ModelUnavailable as error:
                pause = self._pause(attempt, error.facts.get("retry_after"))
                if attempt + 1 == patience.attempts or pause > patience.pause or error.facts.get("final"):
                    raise
            time.sleep(pause)
        raise ModelUnavailable(f"The model {self._name} was not asked.")

    def close(self) -> None:
        self._close()

    def _post_once(self, path: str, body: Mapping[str, Any], patience: Patience) -> Any:
        import openai

        options: Any = {"headers": self._headers, "timeout": patience.timeout}
        try:
            answer = self._client.post(path, body=dict(body), cast_to=object, options=options)
        except openai.APITimeoutError as error:
            raise ModelUnavailable(f"The model {self._name} did not answer in {patience.timeout:g} s.") from error
        except AnswerTooLong as error:
            raise ModelMisbehaved(f"The model {self._name} answered more than what was asked for can take.") from error
        except openai.APIConnectionError as error:
            raise ModelUnavailable(f"The model {self._name} cannot be reached.") from error
        except openai.APIStatusError as error:
            raise self._refusal(error) from None
        except (openai.OpenAIError, ValueError) as error:
            raise ModelMisbehaved(f"The model {self._name} answered no JSON.") from error
        if not isinstance(answer, dict | list):
            raise ModelMisbehaved(f"The model {self._name} answered no JSON.")
        return answer

    def _refusal(self, error: Any) -> ModelUnavailable | ModelMisbehaved:
        status = error.status_code
        message = f"The model {self._name} answered {status}: {self._redacted(str(error.message))}"
        if status not in _WORTH_A_RETRY and status < 500:
            return ModelMisbehaved(message, status=status)
        wait = retry_after(error.response.headers)
        return ModelUnavailable(message, status=status, retry_after=wait, final=error.code == "insufficient_quota")

    def _redacted(self, message: str) -> str:
        shown = message.replace(self._key, "***") if self._key else message
        return " ".join(shown[:_MESSAGE_LENGTH].split())

    @staticmethod
    def _pause(attempt: int, asked: float | None) -> float:
        if asked is not None:
            return asked
        # Spread, so that workers that failed together do not come back together.
        return min(_FIRST_PAUSE * 2.0**attempt, _LONGEST_PAUSE) * random.uniform(0.75, 1.0)


def _pin(reach: Reach, request: Any) -> None:
    """The request goes to the address that was judged, under the name that was asked for: certificates too."""
    host = request.url.host
    try:
        address = reach.address(host, request.url.port or PORTS[request.url.scheme])
    except InvalidArgument as error:
        raise ModelUnavailable(error.message) from error
    request.extensions = {**request.extensions, "sni_hostname": host}
    request.url = request.url.copy_with(host=address)


def is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3); None without a valid one."""
    from email.utils import parsedate_to_datetime

    value = headers.get("retry-after", "").strip()
    try:
        if value.replace(".", "", 1).isdecimal():
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time()) if value else None
    except (ValueError, OverflowError):
        return None
