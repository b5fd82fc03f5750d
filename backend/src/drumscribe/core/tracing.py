"""Traces of OpenTelemetry: one per request, going on in the steps of its job and its webhooks.

Nothing is set globally and nothing is imported unless an endpoint is set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_EXPORT_TIMEOUT_SECONDS = 5
# Workers are killed without notice: little should be waiting then.
_EXPORT_EVERY_MS = 1000


class Span(Protocol):
    """What a piece of work may say about itself."""

    def set_attribute(self, key: str, value: Any) -> None: ...


class Tracing(Protocol):
    """Makes spans."""

    def span(
        self,
        name: str,
        *,
        kind: str = "internal",
        parent: Mapping[str, str] | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> Any:
        """A context that is open while the work lasts; gives a Span.

        kind: internal, server, client or consumer. parent: W3C trace headers (as carrier() gave
        them, elsewhere); None is the span that is open in this thread. An exception that leaves
        the context marks the span as failed and goes on.
        """
        ...

    def carrier(self) -> dict[str, str]:
        """The W3C trace headers of the span that is open in this thread; empty if none is."""
        ...

    def close(self) -> None:
        """Send what has not been sent."""
        ...


class _SilentSpan:
    def set_attribute(self, key: str, value: Any) -> None:
        pass


class NoTracing:
    """Tracing that is switched off."""

    @contextmanager
    def span(self, name: str, **_: Any) -> Iterator[Span]:
        yield _SilentSpan()

    def carrier(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class OtlpTracing:
    """Tracing to a collector."""

    provider: TracerProvider

    @contextmanager
    def span(
        self,
        name: str,
        *,
        kind: str = "internal",
        parent: Mapping[str, str] | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> Iterator[Span]:
        from opentelemetry.context import Context
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        context = None
        if parent is not None:
            context = TraceContextTextMapPropagator().extract(dict(parent), Context())
        tracer = self.provider.get_tracer("drumscribe")
        given = {name: value for name, value in (attributes or {}).items() if value is not None}
        with tracer.start_as_current_span(
            name, context=context, kind=SpanKind[kind.upper()], attributes=given
        ) as span:
            yield span

    def carrier(self) -> dict[str, str]:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        headers: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(headers)
        return headers

    def close(self) -> None:
        self.provider.shutdown()


def create_tracing(endpoint: str | None, *, service_name: str) -> Tracing:
    """endpoint: base address of a collector that takes OTLP/HTTP; None switches tracing off.

    Call it in the process that does the work, after any fork.
    """
    if endpoint is None:
        return NoTracing()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    import drumscribe

    about = {"service.name": service_name, "service.version": drumscribe.__version__}
    provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=True)
    exporter = OTLPSpanExporter(
        endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=_EXPORT_TIMEOUT_SECONDS
    )
    provider.add_span_processor(
        BatchSpanProcessor(exporter, schedule_delay_millis=_EXPORT_EVERY_MS)
    )
    return OtlpTracing(provider)
