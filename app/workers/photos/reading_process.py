"""The process in which photographs are read: a list of JPEGs in base64 (JSON) comes in, the pieces of text go out.

Text recognition is an extra of its own (requirements-ocr.txt) that takes half a gigabyte; here it ends with the
process. It stands alone and imports nothing of the product.
"""

import base64
import json
import os
import resource
import sys
from typing import Any

from rapidocr_onnxruntime import RapidOCR

MOST_SECONDS = 300
_LEAST_SURE = 0.5


def main() -> None:
    """Of each photograph its pieces: text, and the corners from the upper left one around."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    os.nice(10)
    engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
    photographs = json.load(sys.stdin)
    json.dump([_read(engine, base64.b64decode(one)) for one in photographs], sys.stdout)


def _read(engine: Any, image: bytes) -> list[list[Any]]:
    found, _ = engine(image)
    return [
        [text, [[float(x), float(y)] for x, y in corners]]
        for corners, text, sure in found or ()
        if float(sure) >= _LEAST_SURE
    ]


if __name__ == "__main__":
    main()
