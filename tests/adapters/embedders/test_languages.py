import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from diglot.adapters.embedders.languages import SAMPLES, guess_languages
from diglot.adapters.embedders.minilm import minilm_folder


def a_tokenizer(*languages: str) -> Tokenizer:
    """Knows every word (or character, where there are no words) of the samples of these languages."""
    pieces = {"[UNK]"}
    for language in languages:
        sample = SAMPLES[language]
        pieces |= set(sample) if language in ("zh", "ja") else set(sample.split())
    vocabulary = {piece: place for place, piece in enumerate(sorted(pieces))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    spelled = {"zh", "ja"}.intersection(languages)
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated") if spelled else pre_tokenizers.WhitespaceSplit()
    return tokenizer


@pytest.mark.parametrize("language", ["en", "ru", "ko", "ar", "zh"])
def test_known_words_are_read(language: str) -> None:
    assert language in (guess_languages(a_tokenizer(language)) or ())


def test_unknown_words_are_not() -> None:
    assert guess_languages(a_tokenizer("en")) == {"en"}


def test_minilm_reads_english() -> None:
    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    assert guess_languages(tokenizer) == {"en"}


def test_bytes_are_not_reading() -> None:
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer = Tokenizer(models.BPE({letter: place for place, letter in enumerate(sorted(alphabet))}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    assert guess_languages(tokenizer) == {"en"}
