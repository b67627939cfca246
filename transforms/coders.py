"""How records cross shuffles and stand in state: by a coder given by hand, never as pickled classes.

``RecordCoder`` writes msgpack arrays through msgspec. Its URN and payload (the record's name) stand in
the pipeline proto, so a job can be updated by a newer build: a field that was appended with a default
decodes from old bytes. ``benchmarks/coders.py`` measures it against Beam's ``RowCoder``.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec
from apache_beam import coders
from apache_beam.typehints import native_type_compatibility

from schemas import records

R = TypeVar("R", bound=records.Record)
URN = "idlib-watch:coder:record:v1"

_ENCODER = msgspec.msgpack.Encoder()
_DECODERS: dict[type[records.Record], msgspec.msgpack.Decoder[Any]] = {}


def encode(record: records.Record) -> bytes:
    """The record as msgpack."""
    return _ENCODER.encode(record)


def decode(kind: type[R], data: bytes) -> R:
    """The record of type ``kind`` that ``data`` holds; raises ``msgspec.ValidationError`` on other bytes."""
    decoder = _DECODERS.get(kind)
    if decoder is None:
        decoder = _DECODERS[kind] = msgspec.msgpack.Decoder(kind)
    result: R = decoder.decode(data)
    return result


class RecordCoder(coders.Coder, Generic[R]):
    """Encodes one kind of record; deterministic, as every field is."""

    def __init__(self, kind: type[R]) -> None:
        self.kind = kind

    def encode(self, value: R) -> bytes:
        return encode(value)

    def decode(self, encoded: bytes) -> R:
        return decode(self.kind, encoded)

    def estimate_size(self, value: R) -> int:
        # Beam samples sizes; to encode a whole article for that would cost more than the shuffle.
        return 1024

    def is_deterministic(self) -> bool:
        return True

    def to_type_hint(self) -> type[R]:
        return self.kind

    def to_runner_api_parameter(self, context: Any) -> tuple[str, bytes, tuple[()]]:
        return URN, self.kind.__name__.encode(), ()

    @staticmethod
    def from_runner_api_parameter(payload: bytes, components: Any, context: Any) -> RecordCoder[Any]:
        return RecordCoder(getattr(records, payload.decode()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecordCoder) and self.kind is other.kind

    def __hash__(self) -> int:
        return hash((URN, self.kind))


coders.Coder.register_urn(URN, bytes)(RecordCoder.from_runner_api_parameter)


def _register() -> None:
    for value in vars(records).values():
        if isinstance(value, type) and issubclass(value, records.Record) and value is not records.Record:
            coders.registry.register_coder(value, type(f"{value.__name__}Coder", (_BoundCoder,), {"kind": value}))


class _BoundCoder:
    """What Beam's registry wants: a class that makes the coder without arguments."""

    kind: type[records.Record]

    @classmethod
    def from_type_hint(cls, hint: Any, registry: Any) -> RecordCoder[Any]:
        return RecordCoder(cls.kind)


_register()


def typed(outputs: Any, **kinds: Any) -> Any:
    """Give tagged outputs their element types by hand: Beam infers ``Any`` for them, and would pickle."""
    for tag, kind in kinds.items():
        outputs[tag].element_type = native_type_compatibility.convert_to_beam_type(kind)
    return outputs
