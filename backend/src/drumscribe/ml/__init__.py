"""Hearing: decoding, separation, features, detection, picking, beats, and the model store."""

import os

# From 1.29 on, ONNX Runtime's wheels tell Microsoft about each process and session, and keep an id
# of the machine on the disk. Nothing leaves this machine: the variable must stand before the first
# import of onnxruntime, and it does, as only modules of this package import it. Whoever sets it
# otherwise has chosen so. https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
