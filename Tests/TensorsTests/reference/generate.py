"""Writes the reference files of TensorsTests with NumPy: python3 generate.py"""
import json
import os
import struct

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(5)
f4 = np.float32


def save(name, array):
    np.save(os.path.join(here, name), array)


# Values that every number type can hold, in C and Fortran order.
base = np.array([[0, 1, 2], [3, 100, 7]])
for kind in "b1 u1 i1 i2 i4 i8 f2 f4 f8".split():
    save(f"type_{kind}.npy", base.astype(kind))
save("fortran.npy", np.asfortranarray(np.arange(24, dtype=f4).reshape(2, 3, 4)))
save("scalar.npy", f4(2.5))
save("special.npy", np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45], f4))
with open(os.path.join(here, "version2.npy"), "wb") as file:
    np.lib.format.write_array(file, base.astype(f4), version=(2, 0))
with open(os.path.join(here, "big_endian.npy"), "wb") as file:
    np.save(file, base.astype(">f4"))

x = rng.normal(size=(3, 4, 5)).astype(f4)
y = rng.normal(size=(4, 1)).astype(f4)
flat = rng.integers(0, 6, size=17).astype(f4)
a, b = rng.normal(size=(2, 3, 4)).astype(f4), rng.normal(size=(4, 5)).astype(f4)
c = rng.normal(size=(2, 1, 4, 3)).astype(f4)
matrix = rng.normal(size=(7, 4)).astype(f4)
square = rng.normal(size=(4, 4)).astype(f4)
d = x.astype(np.float64)


def softmax(v, axis):
    e = np.exp(v - v.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


numbers = dict(
    x=x, y=y, flat=flat, a=a, b=b, c=c, matrix=matrix, square=square,
    add=x + y, subtract=y - x, multiply=x * y, divide=x / y,
    power=np.abs(x) ** y, less=x < y, greater_equal=x >= y, maximum=np.maximum(x, y),
    sum_1=d.sum(1), sum_02=d.sum((0, 2)), mean_keep=d.mean((1, 2), keepdims=True),
    variance_0=d.var(0, ddof=1), std_all=d.std(ddof=1), max_1=x.max(1), min_last=x.min(-1),
    quantile_1=np.quantile(d, 0.3, axis=1), argmax_1=x.argmax(1), argmin_all=x.argmin(),
    norm_0=np.sqrt((d * d).sum(0)), softmax_1=softmax(d, 1), log_softmax=np.log(softmax(d, -1)),
    sort_1=np.sort(x, 1), argsort_flat=np.argsort(flat, kind="stable"),
    cumsum_1=d.cumsum(1), unique=np.unique(flat), matmul=a @ b, matmul_batch=c @ a[:, :, :3] @ a,
    transpose=x.transpose(2, 0, 1), concat=np.concatenate([x, x[:, :2]], 1),
    stack=np.stack([x, 2 * x], -1), where=np.where(x > y, x, y), linspace=np.linspace(-1, 2, 7),
    slice_1=x[1:, ::-2, -1], slice_2=x[..., 1:4:2], slice_3=x[-1, None, :, 5:1:-1],
    take_1=x[:, [3, 0, -2]], take_2=x[[0, 2], :, [1, 4]], take_3=x[[[0], [2]], [1, 3]],
    mask_1=x[x > 0], mask_2=x[:, np.array([True, False, True, True])],
    solve=np.linalg.solve(square.astype(float), matrix[:4].astype(float)),
    singular=np.linalg.svd(matrix.astype(float), compute_uv=False),
)
numbers["slice_4"] = x[2, :, 1]
np.savez(os.path.join(here, "reference.npz"), **{k: np.asarray(v, f4) for k, v in numbers.items()})
np.savez_compressed(os.path.join(here, "packed.npz"), ramp=np.arange(5000) % 7, one=f4(1))

# A safetensors file by hand, its tensors not in the order of their names.
parts = [
    ("z", "F32", np.array([[1.5, -2]], "<f4").tobytes(), [1, 2]),
    ("a", "BF16", struct.pack("<2H", 0x3FC0, 0xC000), [2]),
    ("half", "F16", np.array([1.5, -2], "<f2").tobytes(), [2]),
    ("double", "F64", np.array([1.5, -2], "<f8").tobytes(), [2]),
    ("long", "I64", np.array([7, -8], "<i8").tobytes(), [2]),
    ("int", "I32", np.array([7, -8], "<i4").tobytes(), [2]),
    ("short", "I16", np.array([7, -8], "<i2").tobytes(), [2]),
    ("byte", "U8", bytes([7, 200]), [2]),
    ("truth", "BOOL", bytes([0, 1]), [2]),
    ("nothing", "F32", b"", [0, 3]),
]
header, data = {"__metadata__": {"format": "pt"}}, b""
for name, kind, content, shape in parts:
    header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
    data += content
text = json.dumps(header, sort_keys=True).encode()
with open(os.path.join(here, "mixed.safetensors"), "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
