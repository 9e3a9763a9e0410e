"""The same work in PyTorch: `python3 torch_peer.py SECTION...` prints lines `name<TAB>value`.

Times are milliseconds, the best of several repetitions on the threads that OMP_NUM_THREADS gives. The
models are written as one would write them in PyTorch: its fused LSTM, a fused AdamW, batches on hand
as tensors, no Python in the inner loops that can be avoided.
"""

import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional

torch.manual_seed(0)


def report(name, value):
    print(f"{name}\t{value:.5f}", flush=True)


def best(body, repetitions=7, seconds=0.25):
    body()
    start = time.perf_counter()
    body()
    calls = max(1, min(1000, int(seconds / (time.perf_counter() - start))))
    least = float("inf")
    for _ in range(repetitions):
        start = time.perf_counter()
        for _ in range(calls):
            body()
        least = min(least, (time.perf_counter() - start) / calls)
    return 1000 * least


class Subject(nn.Module):
    def __init__(self, cell=nn.LSTM, hidden=32, inputs=6, outputs=6):
        super().__init__()
        self.core = cell(inputs, hidden, 2, batch_first=True)
        self.linear = nn.Linear(hidden, outputs)

    def forward(self, x, state=None):
        states, state = self.core(x, state)
        return self.linear(states), state


def strings(length=42):
    """The training strings of a^n b^n c^n d^n, n below 10: [10, length]."""
    rows = torch.full((10, length), 5)
    for n in range(10):
        rows[n, 0] = 4
        letters = torch.arange(4).repeat_interleave(n)[: length - 1]
        rows[n, 1 : 1 + len(letters)] = letters
    return rows


def step_of(net, draw):
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-4, fused=True)
    eye = torch.eye(6)

    def step():
        tokens = draw()
        outputs, _ = net(eye[tokens[:, :-1]])
        loss = functional.cross_entropy(outputs.reshape(-1, 6), tokens[:, 1:].reshape(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step


def zoo():
    language = strings()
    report("zoo step", best(step_of(Subject(), lambda: language[torch.randint(0, 10, (32,))])))
    tokens = torch.randint(0, 6, (32, 42))
    report("distinct step", best(step_of(Subject(), lambda: tokens)))
    report("digits step", best(digits_step()))


def digits_step():
    """Images are on hand; turning is a table of places, which is cheaper than an image library's call."""
    net = Subject(inputs=16, outputs=10)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-4, fused=True)
    images = torch.randint(0, 256, (4000, 784)).float()
    labels = torch.randint(0, 10, (4000,))
    places = torch.randperm(784)

    def step():
        drawn = torch.randint(0, 4000, (32,))
        pixels = (images[drawn][:, places] / 255 - 0.1307) / 0.3081
        tiles = pixels.reshape(32, 7, 4, 7, 4).permute(0, 1, 3, 2, 4).reshape(32, 49, 16)
        outputs, _ = net(torch.cat([torch.zeros(32, 1, 16), tiles], 1))
        wanted = labels[drawn][:, None].expand(32, 50).reshape(-1)
        loss = functional.cross_entropy(outputs.reshape(-1, 10), wanted)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step


def cells():
    language = strings()
    for name, cell in [("lstm", nn.LSTM), ("gru", nn.GRU), ("rnn", nn.RNN)]:
        step = step_of(Subject(cell), lambda: language[torch.randint(0, 10, (32,))])
        report(f"zoo step {name}", best(step, repetitions=4))


def sampling():
    net = Subject()
    language = strings()
    step = step_of(net, lambda: language[torch.randint(0, 10, (32,))])
    for _ in range(300):
        step()
    eye = torch.eye(6)

    @torch.no_grad()
    def sample():
        tokens = torch.full((1000, 42), 4)
        state = None
        for place in range(41):
            outputs, state = net(eye[tokens[:, place : place + 1]], state)
            tokens[:, place + 1] = torch.multinomial(outputs[:, 0].softmax(-1), 1)[:, 0]
        ended = tokens == 5
        first = torch.where(ended.any(1), ended.int().argmax(1), 42)
        before = torch.arange(42)[None] < first[:, None]
        counts = torch.stack([((tokens == k) & before).sum(1) for k in range(4)], 1)
        return ((counts == counts[:, :1]).all(1) & ended.any(1)).sum().item()

    report("sampling", best(sample, repetitions=4))


def nets():
    """64 different nets, one symbol: batched products, as torch.func's vmap makes them."""
    weights = [
        [torch.randn(64, *p.shape) * 0.1 for p in Subject().core.parameters()][4 * k : 4 * k + 4]
        for k in range(2)
    ]
    read_out, bias = torch.randn(64, 6, 32) * 0.1, torch.randn(64, 6) * 0.1
    x = torch.randn(64, 6)
    h, c = [torch.zeros(64, 32) for _ in range(2)], [torch.zeros(64, 32) for _ in range(2)]

    @torch.no_grad()
    def step():
        y = x
        for k, (w_ih, w_hh, b_ih, b_hh) in enumerate(weights):
            gates = torch.baddbmm((b_ih + b_hh)[..., None], w_ih, y[..., None])
            i, f, g, o = torch.baddbmm(gates, w_hh, h[k][..., None])[..., 0].chunk(4, 1)
            c[k] = torch.sigmoid(f) * c[k] + torch.sigmoid(i) * torch.tanh(g)
            h[k] = torch.sigmoid(o) * torch.tanh(c[k])
            y = h[k]
        return torch.baddbmm(bias[..., None], read_out, y[..., None])[..., 0]

    report("64 nets", best(step))
    for name, cell in [("", nn.LSTM), (" gru", nn.GRU), (" rnn", nn.RNN)]:
        net = Subject(cell, 256, 256)
        wide = torch.randn(64, 1, 256)
        with torch.no_grad():
            report(f"wide step{name}", best(lambda: net(wide)))


class Emulator(nn.Module):
    def __init__(self):
        super().__init__()
        self.input = nn.Linear(6, 256)
        self.condition = nn.Linear(16, 256)
        self.core = Subject(hidden=256, inputs=256)

    def forward(self, z, x):
        x = self.input(x)
        first = x[:, :1] + self.condition(z)[:, None]
        return self.core(torch.cat([first, x[:, 1:]], 1))[0]


def total_variation(outputs, targets):
    return 0.5 * (outputs.softmax(-1) - targets.exp()).abs().sum(-1).mean()


def batch():
    eye = torch.eye(6)
    tokens = torch.randint(0, 6, (64, 42))
    return eye[tokens[:, :-1]], torch.randn(64, 41, 6).log_softmax(-1)


def emulator():
    net = Emulator()
    z = nn.Parameter(torch.randn(64, 16))
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-4, weight_decay=0.01, fused=True)
    x, targets = batch()

    def step():
        loss = total_variation(net(functional.normalize(z, dim=-1), x), targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.1)
        optimizer.step()

    report("emulator", best(step, repetitions=4))


