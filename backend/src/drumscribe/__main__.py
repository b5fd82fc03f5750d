"""python -m drumscribe."""

from drumscribe.cli.main import main

if __name__ == "__main__":
    main()
