"""What the documentation shows."""

DATASET_ID = "0192f0c47e1a7c3b9d523f6b8a1c2d3e"
DOCUMENT_ID = "0192f0c512ab7d4e8f60718293a4b5c6"
USER_ID = "0192f0c3aa017b2c8d3e4f5061728394"
DATE = "Mon, 17 Jun 2024 16:00:05 GMT"
TIMES = {
    "create_date": DATE,
    "create_time": 1718640005876,
    "update_date": DATE,
    "update_time": 1718640005876,
}
SHORT_DATASET = {
    "avatar": None,
    "chunk_num": 0,
    "description": None,
    "doc_num": 0,
    "embd_id": "diglot/lexical",
    "id": DATASET_ID,
    "language": "English",
    "name": "kb1",
    "parser_config": {"pages": [[1, 1000000]]},
    "parser_id": "naive",
    "permission": "me",
    "token_num": 0,
}
DATASET = SHORT_DATASET | {
    "created_by": USER_ID,
    "similarity_threshold": 0.2,
    "status": "1",
    "tenant_id": USER_ID,
    "vector_similarity_weight": 0.3,
    **TIMES,
}
NEW_DOCUMENT = {
    "created_by": USER_ID,
    "id": DOCUMENT_ID,
    "kb_id": DATASET_ID,
    "location": "test.txt",
    "name": "test.txt",
    "parser_config": {"pages": [[1, 1000000]]},
    "parser_id": "naive",
    "size": 14,
    "thumbnail": None,
    "type": "doc",
}
DOCUMENT = NEW_DOCUMENT | {
    "chunk_num": 0,
    "process_begin_at": None,
    "process_duation": 0.0,
    "process_duration": 0.0,
    "progress": 0.0,
    "progress_msg": "",
    "run": "0",
    "source_type": "local",
    "status": "1",
    "token_num": 0,
    **TIMES,
}


def said(message: str = "success", **data: object) -> dict[str, object]:
    return {"code": 0, "message": message, **data}