class Interactive(nn.Module):
    """Interactive probing, one sequence: the core's output makes the probe, the answer its input."""

    def __init__(self):
        super().__init__()
        self.bos, self.eos = (nn.Parameter(torch.zeros(1, 256)) for _ in range(2))
        self.cells = nn.ModuleList([nn.LSTMCell(256, 256) for _ in range(2)])
        self.up = nn.Linear(256, 128)
        self.probe = nn.Sequential(nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 6))
        self.answer = nn.Linear(6, 256)
        self.embedding = nn.Sequential(nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 16))

    def core(self, x, states):
        following = []
        for cell, state in zip(self.cells, states):
            h, c = cell(x, state)
            following.append((h, c))
            x = x + h
        return x, following

    def asked(self, t, output):
        """What probe t is made from."""
        return output

    def forward(self, weights, layers, read_out, bias):
        count = weights.shape[0]
        zero = torch.zeros(count, 256)
        output, states = self.core(self.bos.expand(count, 256), [(zero, zero)] * 2)
        h, c = ([torch.zeros(count, 32) for _ in range(2)] for _ in range(2))
        for t in range(22):
            y = self.probe(self.up(self.asked(t, output)).relu()).softmax(-1)
            for k, (w_ih, w_hh, b) in enumerate(layers):
                gates = torch.baddbmm(b, w_ih, y[..., None])
                i, f, g, o = torch.baddbmm(gates, w_hh, h[k][..., None])[..., 0].chunk(4, 1)
                c[k] = torch.sigmoid(f) * c[k] + torch.sigmoid(i) * torch.tanh(g)
                h[k] = torch.sigmoid(o) * torch.tanh(c[k])
                y = h[k]
            answer = torch.baddbmm(bias[..., None], read_out, y[..., None])[..., 0]
            output, states = self.core(self.answer(answer).sigmoid(), states)
        output, states = self.core(self.eos.expand(count, 256), states)
        return functional.normalize(self.embedding(output), dim=-1)


