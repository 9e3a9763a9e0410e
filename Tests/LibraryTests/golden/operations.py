"""Writes operations.safetensors: the gradients of every operation of the language, from PyTorch.

Needs torch and numpy. Each case is a function of a few tensors; the number that is differentiated is
the sum of its result times fixed weights. All is computed in float64, PyTorch's own gradient is held to
central differences in float64 (torch.autograd.gradcheck), and what is stored is float32.
operations.rnr states the same functions in the language.
"""

import json
import pathlib
import struct

import numpy
import torch
from torch.nn import functional

torch.manual_seed(0)
DOUBLE = torch.float64


def normal(*shape):
    return torch.randn(*shape).to(DOUBLE)


def positive(*shape):
    return (0.3 + torch.rand(*shape)).to(DOUBLE)


def spread(*shape):
    """Numbers that differ by at least 0.05 from each other and from 0: for maxima, orders, kinks."""
    count = int(numpy.prod(shape))
    numbers = 0.1 * (torch.randperm(count) - count // 2).to(DOUBLE) + 0.05
    return numbers.float().to(DOUBLE).reshape(shape)


def recurrent(kind, layers, hidden, inputs, outputs):
    torch.manual_seed(5)
    core = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}[kind](
        inputs, hidden, layers, batch_first=True
    ).to(DOUBLE)
    linear = torch.nn.Linear(hidden, outputs).to(DOUBLE)
    names = [n for n, _ in core.named_parameters()]
    shapes = [tuple(p.shape) for p in core.parameters()] + [(outputs, hidden), (outputs,)]
    count = sum(int(numpy.prod(s)) for s in shapes)

    def run(flat, x, state=None):
        parts, start = [], 0
        for shape in shapes:
            size = int(numpy.prod(shape))
            parts.append(flat[start : start + size].reshape(shape))
            start += size
        arguments = (x,) if state is None else (x, state)
        states, last = torch.func.functional_call(core, dict(zip(names, parts)), arguments)
        return functional.linear(states, parts[-2], parts[-1]), last

    return run, count


def cell(kind, hidden):
    run, _ = recurrent(kind, 1, hidden, 4, 1)

    def step(x, *rest):
        state, weights = rest[: len(rest) - 4], rest[-4:]
        flat = torch.cat([w.flatten() for w in weights] + [torch.zeros(hidden + 1, dtype=DOUBLE)])
        state = tuple(s[None] for s in state)
        last = run(flat, x[:, None], state if kind == "lstm" else state[0])[1]
        return torch.cat([s[0] for s in last], -1) if kind == "lstm" else last[0]

    return step


INDEX = torch.tensor([[2, 0, 2], [1, 4, 4]])
MASK = torch.tensor([[1, 0, 1, 0], [0, 0, 1, 1], [1, 1, 0, 1]]).bool()
LSTM, LSTM_COUNT = recurrent("lstm", 2, 5, 3, 2)
GRU, GRU_COUNT = recurrent("gru", 2, 5, 3, 2)
RNN, RNN_COUNT = recurrent("rnn", 2, 5, 3, 2)


def many(flat, x):
    return torch.stack([LSTM(flat[n], x[n])[0] for n in range(len(flat))])


def two_steps(flat, x):
    return torch.stack([GRU(flat[n], x[n])[0] for n in range(len(flat))]).flatten(0, 1)


def permute(flat):
    """The first layer's units in the order 3, 0, 4, 1, 2."""
    order = torch.tensor([3, 0, 4, 1, 2])
    gates = torch.cat([5 * gate + order for gate in range(4)])
    w_ih, w_hh, b_ih, b_hh, next_ih, rest = flat.split([60, 100, 20, 20, 100, LSTM_COUNT - 300])
    w_hh = w_hh.reshape(20, 5)[gates][:, order]
    parts = [w_ih.reshape(20, 3)[gates], w_hh, b_ih[gates], b_hh[gates]]
    parts += [next_ih.reshape(20, 5)[:, order], rest]
    return torch.cat([part.flatten() for part in parts])


