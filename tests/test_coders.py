"""How records cross shuffles and stand in state, over the whole graph: never pickled, always replaceable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin, get_type_hints

import apache_beam as beam
import msgspec
import pytest
from apache_beam import coders
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.pipeline_context import PipelineContext

from pipelines.collect import build
from pipelines.options import Settings
from schemas import records
from schemas.records import Article, Entry, FeedState, LogRow, Record
from tests.samples import NOON, TEXT, an_article, an_entry
from transforms.annotate import Annotated, AnnotatedCoder
from transforms.asjson import entry_from_json, entry_json, to_json
from transforms.coders import RecordCoder, decode, encode
from transforms.parsing import parse_texts

KINDS = [v for v in vars(records).values() if isinstance(v, type) and issubclass(v, Record) and v is not Record]


def example(hint: Any, depth: int = 0) -> Any:
    """A value of the type, with every field filled; values differ by depth."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is list:
        return [example(args[0], depth + 1), example(args[0], depth + 2)]
    if origin is tuple:
        return tuple(example(arg, depth + 1) for arg in args)
    if origin is dict:
        return {f"k{depth}": example(args[1], depth + 1), "إدلب": example(args[1], depth + 2)}
    if args and type(None) in args:
        return example(next(a for a in args if a is not type(None)), depth)
    if origin is Union:
        return example(args[0], depth)
    if isinstance(hint, type) and issubclass(hint, Record):
        return hint(
            **{n: example(t, depth + 1) for n, t in get_type_hints(hint).items() if n in hint.__struct_fields__}
        )
    return {
        str: f"نص “x” {depth}",
        float: 1536667200.25 + depth,
        int: 2**40 + depth,
        bool: True,
        bytes: b"\x00\xff",
    }[hint]


# --- records ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_round_trip(kind: type[Record]) -> None:
    record = example(kind)
    coder = RecordCoder(kind)
    data = coder.encode(record)
    assert coder.decode(data) == record
    assert coder.encode(coder.decode(data)) == data
    assert type(coder.decode(data)) is kind


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_round_trip_of_the_defaults(kind: type[Record]) -> None:
    required = {f.name: example(get_type_hints(kind)[f.name]) for f in msgspec.structs.fields(kind) if f.required}
    record = kind(**required)
    assert decode(kind, encode(record)) == record


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_bytes_of_an_older_build_take_defaults(kind: type[Record]) -> None:
    record, fields = example(kind), msgspec.structs.fields(kind)
    values = msgspec.msgpack.decode(encode(record))
    optional = [f for f in fields if not f.required]
    assert [f.required for f in fields] == sorted((f.required for f in fields), reverse=True)  # new fields stand last
    for missing in range(1, len(optional) + 1):
        old = decode(kind, msgspec.msgpack.encode(values[:-missing]))
        for place, field in enumerate(fields):
            if place >= len(fields) - missing:
                default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
                assert getattr(old, field.name) == default
            else:
                assert getattr(old, field.name) == getattr(record, field.name)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_bytes_of_a_newer_build_still_decode(kind: type[Record]) -> None:
    record = example(kind)
    newer = msgspec.msgpack.encode([*msgspec.msgpack.decode(encode(record)), "new", {"a": 1}])
    assert decode(kind, newer) == record


def test_the_order_of_fields_is_the_format() -> None:
    """Reordered or removed fields would decode as something else: state and ``polls.state`` hold old bytes."""
    assert FeedState.__struct_fields__[:12] == (
        "etag", "modified", "due", "failures", "moved_to", "moved_since", "polled_at", "changed_at", "body_hash", "gone",
        "seen", "restated_at",
    )  # fmt: skip
    assert Entry.__struct_fields__[:4] == ("article_id", "url", "canonical_url", "guid")
    assert LogRow.__struct_fields__[:2] == ("reject", "poll")


def test_other_bytes_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(Article, encode(an_entry()))
    with pytest.raises(msgspec.DecodeError):
        decode(Article, b"\xc1")


def test_encoding_is_deterministic() -> None:
    assert RecordCoder(Article).is_deterministic()
    assert encode(example(Article)) == encode(example(Article))


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_the_coder_is_found_and_crosses_as_urn_and_name(kind: type[Record]) -> None:
    coder = coders.registry.get_coder(kind)
    assert coder == RecordCoder(kind)
    context = PipelineContext()
    proto = context.coders.get_proto(context.coders[context.coders.get_id(coder)])
    assert (proto.spec.urn, proto.spec.payload) == ("idlib-watch:coder:record:v1", kind.__name__.encode())
    assert coders.Coder.from_runner_api(proto, context) == coder


