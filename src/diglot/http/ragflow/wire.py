"""What every answer has around its data."""

from pydantic import BaseModel, Field


class Reply(BaseModel):
    """Code 0 is success; any other comes with a message and nearly always under HTTP 200 too."""

    code: int = Field(description="0, or what went wrong.")
    message: str = Field(description="What went wrong, or a word of success.")