def cell_weights(gates, hidden):
    return [0.5 * normal(gates * hidden, 4), 0.5 * normal(gates * hidden, hidden)] + [
        normal(gates * hidden) for _ in range(2)
    ]


CASES = {
    "+": (lambda a, b: a + b, normal(3, 4), normal(4)),
    "-": (lambda a, b: a - b, normal(3, 1), normal(2, 1, 4)),
    "*": (lambda a, b: a * b, normal(3, 4), normal(3, 1)),
    "/": (lambda a, b: a / b, normal(3, 4), positive(4)),
    "^": (lambda a, b: a**b, positive(3, 4), normal(4)),
    "^ 3": (lambda a: a**3, normal(3, 4)),
    "negative": (lambda a: -a, normal(3)),
    "@": (lambda a, b: a @ b, normal(2, 3, 4), normal(4, 5)),
    "@ vector": (lambda a, b: a @ b, normal(3, 4), normal(4)),
    ".T": (lambda a: a.T, normal(3, 4)),
    "[1:, ::2]": (lambda a: a[1:, ::2], normal(3, 5)),
    "[mask]": (lambda a: a[MASK], normal(3, 4)),
    "[..., 0]": (lambda a: a[..., 0], normal(2, 3, 4)),
    "exp": (torch.exp, normal(3, 4)),
    "log": (torch.log, positive(3, 4)),
    "sqrt": (torch.sqrt, positive(3, 4)),
    "abs": (torch.abs, spread(3, 4)),
    "sigmoid": (torch.sigmoid, normal(3, 4)),
    "tanh": (torch.tanh, normal(3, 4)),
    "relu": (torch.relu, spread(3, 4)),
    "softmax": (lambda a: a.softmax(-1), normal(3, 4)),
    "softmax 0": (lambda a: a.softmax(0), normal(3, 4)),
    "log_softmax": (lambda a: a.log_softmax(-1), normal(3, 4)),
    "where": (lambda a, b: torch.where(MASK, a, b), normal(3, 4), normal(4)),
    "maximum": (torch.maximum, spread(3, 4), spread(3, 4) + 0.025),
    "minimum": (torch.minimum, spread(3, 4), spread(3, 4) + 0.025),
    "sum": (lambda a: a.sum(), normal(3, 4)),
    "sum 1": (lambda a: a.sum(1), normal(3, 4)),
    "mean": (lambda a: a.mean(0), normal(3, 4)),
    "variance": (lambda a: a.var(1), normal(3, 4)),
    "std": (lambda a: a.std(0), normal(3, 4)),
    "norm": (lambda a: a.norm(dim=1), normal(3, 4)),
    "max": (lambda a: a.max(1).values, spread(3, 4)),
    "min": (lambda a: a.min(), spread(3, 4)),
    "quantile": (lambda a: torch.quantile(a, 0.3, 1), spread(3, 5)),
    "cumsum": (lambda a: a.cumsum(1), normal(3, 4)),
    "sort": (lambda a: a.sort(1).values, spread(3, 4)),
    "reshape": (lambda a: a.reshape(4, 3), normal(3, 4)),
    "transpose": (lambda a: a.permute(2, 0, 1), normal(2, 3, 4)),
    "concat": (lambda a, b: torch.cat([a, b], 1), normal(3, 2), normal(3, 4)),
    "stack": (lambda a, b: torch.stack([a, b], 1), normal(3, 2), normal(3, 2)),
    "gather": (lambda a: a[INDEX], normal(5, 2)),
    "broadcast": (lambda a: a.expand(3, 4), normal(1, 4)),
    "solve": (torch.linalg.solve, normal(3, 3) + 3 * torch.eye(3).to(DOUBLE), normal(3, 2)),
    "linear": (functional.linear, normal(2, 3, 4), normal(5, 4), normal(5)),
    "run": (lambda w, x: LSTM(w, x)[0], 0.4 * normal(LSTM_COUNT), normal(2, 4, 3)),
    "run gru": (lambda w, x: GRU(w, x)[0], 0.4 * normal(GRU_COUNT), normal(2, 4, 3)),
    "run rnn": (lambda w, x: RNN(w, x)[0], 0.4 * normal(RNN_COUNT), normal(2, 4, 3)),
    "run many": (many, 0.4 * normal(3, LSTM_COUNT), normal(3, 2, 4, 3)),
    "run_tokens": (
        lambda w, t, f: LSTM(w, t[INDEX] + functional.pad(f[:, None], (0, 0, 0, 2)))[0],
        0.4 * normal(LSTM_COUNT), normal(5, 3), normal(2, 3),
    ),
    "step": (lambda w, x: two_steps(w, x)[:, -1], 0.4 * normal(3, GRU_COUNT), normal(3, 1, 2, 3)),
    "weights": (lambda w: w * w, normal(LSTM_COUNT)),
    "permute": (permute, normal(LSTM_COUNT)),
    "lstm_cell": (cell("lstm", 5), normal(3, 4), normal(3, 5), normal(3, 5), *cell_weights(4, 5)),
    "gru_cell": (cell("gru", 5), normal(3, 4), normal(3, 5), *cell_weights(3, 5)),
    "rnn_cell": (cell("rnn", 5), normal(3, 4), normal(3, 5), *cell_weights(1, 5)),
    "sin": (torch.sin, torch.linspace(-7, 7, 12).to(DOUBLE).reshape(3, 4)),
    "cos": (torch.cos, torch.linspace(-7, 7, 12).to(DOUBLE).reshape(3, 4)),
}