def test_estimated_size_does_not_encode() -> None:
    assert RecordCoder(Article).estimate_size(object()) > 0  # type: ignore[arg-type]


def test_annotated_round_trip() -> None:
    article = an_article("a1")
    [syntax] = parse_texts([TEXT], "en")
    made = AnnotatedCoder().decode(AnnotatedCoder().encode(Annotated(article, syntax)))
    assert (made.article, made.syntax) == (article, syntax)


def test_an_entry_as_json_and_back() -> None:
    entry = example(Entry)
    assert entry_from_json(entry_json(entry)) == entry
    fields = msgspec.json.decode(entry_json(entry))
    del fields["known"]
    fields["of_a_newer_build"] = 1
    assert entry_from_json(msgspec.json.encode(fields)) == msgspec.structs.replace(entry, known=False)


def test_json_of_what_json_cannot_hold() -> None:
    assert msgspec.json.decode(to_json({"a": b"\xff", "b": "x\ud800y"})) == {"a": "/w==", "b": "x?y"}


# --- the graph ----------------------------------------------------------------------------------------

# Labels are what a runner knows state by: a renamed step loses its state when a running job is replaced.
STEPS = """
Annotate/Parse
CommitBatches/Commit CommitBatches/Group CommitBatches/Key articles CommitBatches/Key entities CommitBatches/Key quotes
CommitBatches/Unwindow rejects CommitBatches/Unwindow sightings CommitBatches/Window articles CommitBatches/Window entities CommitBatches/Window quotes
CommitLog/Flatten CommitLog/Group CommitLog/Row of committed CommitLog/Row of polls CommitLog/Row of rejects CommitLog/Row of sightings
CommitLog/Window committed CommitLog/Window polls CommitLog/Window rejects CommitLog/Window sightings CommitLog/Write
DropSeen/Drop ExtractEntities/Entities ExtractQuotes/Quotes ExtractText/Extract FeedList/Read FetchPages/Fetch
Flatten GroupTurns/Group GroupTurns/Merge GroupTurns/Unwindow GroupTurns/Window Heartbeats/Beat JudgeArticles/Judge
PollFeeds/Poll Rejects ScreenEntries/Screen Sightings Spread TakeArticles/Article
"""
ONCE = ["Tick/Impulse", "Tick/Once"]
STREAM = ["Tick/Periodic", "Tick/Seconds"]


def labels() -> list[str]:
    """STEPS by words: a step's name starts with a capital after a slash, or is a word of its own."""
    found: list[str] = []
    for word in STEPS.split():
        if "/" in word or word in {"Flatten", "Rejects", "Sightings", "Spread"}:
            found.append(word)
        else:
            found[-1] += f" {word}"
    return found


@pytest.fixture(scope="module", params=[False, True], ids=["once", "stream"])
def graph(request: pytest.FixtureRequest) -> tuple[bool, Any]:
    pipeline = beam.Pipeline()
    build(pipeline, Settings(feeds=None, output="/nonexistent", streaming=request.param, start=NOON))
    return request.param, pipeline.to_runner_api()


def pickled(components: Any, coder_id: str) -> Iterator[str]:
    coder = components.coders[coder_id]
    if "pickled" in coder.spec.urn or "fallback" in coder.spec.urn:
        known = ("PaneInfoCoder", "FastPrimitivesCoder")
        yield next((name for name in known if name.encode() in coder.spec.payload), coder_id)
    for part in coder.component_coder_ids:
        yield from pickled(components, part)


def of_kind(components: Any, *names: str) -> Iterator[Any]:
    for transform in components.transforms.values():
        if transform.spec.urn in {f"beam:transform:{name}:v1" for name in names}:
            yield transform


def inputs(components: Any, transform: Any) -> Iterator[Any]:
    for name in transform.inputs.values():
        yield components.pcollections[name]


def test_no_record_is_pickled_on_its_way_through_a_grouping(graph: tuple[bool, Any]) -> None:
    components = graph[1].components
    groupings = 0
    for transform in of_kind(components, "group_by_key", "reshuffle"):
        groupings += 1
        for pcollection in inputs(components, transform):
            # Beam's own Reshuffle sends the element's time and pane beside the record.
            own = ["FastPrimitivesCoder", "PaneInfoCoder"] if "ReshufflePerKey/" in transform.unique_name else []
            assert list(pickled(components, pcollection.coder_id)) == own, transform.unique_name
    assert groupings == 5


