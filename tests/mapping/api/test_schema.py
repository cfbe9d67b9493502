"""Definition and answers agree: schemathesis asks every route by it, in ways that fit and in ways that do not."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from app import create_app
from mapping.api.definition import Api
from mapping.api.providers import PROVIDERS
from tests.mapping.api.served import filled

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance  # noqa: E402

PATHS = [path for provide in PROVIDERS for path, item in provide(Api("", "")).paths.items() if "get" in item]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    workspace = filled(tmp_path_factory.mktemp("schema"))
    yield create_app(workspace=workspace)
    workspace.close()


@pytest.fixture(scope="module")
def definition(app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api?f=json", app)


# the root is the map's address, too, which passes over what an older link has wrong
@pytest.mark.parametrize(
    ("path", "mode"),
    [(path, mode) for path in PATHS for mode in ("POSITIVE", "NEGATIVE") if (path, mode) != ("/", "NEGATIVE")],
)
def test_a_route_answers_as_it_is_defined(definition: Any, path: str, mode: str) -> None:
    # what fits the schema may still ask for a day of no calendar; a limit above the largest is taken as the largest
    clamps = any(each["name"] == "limit" for each in definition.raw_schema["paths"][path]["get"]["parameters"])
    passed_over = [positive_data_acceptance, *([negative_data_rejection] if clamps else [])]
    cases = definition[path]["GET"].as_strategy(generation_mode=schemathesis.GenerationMode[mode])

    @settings(
        max_examples=20 if path.endswith("/items") else 4,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=passed_over)

    ask()
