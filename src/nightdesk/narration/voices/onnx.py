"""In the child: a neural model that uses one thread and takes no more memory than it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def session(model: Path | bytes, *, as_it_is: bool = False) -> Any:
    """An ``InferenceSession``. One thread: on two cores two were slower, and readers want the other.
    ``as_it_is`` does not rewrite the model while loading it: some are no faster for that."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if as_it_is:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # A plan of memory for every length of sentence that ever came costs 80 MB and saves no time.
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(
        model if isinstance(model, bytes) else str(model),
        sess_options=options,
        providers=["CPUExecutionProvider"],
    )
