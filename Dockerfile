# The page in a container, built without a network: put the wheels beside this file first,
#   make wheels
# (on Linux, with the Python and the processor that it will run on; see docs/publishers.md), then
#   docker build --network none -t onrecord .
#   docker run --read-only --tmpfs /tmp -v onrecord-index:/srv/index -p 7860:7860 onrecord --site https://ask.example.org
ARG PYTHON=python:3.12-slim
FROM ${PYTHON} AS build
WORKDIR /srv
COPY wheels /wheels
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY rag rag
# torch first: with hashes pip would look for PyPI's build of it, with gigabytes for graphics cards.
RUN python -m venv /venv && python -m venv /builder \
 && /venv/bin/pip install --no-index --find-links /wheels --no-deps torch==2.13.0 \
 && /venv/bin/pip install --no-index --find-links /wheels --no-deps --require-hashes -r requirements.lock \
 && /builder/bin/pip install --no-index --find-links /wheels hatchling \
 && /builder/bin/pip wheel --no-index --no-deps --no-build-isolation -w /built . \
 && /venv/bin/pip install --no-index --no-deps /built/*.whl

FROM ${PYTHON}
RUN useradd --uid 10001 --no-create-home onrecord && mkdir -p /srv/index && chown onrecord /srv/index
COPY --from=build /venv /venv
COPY seeds /srv/seeds
WORKDIR /srv
ENV HOME=/tmp PYTHONDONTWRITEBYTECODE=1 GRADIO_TEMP_DIR=/tmp/gradio GRADIO_ANALYTICS_ENABLED=False HF_HUB_OFFLINE=1
USER onrecord
VOLUME /srv/index
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["/venv/bin/python", "-c", \
  "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
ENTRYPOINT ["/venv/bin/onrecord", "--index", "/srv/index", "chat", "--public"]