def attention(heads):
    def attend(q, k, v):
        parts = [x.unflatten(-1, (heads, -1)).transpose(-2, -3) for x in (q, k, v)]
        heard = functional.scaled_dot_product_attention(*parts)
        return heard.transpose(-2, -3).flatten(-2)

    return attend


def place_linear(x, weight, at_row, at_column):
    y = functional.linear(x, weight) + at_row[:, :, None] + at_column[:, None]
    return torch.cat([t.flatten() for t in (y.relu(), y.relu().mean(1), y.relu().mean(2))])


def linear_of(*values):
    *parts, weight, bias = values
    return functional.linear(torch.cat(parts, -1), weight, bias)


CASES |= {
    "linear_relu": (
        lambda *v: functional.linear(*v).relu(), normal(2, 3, 4), normal(5, 4), normal(5),
    ),
    "layer_norm": (
        lambda x, g, b: functional.layer_norm(x, (5,), g, b), normal(2, 3, 5), normal(5), normal(5),
    ),
    "attention": (attention(1), normal(2, 3, 4), normal(2, 5, 4), normal(2, 5, 4)),
    "attention 3": (attention(3), normal(2, 6), normal(4, 6), normal(4, 6)),
    "place_linear": (
        place_linear, normal(2, 3, 4, 5), normal(6, 5), normal(2, 3, 6), normal(2, 4, 6),
    ),
    "self_attention": (lambda x: attention(2)(*x.chunk(3, -1)), normal(2, 5, 24)),
    "linear_of": (linear_of, normal(2, 3, 4), normal(2, 3, 2), normal(5, 6), normal(5)),
    "linear_of relu": (
        lambda *v: linear_of(*v).relu(), normal(3, 1), normal(3, 7), normal(3, 2), normal(5, 10),
        normal(5),
    ),
}


def main():
    tensors = {}
    for name, (function, *inputs) in CASES.items():
        inputs = [x.float().to(DOUBLE).requires_grad_() for x in inputs]
        result = function(*inputs)
        weights = (2 * torch.rand(result.shape) - 1).to(DOUBLE)
        assert torch.autograd.gradcheck(lambda *xs: function(*xs), inputs, fast_mode=True), name
        gradients = torch.autograd.grad((result * weights).sum(), inputs)
        for place, (x, gradient) in enumerate(zip(inputs, gradients)):
            tensors[f"{name}: {place}"] = x
            tensors[f"{name}: gradient {place}"] = gradient
        tensors[f"{name}: weights"] = weights
        tensors[f"{name}: result"] = result
    save(pathlib.Path(__file__).parent / "operations.safetensors", tensors)


def save(path, tensors):
    header, blobs, offset = {}, [], 0
    for name, tensor in tensors.items():
        blob = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)],
        }
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


main()
