"""The `drumscribe` program, also as `python -m drumscribe`."""

import sys


def main() -> None:
    """Run the command line and leave the process with the contract's exit code.

    An interrupt may come before what knows the codes is loaded.
    """
    try:
        from drumscribe.cli.main import invoke

        code = invoke()
    except KeyboardInterrupt:
        from drumscribe.cli.exit_codes import INTERRUPTED

        sys.stderr.write("Interrupted.\n")
        code = INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
