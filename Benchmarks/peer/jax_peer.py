"""The zoo's training step in JAX: 100 steps in one compiled scan, its quickest form.

`python3 jax_peer.py` prints lines `name<TAB>value` as torch_peer.py does.
"""

import functools
import time

import jax
from jax import numpy as jnp


def parameters(key, hidden=32, inputs=6, outputs=6):
    bound = hidden**-0.5
    shapes = []
    for width in (inputs, hidden):
        shapes += [(4 * hidden, width), (4 * hidden, hidden), (4 * hidden,), (4 * hidden,)]
    shapes += [(outputs, hidden), (outputs,)]
    keys = jax.random.split(key, len(shapes))
    return [jax.random.uniform(k, s, minval=-bound, maxval=bound) for k, s in zip(keys, shapes)]


def layer(x, w_ih, w_hh, b_ih, b_hh):
    """x: [T, B, D]."""
    projected = x @ w_ih.T + (b_ih + b_hh)
    zero = jnp.zeros((x.shape[1], w_hh.shape[1]))

    def step(state, gates):
        h, c = state
        i, f, g, o = jnp.split(gates + h @ w_hh.T, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    return jax.lax.scan(step, (zero, zero), projected)[1]


def loss(p, tokens):
    x = jax.nn.one_hot(tokens[:, :-1].T, 6)
    scores = layer(layer(x, *p[:4]), *p[4:8]) @ p[8].T + p[9]
    chosen = jax.nn.log_softmax(scores)
    return -jnp.take_along_axis(chosen, tokens[:, 1:].T[..., None], -1).mean()


def update(state, key, draw):
    p, m, v, count = state
    gradients = jax.grad(loss)(p, draw(key))
    count += 1
    m = [0.9 * a + 0.1 * g for a, g in zip(m, gradients)]
    v = [0.999 * a + 0.001 * g * g for a, g in zip(v, gradients)]
    root = jnp.sqrt(1 - 0.999**count)
    rate = 1e-3 / (1 - 0.9**count)
    p = [q * (1 - 1e-7) - rate * a / (jnp.sqrt(b) / root + 1e-8) for q, a, b in zip(p, m, v)]
    return (p, m, v, count), None


def strings(length=42):
    rows = []
    for n in range(10):
        row = [4] + [k for k in range(4) for _ in range(n)]
        rows.append((row + [5] * length)[:length])
    return jnp.array(rows)


def measure(name, draw):
    @functools.partial(jax.jit, donate_argnums=0)
    def steps(state, key):
        return jax.lax.scan(lambda s, k: update(s, k, draw), state, jax.random.split(key, 100))[0]

    p = parameters(jax.random.key(0))
    state = (p, [0 * q for q in p], [0 * q for q in p], jnp.array(0.0))
    least = float("inf")
    for repetition in range(9):
        start = time.perf_counter()
        state = jax.block_until_ready(steps(state, jax.random.key(repetition)))
        if repetition > 0:
            least = min(least, time.perf_counter() - start)
    print(f"{name}\t{10 * least:.5f}", flush=True)


language = strings()
measure("zoo step", lambda key: language[jax.random.randint(key, (32,), 0, 10)])
fixed = jax.random.randint(jax.random.key(1), (32, 42), 0, 6)
measure("distinct step", lambda key: fixed)
