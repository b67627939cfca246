"""Records as JSON that people can read: what ``Reject.input`` holds. Without Beam, so that helpers start soon."""

from __future__ import annotations

import json

import msgspec

from schemas import records


def to_json(value: object) -> bytes:
    """``value`` as JSON: what ``Reject.input`` holds. Bytes and lone surrogates are made printable."""
    try:
        return msgspec.json.encode(value, enc_hook=repr)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value, enc_hook=repr), ensure_ascii=False).encode("utf-8", "replace")


def entry_json(entry: records.Entry) -> bytes:
    """An entry as a JSON object, so that people can read ``Reject.input`` too."""
    return to_json(msgspec.structs.asdict(entry))


def entry_from_json(data: bytes) -> records.Entry:
    """The entry of ``entry_json``; fields that a newer build added take their defaults."""
    fields = msgspec.json.decode(data)
    return records.Entry(**{k: v for k, v in fields.items() if k in records.Entry.__struct_fields__})
