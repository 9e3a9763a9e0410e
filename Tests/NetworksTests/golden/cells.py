"""Writes gru_*.safetensors and rnn_*.safetensors beside this file: what PyTorch says of such nets.

Needs torch and numpy. All is computed in float64 and stored as float32, weights in the flat order of
`parameters()`: for each layer weight_ih, weight_hh, bias_ih, bias_hh; then the read-out's.
"""

import json
import pathlib
import struct

import numpy
import torch

KINDS = {"gru": torch.nn.GRU, "rnn": torch.nn.RNN}


def save(path, tensors):
    header, blobs, offset = {}, [], 0
    for name, tensor in tensors.items():
        kind = "I64" if tensor.dtype == torch.int64 else "F32"
        numbers = tensor.detach().numpy().astype("<i8" if kind == "I64" else "<f4")
        blob = numpy.ascontiguousarray(numbers).tobytes()
        header[name] = {
            "dtype": kind,
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(blob)],
        }
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def net(kind, inputs, outputs, hidden, layers, batch, steps):
    torch.manual_seed(20)
    recurrent = KINDS[kind](inputs, hidden, layers, batch_first=True).double()
    linear = torch.nn.Linear(hidden, outputs).double()
    parameters = list(recurrent.parameters()) + list(linear.parameters())
    for parameter in parameters:  # what float32 can hold
        parameter.data = (1.5 * parameter.data).float().double()
    if inputs == outputs:
        tokens = torch.randint(0, inputs, (batch, steps))
        x = torch.nn.functional.one_hot(tokens, inputs).double()
    else:
        x = torch.randn(batch, steps, inputs).float().double()
    labels = torch.randint(0, outputs, (batch, steps))
    states, last = recurrent(x)
    logits = linear(states)
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
    gradients = torch.autograd.grad(loss, parameters)
    continued, last_continued = recurrent(x[:, :3], last)
    save(
        pathlib.Path(__file__).parent / f"{kind}_{layers}x{hidden}_in{inputs}_out{outputs}.safetensors",
        {
            "parameters": torch.cat([p.flatten() for p in parameters]),
            "input": x,
            "logits": logits,
            "h_n": last,
            "labels": labels,
            "loss": loss,
            "grad_parameters": torch.cat([g.flatten() for g in gradients]),
            "logits_continued": linear(continued),
            "h_n_continued": last_continued,
        },
    )


for kind in KINDS:
    net(kind, 6, 6, 32, 2, batch=4, steps=12)
    net(kind, 4, 3, 5, 3, batch=3, steps=7)