def split(weights):
    """Flat weights [N, P] as the tensors of two layers and the read-out."""
    parts, start = [], 0
    for p in Subject().parameters():
        parts.append(weights[:, start : start + p.numel()].reshape(-1, *p.shape))
        start += p.numel()
    layers = [(parts[k], parts[k + 1], (parts[k + 2] + parts[k + 3])[..., None]) for k in (0, 4)]
    return weights, layers, parts[8], parts[9]


class Statistics(nn.Module):
    """Mean, variance and quantiles of each weight tensor, and a perceptron."""

    def __init__(self):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(70, 128), nn.ReLU(), nn.Linear(128, 16))
        self.shares = torch.tensor([0, 0.25, 0.5, 0.75, 1])

    def forward(self, weights, layers, read_out, bias):
        found, start = [], 0
        for p in Subject().parameters():
            x = weights[:, start : start + p.numel()]
            start += p.numel()
            found += [x.mean(1)[:, None], x.var(1)[:, None], torch.quantile(x, self.shares, 1).T]
        return functional.normalize(self.mlp(torch.cat(found, 1)), dim=-1)


class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [13766, 128, 128, 128]
        parts = [m for a, b in zip(sizes, sizes[1:]) for m in (nn.Linear(a, b), nn.ReLU())]
        self.mlp = nn.Sequential(*parts, nn.Linear(128, 16))

    def forward(self, weights, layers, read_out, bias):
        return functional.normalize(self.mlp(weights), dim=-1)


class Transformer(nn.Module):
    """Each row of a weight matrix with its bias is a token; a learned one stands last."""

    def __init__(self):
        super().__init__()
        self.shapes = [tuple(p.shape) for p in Subject().parameters()]
        matrices = [s for s in self.shapes if len(s) == 2]
        self.tokens = nn.ModuleList([nn.Linear(columns + 1, 128) for _, columns in matrices])
        self.last = nn.Parameter(torch.zeros(1, 1, 128))
        self.positions = nn.Parameter(torch.randn(1, sum(r for r, _ in matrices) + 1, 128))
        layer = nn.TransformerEncoderLayer(128, 2, 512, dropout=0, batch_first=True)
        self.core = nn.TransformerEncoder(layer, 6, enable_nested_tensor=False)
        self.embedding = nn.Linear(128, 16)

    def forward(self, weights, layers, read_out, bias):
        count, parts, start = len(weights), [], 0
        for shape in self.shapes:
            size = torch.Size(shape).numel()
            parts.append(weights[:, start : start + size].reshape(count, *shape))
            start += size
        matrices = [x for x in parts if x.dim() == 3]
        biases = [x for x in parts if x.dim() == 2]
        rows = [torch.cat([w, b[..., None]], -1) for w, b in zip(matrices, biases)]
        tokens = [map(x) for map, x in zip(self.tokens, rows)] + [self.last.expand(count, 1, 128)]
        x = self.core(torch.cat(tokens, 1) + self.positions)
        return functional.normalize(self.embedding(x[:, -1]), dim=-1)


def neighbours(m):
    """What meets the columns and the rows of each matrix of (rows, columns, bias): see dwsnet.rnr."""
    def fed(k):
        return [m[k][1], m[k][2], m[k + 1][1], m[k + 1][2], m[k + 1][0]]

    found = []
    for k in range(0, len(m) - 1, 2):
        columns = [m[k][0]] + (fed(k - 2) if k else [])
        found.append((columns, [m[k][1], m[k][2], m[k + 1][1], m[k + 1][2], m[k + 1][0], m[k + 2][0]]))
        columns = [m[k + 1][0], m[k + 1][1], m[k + 1][2], m[k][1], m[k][2]]
        rows = [m[k + 1][1], m[k + 1][2], m[k + 1][0]] + ([m[k + 2][0]] if k + 3 < len(m) else [])
        found.append((columns, rows))
    return found + [([m[-1][0]] + fed(len(m) - 3), [m[-1][1], m[-1][2]])]


