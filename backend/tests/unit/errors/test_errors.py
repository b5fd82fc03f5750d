"""The error tree: each class has a code of its own, and every edge's table covers it."""

import inspect

from drumscribe import errors
from drumscribe.cli import exit_codes


def all_errors() -> list[type[errors.DrumScribeError]]:
    return [
        value
        for _, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, errors.DrumScribeError)
    ]


def test_error_codes_are_unique() -> None:
    codes = [error.code for error in all_errors()]
    assert len(codes) == len(set(codes)) > 10


def test_errors_map_to_the_exit_codes_of_the_contract() -> None:
    expected = {
        errors.DrumScribeError: 1,
        errors.ModelUnavailable: 1,
        errors.EngravingFailed: 1,
        errors.OutputError: 1,
        errors.InvalidOption: 2,
        errors.InvalidHits: 3,
        errors.NotAudio: 3,
        errors.AudioTooShort: 3,
        errors.SilentAudio: 3,
        errors.SourceNotFound: 3,
        errors.NoDrumsFound: 4,
        errors.Cancelled: 130,
    }
    for kind, code in expected.items():
        assert exit_codes.exit_code_of(kind("message")) == code, kind
    for kind in all_errors():
        assert exit_codes.exit_code_of(kind("message")) in {1, 2, 3, 4, 130}
