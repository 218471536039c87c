"""Megatron-LM's index file as its own reader lays it out, written with NumPy (megatron/core/datasets/indexed_dataset.py).

    python3 Tests/Golden/megatron.py > Tests/TemperDataTests/Golden/megatron.json
"""

import json
import struct

import numpy as np

LENGTHS = [5, 1, 300, 7]


def write(dtype_code, dtype):
    lengths = np.array(LENGTHS, dtype=np.int32)
    pointers = np.concatenate(([0], np.cumsum(lengths.astype(np.int64) * np.dtype(dtype).itemsize)[:-1])).astype(np.int64)
    documents = np.arange(len(LENGTHS) + 1, dtype=np.int64)
    head = b"MMIDIDX\x00\x00" + struct.pack("<Q", 1) + struct.pack("<B", dtype_code)
    head += struct.pack("<Q", len(lengths)) + struct.pack("<Q", len(documents))
    return head + lengths.tobytes("C") + pointers.tobytes("C") + documents.tobytes("C")


def read(data):
    """The reader's side, so that the file is known to open."""
    assert data[:9] == b"MMIDIDX\x00\x00" and struct.unpack_from("<Q", data, 9)[0] == 1
    sequences, documents = struct.unpack_from("<QQ", data, 18)
    lengths = np.frombuffer(data, np.int32, sequences, 34)
    pointers = np.frombuffer(data, np.int64, sequences, 34 + lengths.nbytes)
    indices = np.frombuffer(data, np.int64, documents, 34 + lengths.nbytes + pointers.nbytes)
    assert lengths.shape[0] == pointers.shape[0] == indices[-1]
    return lengths.tolist()


if __name__ == "__main__":
    tokens, mask = write(4, np.int32), write(1, np.uint8)
    assert read(tokens) == read(mask) == LENGTHS
    print(json.dumps({"lengths": LENGTHS, "tokens_idx": tokens.hex(), "mask_idx": mask.hex()}, indent=1))