def test_no_state_is_pickled(graph: tuple[bool, Any]) -> None:
    components = graph[1].components
    states = {}
    for transform in of_kind(components, "pardo"):
        payload = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
        assert not payload.timer_family_specs
        for name, spec in payload.state_specs.items():
            kind = spec.WhichOneof("spec")
            assert kind in {"read_modify_write_spec", "bag_spec"}  # what every portable runner has
            coder = spec.read_modify_write_spec.coder_id or spec.bag_spec.element_coder_id
            assert list(pickled(components, coder)) == [], f"{transform.unique_name}: {name}"
            assert components.coders[coder].spec.urn == "idlib-watch:coder:record:v1"
            states[transform.unique_name.partition("/")[0]] = components.coders[coder].spec.payload.decode()
            # The key: a stateful step wants a key and value coder that it knows.
            for pcollection in inputs(components, transform):
                assert components.coders[pcollection.coder_id].spec.urn == "beam:coder:kv:v1"
                assert list(pickled(components, pcollection.coder_id)) == []
    assert states == {"PollFeeds": "FeedStates", "DropSeen": "SeenArticles", "FetchPages": "OwedPages"}


def test_every_step_has_its_label(graph: tuple[bool, Any]) -> None:
    streaming, proto = graph
    ours = set()
    for transform in proto.components.transforms.values():
        name = transform.unique_name
        # What stands below a labelled Beam transform is Beam's own.
        parts = name.split("/")
        if parts[0] in {"Spread", "Flatten", "Rejects", "Sightings"}:
            ours.add(parts[0])
        elif len(parts) > 1:
            ours.add("/".join(parts[:2]))
    assert sorted(ours) == sorted(labels() + (STREAM if streaming else ONCE))


def test_nothing_keeps_the_graph_off_prism(graph: tuple[bool, Any]) -> None:
    streaming, proto = graph
    components = proto.components
    known = {"beam:requirement:pardo:stateful:v1", "beam:requirement:pardo:splittable_dofn:v1"}
    assert set(proto.requirements) <= known
    assert ("beam:requirement:pardo:splittable_dofn:v1" in proto.requirements) is streaming
    primitives = {"pardo", "impulse", "flatten", "group_by_key", "window_into", "reshuffle"}
    for transform in components.transforms.values():
        passes_on = set(transform.outputs.values()) <= set(transform.inputs.values())  # a composite without steps
        if not transform.subtransforms and not passes_on:
            assert transform.spec.urn in {f"beam:transform:{name}:v1" for name in primitives}, transform.unique_name
        assert "external" not in transform.spec.urn  # no other language's expansion service
        if transform.spec.urn == "beam:transform:pardo:v1":
            payload = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
            assert not payload.side_inputs, transform.unique_name
            assert not payload.requires_stable_input
            assert not payload.requires_time_sorted_input
    for strategy in components.windowing_strategies.values():
        assert strategy.window_fn.urn in {
            "beam:window_fn:global_windows:v1",
            "beam:window_fn:fixed_windows:v1",
        }
        assert strategy.merge_status == beam_runner_api_pb2.MergeStatus.NON_MERGING
        assert strategy.trigger.WhichOneof("trigger") in {"default", "always"}
        assert strategy.allowed_lateness == 0


def test_a_flatten_joins_one_windowing(graph: tuple[bool, Any]) -> None:
    """Windows of two kinds in one PCollection are encoded by the coder of the first."""
    components = graph[1].components
    for transform in of_kind(components, "flatten"):
        kinds = {p.windowing_strategy_id for p in inputs(components, transform)}
        kinds |= {components.pcollections[o].windowing_strategy_id for o in transform.outputs.values()}
        assert len(kinds) == 1, transform.unique_name


def test_a_stream_groups_in_windows_only(graph: tuple[bool, Any]) -> None:
    """A grouping in the global window would wait for ever."""
    components = graph[1].components
    for transform in of_kind(components, "group_by_key"):
        if "Reshuffle" in transform.unique_name:
            continue
        for pcollection in inputs(components, transform):
            strategy = components.windowing_strategies[pcollection.windowing_strategy_id]
            assert strategy.window_fn.urn == "beam:window_fn:fixed_windows:v1", transform.unique_name