class EquivariantLayer(nn.Module):
    """A layer of DWSNet on the five matrices of a net of two layers, from C channels to H."""

    def __init__(self, C, H):
        super().__init__()
        self.inputs, self.outputs = nn.Parameter(torch.randn(6, C)), nn.Parameter(torch.randn(6, 1, C))
        self.output_biases = nn.Parameter(torch.randn(6, C))
        self.maps = nn.ModuleList()
        for columns, rows in neighbours([(0, 0, 0)] * 5):
            sizes = dict(place=1, all=10, column=len(columns), row=len(rows))
            sizes |= dict(bias_row=len(rows), bias_all=10)
            self.maps.append(nn.ModuleDict({k: nn.Linear(n * C, H) for k, n in sizes.items()}))

    def forward(self, matrices):
        matrices = list(matrices)
        matrices[0] = (matrices[0][0] + self.inputs, matrices[0][1])
        matrices[-1] = (matrices[-1][0] + self.outputs, matrices[-1][1] + self.output_biases)
        means = [(w.mean(1), w.mean(2), b) for w, b in matrices]
        every = torch.cat([m[0].mean(1) for m in means] + [m[2].mean(1) for m in means], -1)
        mixed = []
        for (w, _), (columns, rows), maps in zip(matrices, neighbours(means), self.maps):
            at_column = maps["column"](torch.cat(columns, -1)) + maps["all"](every)[:, None]
            rows = torch.cat(rows, -1)
            weight = maps["place"](w) + at_column[:, None] + maps["row"](rows)[:, :, None]
            mixed.append((weight, maps["bias_row"](rows) + maps["bias_all"](every)[:, None]))
        return mixed


class DWSNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([EquivariantLayer(4 if k == 0 else 48, 48) for k in range(4)])
        self.mlp = nn.Sequential(nn.Linear(480, 128), nn.ReLU(), nn.Linear(128, 16))

    def forward(self, weights, layers, read_out, bias):
        parts, start = [], 0
        for p in Subject().parameters():
            x = weights[:, start : start + p.numel()].reshape(len(weights), *p.shape)
            start += p.numel()
            parts.append(x.unflatten(1, (4, 32)).movedim(1, -1) if len(parts) < 8 else x)
        x = [(parts[k], parts[k + 2]) for k in (0, 1, 4, 5)]
        x.append(tuple(p[..., None].expand(*p.shape, 4) for p in parts[8:]))
        for layer in self.layers[:-1]:
            x = [(w.relu(), b.relu()) for w, b in layer(x)]
        pooled = [m for w, b in self.layers[-1](x) for m in (w.mean((1, 2)), b.mean(1))]
        return functional.normalize(self.mlp(torch.cat(pooled, -1)), dim=-1)


class Noninteractive(Interactive):
    """The probes are learned, the same for all nets."""

    def __init__(self):
        super().__init__()
        self.probes = nn.Parameter(0.5 * torch.randn(22, 256))

    def asked(self, t, output):
        return self.probes[t].expand_as(output)


ENCODERS = {
    "statistics": Statistics, "flat": Flat, "noninteractive": Noninteractive,
    "interactive": Interactive, "dwsnet": DWSNet, "transformer": Transformer,
}


def train(name, encoder, repetitions):
    net = Emulator()
    optimizers = [
        torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01, fused=True)
        for model in (encoder, net)
    ]
    x, targets = batch()
    subjects = split(torch.randn(64, 13766) * 0.2)

    def step():
        loss = total_variation(net(encoder(*subjects), x), targets)
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        for model, optimizer in zip((encoder, net), optimizers):
            nn.utils.clip_grad_norm_(model.parameters(), 0.1)
            optimizer.step()

    report(name, best(step, repetitions))


def pretrain():
    train("pretrain", Interactive(), 4)


def encoders():
    subjects = split(torch.randn(64, 13766) * 0.2)
    for name, make in ENCODERS.items():
        if len(sys.argv) > 2 and sys.argv[2] != name:
            continue
        encoder = make()
        repetitions = 1 if name == "transformer" else 4
        train(f"train {name}", encoder, repetitions)
        with torch.no_grad():
            report(f"encode {name}", best(lambda: encoder(*subjects), repetitions))
        if len(sys.argv) > 2:
            report(f"memory {name}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def training():
    emulator()
    pretrain()


def memory():
    zoo()
    report("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


SECTIONS = [zoo, cells, sampling, nets, training, encoders, memory]
for section in SECTIONS:
    if section.__name__ in sys.argv[1:]:
        section()
