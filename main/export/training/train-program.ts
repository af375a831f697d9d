/** train.py: a training loop for an exported network, which reads its figures from architecture.json beside it. */
export const trainProgram = String.raw`"""Trains the network of network.py on a folder of images; needs torch (1.13 or newer) and numpy.

    python train.py DATA --out trained

DATA is a folder that ZiCo Workbench reads: see images.py, which needs Pillow where pictures are files.
The same command goes on where it was stopped. In the end the folder holds best.safetensors, trained.onnx
(to be measured and converted) and trained-for-scoring.onnx (to be scored).
"""
import argparse
import copy
import io
import json
import math
import os
import random
import shlex
import signal
import sys
import time
import warnings
from pathlib import Path

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    from torch import nn
except ImportError as error:
    sys.exit(f"train.py: {error}.\nIt needs torch (1.13 or newer) and numpy: pip install torch numpy")

import network
from images import IGNORED, DataError, Unusable, open_parts

here = Path(__file__).resolve().parent
architecture = json.loads((here / "architecture.json").read_text("utf-8"))
described = architecture["network"]
TASK, CLASSES, SIZE = described["task"], described["classes"], tuple(described["input"][2:])
METRIC = {"classification": "top-1", "segmentation": "mIoU"}[TASK]


def options():
    small = TASK == "classification"
    parser = argparse.ArgumentParser(description=f"Trains a network for {TASK} of {CLASSES} classes.")
    add = parser.add_argument

    def within(kind, least, most=math.inf):
        def read(text):
            value = kind(text)
            if not least <= value <= most:
                wanted = f"at least {least}" if math.isinf(most) else f"from {least} to {most}"
                raise argparse.ArgumentTypeError(f"{text} is not {wanted}")
            return value

        read.__name__ = kind.__name__
        return read

    add("data", help="folder or file of images")
    add("--validation", help="other images to evaluate on; otherwise the data's own, or a tenth of it")
    add("--out", default="trained", help="folder for checkpoint and results (default: %(default)s)")
    add("--epochs", type=within(int, 1), default=100, help="passes over the images (default: %(default)s)")
    add("--batch-size", type=within(int, 2), default=128 if small else 8, help="images a step (default: %(default)s)")
    add("--rate", type=within(float, 1e-9, 1e3), default=0.1 if small else 0.02, help="highest learning rate (default: %(default)s)")
    add("--weight-decay", type=within(float, 0, 1), default=5e-4, help="(default: %(default)s)")
    add("--label-smoothing", type=within(float, 0, 0.99), default=0.1 if small else 0.0, help="(default: %(default)s)")
    add("--ema", type=within(float, 0, 0.999999), default=0.9995, help="decay of the averaged weights; 0: none (default: %(default)s)")
    add("--seed", type=int, default=0, help="of order and augmentation (default: %(default)s)")
    add("--device", help="cpu, cuda or mps (default: a GPU where there is one)")
    add("--workers", type=within(int, 0), default=min(4, os.cpu_count() or 1), help="processes that read pictures")
    add("--new-head", action="store_true", help="give the network as many outputs as the data has classes")
    add("--fresh", action="store_true", help="begin anew where the folder holds a checkpoint")
    add("--max-steps", type=within(int, 1), help="stop after so many steps; the same command goes on")
    return parser.parse_args()


# Images.


class Images(torch.utils.data.Dataset):
    """Images of the network's size. What is drawn at random depends on seed, epoch and image alone."""

    def __init__(self, part, indices, seed=None):
        self.part, self.indices, self.seed = part, indices, seed
        spread = part.normalisation
        self.mean, self.std = (torch.tensor(values)[:, None, None] for values in spread or ((0.0,), (1.0,)))
        self.scale = 1.0 if spread is None else 1 / 255

    def __len__(self):
        return len(self.indices)

    def __getitem__(self, key):
        """(image, target), or the text of what makes the image unusable."""
        epoch, at = key
        index = self.indices[at]
        try:
            image, target = self.part.load(index)
            image = (torch.from_numpy(np.array(image)).float() * self.scale - self.mean) / self.std
            target = torch.from_numpy(np.array(target)).long()
            drawn = None if self.seed is None else random.Random(f"{self.seed} {epoch} {index}")
            image, target = (fit_image if TASK == "classification" else fit_masked)(image, target, drawn)
        except Unusable as error:
            return str(error)
        return image.contiguous(), target


def resized(image, height, width):
    if image.shape[-2:] == (height, width):
        return image
    return F.interpolate(image[None], (height, width), mode="bilinear", antialias=True, align_corners=False)[0]


def fit_image(image, target, drawn):
    """Covers the network's size; while training crops and mirrors at random."""
    (height, width), (h, w) = image.shape[-2:], SIZE
    if drawn is None:
        scale = max(h / height, w / width)
        image = resized(image, max(h, round(height * scale)), max(w, round(width * scale)))
        top, left = (image.shape[-2] - h) // 2, (image.shape[-1] - w) // 2
        return image[:, top : top + h, left : left + w], target
    if (height, width) == SIZE and h <= 64:
        border = h // 8
        image = F.pad(image, (border,) * 4)
        top, left = drawn.randint(0, 2 * border), drawn.randint(0, 2 * border)
        image = image[:, top : top + h, left : left + w]
    else:
        share, ratio = drawn.uniform(0.25, 1), math.exp(drawn.uniform(math.log(3 / 4), math.log(4 / 3)))
        cut_h = min(height, max(1, round(math.sqrt(height * width * share / ratio))))
        cut_w = min(width, max(1, round(math.sqrt(height * width * share * ratio))))
        top, left = drawn.randint(0, height - cut_h), drawn.randint(0, width - cut_w)
        image = resized(image[:, top : top + cut_h, left : left + cut_w], h, w)
    return (image.flip(-1) if drawn.random() < 0.5 else image), target


def fit_masked(image, mask, drawn):
    """Fits into the network's size, top left; while training scaled, cut and mirrored at random."""
    (height, width), (h, w) = image.shape[-2:], SIZE
    scale = min(h / height, w / width) * (1 if drawn is None else drawn.uniform(0.5, 2))
    inner_h, inner_w = max(1, round(height * scale)), max(1, round(width * scale))
    image = resized(image, inner_h, inner_w)
    mask = F.interpolate(mask[None, None].float(), (inner_h, inner_w), mode="nearest")[0, 0].long()
    top = drawn.randint(0, max(0, inner_h - h)) if drawn else 0
    left = drawn.randint(0, max(0, inner_w - w)) if drawn else 0
    image, mask = (values[..., top : top + h, left : left + w] for values in (image, mask))
    border = (0, w - image.shape[-1], 0, h - image.shape[-2])
    image, mask = F.pad(image, border), F.pad(mask, border, value=IGNORED)
    if drawn and drawn.random() < 0.5:
        image, mask = image.flip(-1), mask.flip(-1)
    return image, mask


def stacked(items):
    usable = [item for item in items if not isinstance(item, str)]
    images, targets = zip(*usable) if usable else ((), ())
    batch = (torch.stack(images), torch.stack(targets)) if usable else None
    return batch, [item for item in items if isinstance(item, str)]


class Loader:
    """Batches of an epoch, from any one on. Unusable pictures are left out and told once each."""

    def __init__(self, images, batch_size, workers):
        self.images, self.batch_size, self.workers = images, batch_size, workers
        self.told = set()

    def batches(self, order, epoch, skip=0):
        size = self.batch_size
        keys = [[(epoch, at) for at in order[i : i + size]] for i in range(0, len(order), size)][skip:]
        loader = torch.utils.data.DataLoader(
            self.images, batch_sampler=keys, collate_fn=stacked, num_workers=self.workers
        )
        for batch, unusable in loader:
            for text in unusable:
                self.tell(text)
            yield batch

    def tell(self, text):
        if text not in self.told:
            self.told.add(text)
            print(f"left out: {text}", file=sys.stderr)
        if len(self.told) > max(10, len(self.images) // 50):
            raise DataError(
                f"{len(self.told)} of {len(self.images)} images could not be used.",
                "zico data inspect FOLDER lists what is wrong with a folder.",
            )


def open_images(given):
    """(training images, images to evaluate on, classes, lines to print)."""
    train, held = open_parts(given.data, TASK)
    lines = []
    if given.validation:
        held, _ = open_parts(given.validation, TASK)
    indices, held_indices = list(range(len(train))), list(range(len(held))) if held else []
    if held is None:
        held = train
        random.Random(given.seed).shuffle(indices)
        cut = max(1, len(indices) // 10)
        held_indices, indices = sorted(indices[:cut]), sorted(indices[cut:])
        lines.append(f"no images to evaluate on: a tenth, {cut}, is kept for that")
    classes = max(train.classes, held.classes)
    if len(indices) < max(2, classes):
        raise DataError(
            f"{given.data} has {len(indices)} images to train {classes} classes with.",
            "Give at least one image for each class, better some hundred.",
        )
    if not held_indices:
        raise DataError("There is no image to evaluate on.", "Give some with --validation.")
    if classes != CLASSES and not given.new_head:
        raise DataError(
            f"The network tells {CLASSES} classes apart, and {given.data} has {classes}.",
            f"Give data of {CLASSES} classes, or --new-head: its last layer is then made anew.",
        )
    return Images(train, indices, given.seed), Images(held, held_indices), classes, lines


# The network.


def built(classes):
    model = network.build()
    if classes == CLASSES:
        return model
    last = None
    for parent in model.modules():
        for name, child in parent.named_children():
            outputs = getattr(child, "out_features", getattr(child, "out_channels", None))
            if outputs == CLASSES and isinstance(child, (nn.Linear, nn.Conv2d)):
                last = parent, name, child
    if last is None:
        raise DataError("The network's last layer was not found.", "Search with images of these classes.")
    parent, name, child = last
    bias = child.bias is not None
    if isinstance(child, nn.Linear):
        fresh = nn.Linear(child.in_features, classes, bias=bias)
    else:
        fresh = nn.Conv2d(child.in_channels, classes, child.kernel_size, child.stride, child.padding, bias=bias)
    setattr(parent, name, fresh)
    return model


def parameter_groups(model, decay):
    """Norms and biases do not decay."""
    decayed = [weight for weight in model.parameters() if weight.ndim > 1]
    others = [weight for weight in model.parameters() if weight.ndim <= 1]
    return [{"params": decayed, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


def loss_of(outputs, targets, smoothing):
    if TASK == "segmentation" and outputs.shape[-2:] != targets.shape[-2:]:
        outputs = F.interpolate(outputs, targets.shape[-2:], mode="bilinear", align_corners=False)
    ignored = IGNORED if TASK == "segmentation" else -100
    return F.cross_entropy(outputs.float(), targets, ignore_index=ignored, label_smoothing=smoothing)


def share_of_rate(step, steps):
    """Rises evenly during the first twentieth, then falls as a cosine."""
    warm = max(1, steps // 20)
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


@torch.no_grad()
def average(mean, model, decay, step):
    """Moves the averaged network towards the trained one; quickly in the beginning."""
    decay = min(decay, (1 + step) / (10 + step))
    for kept, new in zip(mean.state_dict().values(), model.state_dict().values()):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)


@torch.no_grad()
def evaluated(model, loader, classes, device):
    """Share of images whose class comes out first; or the mean over classes of intersection over union."""
    model.eval()
    confusion = torch.zeros(classes, classes, dtype=torch.long)
    for batch in loader.batches(range(len(loader.images)), 0):
        if batch is None:
            continue
        images, targets = batch[0].to(device), batch[1]
        outputs = model(images).float()
        if TASK == "segmentation" and outputs.shape[-2:] != targets.shape[-2:]:
            outputs = F.interpolate(outputs, targets.shape[-2:], mode="bilinear", align_corners=False)
        found, targets = outputs.argmax(1).cpu().flatten(), targets.flatten()
        counted = targets != IGNORED if TASK == "segmentation" else torch.ones_like(targets, dtype=torch.bool)
        pairs = targets[counted] * classes + found[counted]
        confusion += torch.bincount(pairs, minlength=classes * classes).reshape(classes, classes)
    hits = confusion.diagonal().double()
    if TASK == "classification":
        return (hits.sum() / max(1, int(confusion.sum()))).item()
    union = (confusion.sum(0) + confusion.sum(1)).double() - hits
    return (hits[union > 0] / union[union > 0]).mean().item()


# Files.


def write_whole(file, write):
    """The file is there whole or as it was before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        write(beside)
        with open(beside, "rb") as written:
            os.fsync(written.fileno())
        os.replace(beside, file)
    except OSError as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise OSError(f"{file} could not be written: {reason}") from None
    finally:
        beside.unlink(missing_ok=True)


def write_safetensors(file, tensors):
    header, offset, parts = {"__metadata__": {"format": "pt", "state": "trained"}}, 0, []
    for name, tensor in tensors.items():
        if not tensor.dtype.is_floating_point:
            continue
        data = tensor.detach().cpu().float().contiguous().numpy().astype("<f4").tobytes()
        span = [offset, offset + len(data)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": span}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    write_whole(file, lambda to: to.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(parts)))


def write_onnx(file, model, channels, training):
    """In training mode nothing is folded, so that the network can be scored."""
    mode = torch.onnx.TrainingMode.TRAINING if training else torch.onnx.TrainingMode.EVAL
    chosen = {"training": mode, "do_constant_folding": not training, "opset_version": 17}
    if "dynamo" in torch.onnx.export.__code__.co_varnames:
        chosen["dynamo"] = False
    if training:
        chosen["dynamic_axes"] = {"input": {0: "batch"}, "output": {0: "batch"}}
    model = copy.deepcopy(model).cpu().train(training)
    image = torch.zeros(2 if training else 1, channels, *SIZE)
    names = {"input_names": ["input"], "output_names": ["output"]}
    with warnings.catch_warnings():
        # One a norm, and one that recommends an exporter that needs another package.
        warnings.simplefilter("ignore")
        write_whole(file, lambda to: torch.onnx.export(model, image, str(to), **names, **chosen))


# Training.


class Stop:
    """Ctrl-C and SIGTERM end training after the step that runs; a second one ends it at once."""

    def __init__(self):
        self.asked = False
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self.ask)

    def ask(self, *_):
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


def duration(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


KEPT = ("epochs", "batch_size", "rate", "weight_decay", "label_smoothing", "ema", "seed", "new_head")


def begun_with(given, images):
    named = {"data": Path(given.data).name, "images": images, "network": architecture.get("genotype")}
    return {**{name: getattr(given, name) for name in KEPT}, **named}


def chosen_device(name):
    """The device by its name, else a GPU where there is one. Throws DataError where it cannot be used."""
    gpu = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(name or gpu)
        torch.zeros(1, device=device)
        return device
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise DataError(
            f"The device {name or gpu} cannot be used: {reason}.",
            "Leave --device out for a GPU where there is one, or give --device cpu.",
        ) from None


def restored(file, settings, device):
    """The last whole checkpoint, or None. Refuses one of other settings."""
    if not file.exists():
        return None
    try:
        state = torch.load(file, map_location=device)
        begun = state["settings"]
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"{file} cannot be read: {reason}", "Give --fresh to begin anew.") from None
    for name, value in settings.items():
        # Checkpoints of before did not say of which network they are.
        if begun.get(name, None if name != "network" else value) != value:
            raise DataError(
                f"{file.parent} was begun with {name.replace('_', ' ')} {begun.get(name)}, not {value}.",
                "Give the former value, another --out, or --fresh to begin anew.",
            )
    return state


def main():
    given = options()
    out, stop = Path(given.out), Stop()
    torch.manual_seed(given.seed)
    device = chosen_device(given.device)
    if device.type == "cpu":
        threads = torch.get_num_threads()
        print(f"no GPU is used: {threads} thread{'s' if threads > 1 else ''} of the processor compute{'s' if threads == 1 else ''}, and this takes its time")
    images, held, classes, lines = open_images(given)
    for line in lines:
        print(line)
    in_memory = not hasattr(images.part, "files") and not hasattr(images.part, "pairs")
    workers = 0 if in_memory else given.workers
    batch_size = min(given.batch_size, len(images))
    if batch_size < given.batch_size:
        print(f"batches of {batch_size}, because there are no more images")
    train_loader, held_loader = Loader(images, batch_size, workers), Loader(held, batch_size, workers)
    # A last batch of a single image would have no batch statistics.
    whole = len(images) - (len(images) % batch_size if len(images) % batch_size == 1 else 0)
    steps_an_epoch = math.ceil(whole / batch_size)
    steps = steps_an_epoch * given.epochs
    print(f"{whole} images to train with, {len(held)} to evaluate on, {classes} classes, {steps} steps")

    model = built(classes).to(device)
    channels = described["input"][1]
    mean = copy.deepcopy(model)
    optimizer = torch.optim.SGD(parameter_groups(model, given.weight_decay), given.rate, 0.9, nesterov=True)
    mixed = device.type == "cuda"
    scalers = torch.amp if hasattr(torch.amp, "GradScaler") else torch.cuda.amp
    scaler = scalers.GradScaler(enabled=mixed)
    checkpoint, settings = out / "checkpoint.pt", begun_with(given, len(images))
    state = None if given.fresh else restored(checkpoint, settings, device)
    step, total, best, best_state = 0, 0.0, None, None
    if state:
        try:
            model.load_state_dict(state["model"])
            mean.load_state_dict(state["mean"])
            optimizer.load_state_dict(state["optimizer"])
        except (RuntimeError, ValueError):
            raise DataError(
                f"{checkpoint} is of another network.", "Give another --out, or --fresh to begin anew."
            ) from None
        scaler.load_state_dict(state["scaler"])
        step, total, best, best_state = state["step"], state["total"], state["best"], state["best_state"]
        print(f"going on after step {step} of {steps}")

    def save():
        values = {"settings": settings, "step": step, "total": total, "best": best, "best_state": best_state}
        parts = {"model": model, "mean": mean, "optimizer": optimizer, "scaler": scaler}
        values.update({name: part.state_dict() for name, part in parts.items()})
        # In memory first: PyTorch's own writer ends the process where a disk is full.
        written = io.BytesIO()
        torch.save(values, written)
        write_whole(checkpoint, lambda to: to.write_bytes(written.getbuffer()))

    begun, first, saved = time.monotonic(), step, time.monotonic()
    last = steps if given.max_steps is None else min(steps, given.max_steps)
    while step < last and not stop.asked:
        epoch, within = divmod(step, steps_an_epoch)
        if within == 0:
            total = 0.0
        drawn = torch.Generator().manual_seed(given.seed * 1_000_003 + epoch)
        order = torch.randperm(len(images), generator=drawn)
        for batch in train_loader.batches(order.tolist()[:whole], epoch, within):
            part = share_of_rate(step, steps)
            for group in optimizer.param_groups:
                group["lr"] = given.rate * part
            if batch is not None and len(batch[0]) > 1:
                model.train()
                pixels, targets = batch[0].to(device), batch[1].to(device)
                with torch.autocast(device.type, enabled=mixed):
                    loss = loss_of(model(pixels), targets, given.label_smoothing)
                if not torch.isfinite(loss):
                    raise DataError(f"The loss became {loss.item()} at step {step}.", "Give a lower --rate.")
                optimizer.zero_grad(set_to_none=True)
                scaler.scale(loss).backward()
                scaler.step(optimizer)
                scaler.update()
                total += loss.item()
            step += 1
            average(mean, model, given.ema, step)
            left = (time.monotonic() - begun) / (step - first) * (steps - step)
            if sys.stderr.isatty():
                print(f"\rstep {step} of {steps}, {duration(left)} left ", end="", file=sys.stderr, flush=True)
            if time.monotonic() - saved > 600:
                save()
                saved = time.monotonic()
            if stop.asked or step >= last or step % steps_an_epoch == 0:
                break
        if step % steps_an_epoch == 0:
            chosen = mean if given.ema > 0 else model
            reached = evaluated(chosen, held_loader, classes, device)
            if best is None or reached > best:
                best, best_state = reached, copy.deepcopy(chosen.state_dict())
            save()
            saved = time.monotonic()
            print(
                f"\repoch {epoch + 1} of {given.epochs}: loss {total / steps_an_epoch:.4f}, "
                f"{METRIC} {100 * reached:.2f} % (best {100 * best:.2f} %), {duration(left)} left",
                flush=True,
            )
    if step % steps_an_epoch != 0:
        save()
    if step < steps:
        print(f"stopped after step {step} of {steps}: the same command goes on from there")
        return
    finish(model, best, best_state, out, channels, settings)


def finish(model, best, best_state, out, channels, settings):
    model.load_state_dict(best_state)
    write_safetensors(out / "best.safetensors", best_state)
    write_onnx(out / "trained.onnx", model, channels, training=False)
    write_onnx(out / "trained-for-scoring.onnx", model, channels, training=True)
    results = {"metric": METRIC, "percent": round(100 * best, 3), "torch": torch.__version__, "settings": settings}
    write_whole(out / "results.json", lambda to: to.write_text(json.dumps(results, indent=2) + "\n", "utf-8"))
    print(f"{METRIC} {100 * best:.2f} %: {out} holds best.safetensors, trained.onnx, trained-for-scoring.onnx")
    print(f"  zico measure {out / 'trained.onnx'}")
    print(f"  zico score {out / 'trained-for-scoring.onnx'}")
    candidate = (architecture.get("candidate") or {}).get("id")
    if candidate:
        said = f"--accuracy {100 * best:.2f} --metric {METRIC} --on {shlex.quote(Path(settings['data']).stem)}"
        print(f"  zico attach --run RUN --candidate {candidate} {out / 'trained.onnx'} {said}")


if __name__ == "__main__":
    try:
        main()
    except DataError as error:
        sys.exit(f"train.py: {error}\n{error.hint}")
    except OSError as error:
        # Of a process that reads pictures comes a whole traceback, whose last line says it.
        reason = str(error).strip().splitlines()[-1]
        sys.exit(f"train.py: {reason}\nWhat was trained so far is kept; the same command goes on from there.")
    except KeyboardInterrupt:
        sys.exit("train.py: ended at once; the same command goes on from the last checkpoint.")
`;
