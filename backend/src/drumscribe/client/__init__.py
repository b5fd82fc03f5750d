"""A client of the service: hand a recording in, wait, fetch the pages.

>>> from drumscribe.client import Client
>>> with Client("https://drums.example.org", api_key="ds_...") as service:
...     service.transcribe("song.mp3", title="Song").save("out", formats=("pdf", "midi"))
"""

from drumscribe.client.jobs import RemoteJob as RemoteJob
from drumscribe.client.service import Client as Client

__all__ = ["Client", "RemoteJob"]
