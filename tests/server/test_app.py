"""The server's wiring: what stands around the handlers."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from opentelemetry import trace
{setup}
from dbmcp.config import Settings
from dbmcp.runtime import Runtime
from dbmcp.server.app import create_server
print([getattr(item, "__name__", type(item).__name__) for item in create_server(Runtime(Settings())).middleware])
"""


def middleware(setup: str) -> str:
    """Return the names of the middleware of a server made after `setup`, in an interpreter of its own."""
    program = PROGRAM.format(setup=setup)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_without_a_recorder_of_spans_only_our_middleware_runs() -> None:
    assert middleware("") == "['contain']"


def test_with_a_recorder_of_spans_the_sdk_traces_every_request() -> None:
    assert middleware("trace.set_tracer_provider(trace.NoOpTracerProvider())") == (
        "['OpenTelemetryMiddleware', 'contain']"
    )
