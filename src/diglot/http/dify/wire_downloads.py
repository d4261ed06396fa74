"""What clients send to fetch files, and what goes back."""

from pydantic import BaseModel, Field

from diglot.http.dify.wire import Sent
from diglot.http.dify.wire_answers import UploadFile

MOST_AT_ONCE = 100


class DownloadZip(Sent):
    document_ids: list[str] = Field(
        description="Documents of the dataset; one that is not there is an error.",
        min_length=1,
        max_length=MOST_AT_ONCE,
    )


class FileUrl(BaseModel):
    url: str = Field(description="Where the file can be fetched, for a few minutes, without a key.")


class LinkedFile(UploadFile):
    url: str = Field(description="Where the file can be fetched, for a few minutes, without a key.")
    download_url: str = Field(description="The same.")
