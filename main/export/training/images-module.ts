/** images.py, beside train.py: reads the folders of images that the Workbench reads. */
export const imagesModule = String.raw`"""Images for train.py, from the folders and files that ZiCo Workbench reads.

Class folders, CIFAR (binary and Python versions), idx (MNIST), .npy and .npz pairs; images with masks
side by side, CamVid, Cityscapes and ADE20K. Needs numpy, and Pillow where pictures are files.
"""
import gzip
import pickle
import re
from contextlib import contextmanager
from pathlib import Path

import numpy as np

PICTURE = re.compile(r"\.(jpe?g|jpe|jfif|png|webp|tiff?|bmp)$", re.I)
PHOTOGRAPHS = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
CIFAR10 = ((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616))
CIFAR100 = ((0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762))
IGNORED = 255
PARTS = {
    "train": r"train(ing)?",
    "validation": r"val(id|idation)?|dev",
    "test": r"test(ing)?",
}


class DataError(Exception):
    """What is wrong with the data, and what helps."""

    def __init__(self, message, hint):
        super().__init__(message)
        self.hint = hint


class Unusable(Exception):
    """One picture that cannot be used; others may be."""


class Arrays:
    """Images in memory: bytes or floats, N x C x H x W, with a class for each image or each pixel."""

    def __init__(self, images, targets, classes, normalisation=PHOTOGRAPHS, names=None):
        self.images, self.targets = images, targets
        self.classes, self.names = classes, names
        self.normalisation = normalisation if images.dtype == np.uint8 else None

    def __len__(self):
        return len(self.images)

    def load(self, index):
        """(C x H x W, class or mask)."""
        target = self.targets[index]
        return self.images[index], target if self.targets.ndim == 3 else int(target)


class Pictures:
    """Files of pictures, each with its class."""

    normalisation = PHOTOGRAPHS

    def __init__(self, files, labels, names):
        self.files, self.targets, self.names = files, np.array(labels, dtype=np.int64), names
        self.classes = len(names)

    def __len__(self):
        return len(self.files)

    def load(self, index):
        return read_picture(self.files[index]), int(self.targets[index])


class Masked:
    """Files of pictures, each with a mask. The coding says what the pixels of masks mean."""

    normalisation = PHOTOGRAPHS

    def __init__(self, pairs, coding, names):
        self.pairs, self.coding, self.names = pairs, coding, names
        self.classes = len(names)

    def __len__(self):
        return len(self.pairs)

    def load(self, index):
        picture, mask = self.pairs[index]
        image, target = read_picture(picture), self.coding(read_mask(mask), mask)
        if image.shape[1:] != target.shape:
            raise Unusable(f"{mask} has another size than its picture")
        return image, target


def open_parts(root, task):
    """(training part, part to evaluate on or None) of a file or folder. Throws DataError."""
    root = Path(root)
    if not root.exists():
        raise DataError(f"There is no file or folder {root}.", "Give the path of your images.")
    found = opened(root, task)
    if found is None:
        parts = split_folders(root)
        train = opened(parts["train"], task) if "train" in parts else None
        held = parts.get("validation", parts.get("test"))
        if train is None:
            layouts = "class folders" if task == "classification" else "folders of images and of masks"
            raise DataError(
                f"{root} holds no images for {task} that could be recognised.",
                f"Give a folder with {layouts}, or with train and val folders of them.",
            )
        tested = opened(held, task) if held is not None else None
        found = train[0], tested[0] if tested else train[1]
    train, tested = found
    if tested is not None and tested.names and train.names and list(tested.names) != list(train.names):
        only = sorted(set(tested.names) ^ set(train.names))[:3]
        raise DataError(
            f"Training and evaluation of {root} have different classes ({', '.join(map(str, only))}).",
            "Give both the same class folders, empty ones included.",
        )
    return train, tested


def opened(root, task):
    kinds = (cifar_binary, cifar_pickles, idx, arrays, class_folders)
    if task == "segmentation":
        kinds = (arrays, cityscapes, masks_beside)
    for kind in kinds:
        found = kind(root)
        if found is None:
            continue
        dense = isinstance(found[0], Arrays) and found[0].targets.ndim == 3
        if not isinstance(found[0], Arrays) or dense == (task == "segmentation"):
            return found
    return None


def part_of(name):
    """train, validation or test where one word of a name says so."""
    for part, words in PARTS.items():
        if re.search(rf"(^|[^a-z])({words})([^a-z]|$)", name, re.I):
            return part
    return None


def split_folders(root):
    """Folders of a root by the part of the data set that their names state."""
    parts = {}
    for folder in folders_in(root):
        part = part_of(folder.name)
        if part is not None:
            parts.setdefault(part, folder)
    return parts


def folders_in(root):
    if not root.is_dir():
        return []
    return sorted((entry for entry in root.iterdir() if entry.is_dir() and not hidden(entry)), key=order)


def files_in(root, pattern=PICTURE):
    if not root.is_dir():
        return []
    found = (entry for entry in root.iterdir() if pattern.search(entry.name) and not hidden(entry))
    return sorted((entry for entry in found if entry.is_file()), key=order)


def hidden(entry):
    return entry.name.startswith(".") or entry.name == "__MACOSX"


def order(entry):
    """Names in the order of their code units, in which the Workbench numbers classes."""
    return entry.name.encode("utf-16-be")


# Pictures.


@contextmanager
def picture(file):
    """The picture, open. Throws Unusable; FileNotFoundError where its folder is gone."""
    try:
        from PIL import Image
    except ImportError:
        raise DataError("Pictures in files need Pillow.", "Install it: pip install pillow.") from None
    try:
        with Image.open(file) as image:
            yield image
    except FileNotFoundError:
        if not Path(file).parent.is_dir():
            raise
        raise Unusable(f"{file} is gone") from None
    except Exception as error:
        raise Unusable(f"{file} cannot be decoded: {error}") from None


def read_picture(file):
    """C x H x W bytes, turned as EXIF says. Throws as picture does."""
    with picture(file) as image:
        from PIL import ImageOps

        pixels = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def read_mask(file):
    """Stored ids, H x W; or colours as one number each (red, green, blue). Throws as picture does."""
    with picture(file) as image:
        if image.mode not in ("RGB", "RGBA"):
            return np.asarray(image).astype(np.int64)
        colours = np.asarray(image.convert("RGB")).astype(np.int64)
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    if (red == green).all() and (green == blue).all():
        return red
    return (red << 16) | (green << 8) | blue


# Classification.


def class_folders(root):
    folders = folders_in(root)
    if not folders or split_folders(root) and len(split_folders(root)) * 2 > len(folders):
        return None
    files, labels = [], []
    for label, folder in enumerate(folders):
        inside = sorted(
            (file for file in folder.rglob("*") if PICTURE.search(file.name) and not hidden(file)),
            key=lambda file: str(file.relative_to(folder)).encode("utf-16-be"),
        )
        files += inside
        labels += [label] * len(inside)
    if not files:
        return None
    return Pictures(files, labels, [folder.name for folder in folders]), None


def cifar_binary(root):
    files = files_in(root, re.compile(r"\.bin$", re.I)) if root.is_dir() else [root]
    files = [file for file in files if file.suffix.lower() == ".bin"]
    for classes, record, normalisation in ((10, 3073, CIFAR10), (100, 3074, CIFAR100)):
        fitting = [file for file in files if file.stat().st_size > 0 and file.stat().st_size % record == 0]
        if not fitting:
            continue

        def part(chosen):
            if not chosen:
                return None
            rows = np.concatenate([np.fromfile(file, np.uint8).reshape(-1, record) for file in chosen])
            images = rows[:, record - 3072 :].reshape(-1, 3, 32, 32)
            return Arrays(images, rows[:, record - 3073].astype(np.int64), classes, normalisation)

        tested = [file for file in fitting if part_of(file.stem) == "test"] if len(fitting) > 1 else []
        return part([file for file in fitting if file not in tested]), part(tested)
    return None


class PlainUnpickler(pickle.Unpickler):
    """Arrays and plain values; nothing else of a pickle is run."""

    def find_class(self, module, name):
        if module.split(".")[0] == "numpy" and name in ("_reconstruct", "ndarray", "dtype"):
            return super().find_class(module, name)
        raise DataError(f"A pickle names {module}.{name}.", "Use the data set as it was published.")


def cifar_pickles(root):
    names = [file.name for file in files_in(root, re.compile(r"^(data_batch_\d+|test_batch|train|test)$"))]
    trained = [name for name in names if name.startswith("data_batch") or name == "train"]
    if not trained:
        return None

    def part(chosen):
        images, labels, fine = [], [], False
        for name in chosen:
            with open(root / name, "rb") as file:
                batch = PlainUnpickler(file, encoding="latin1").load()
            fine = "fine_labels" in batch
            images.append(np.asarray(batch["data"], np.uint8).reshape(-1, 3, 32, 32))
            labels.append(np.array(batch["fine_labels" if fine else "labels"], np.int64))
        if not images:
            return None
        classes, normalisation = (100, CIFAR100) if fine else (10, CIFAR10)
        return Arrays(np.concatenate(images), np.concatenate(labels), classes, normalisation)

    return part(trained), part([name for name in names if name not in trained])


def idx(root):
    found = files_in(root, re.compile(r"images[-.]idx3(-ubyte)?(\.gz)?$", re.I))
    if not found:
        return None

    def values(file):
        data = gzip.open(file).read() if file.suffix == ".gz" else file.read_bytes()
        axes = data[3]
        lengths = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(axes)]
        return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(lengths)

    def part(file):
        beside = file.name.replace("images", "labels").replace("idx3", "idx1")
        options = [root / beside, root / beside.replace(".gz", ""), root / f"{beside}.gz"]
        labels = next((option for option in options if option.is_file()), None)
        if labels is None:
            raise DataError(f"{file} has no file of classes {beside} beside it.", "Put it there.")
        images = np.repeat(values(file)[:, None], 3, axis=1)
        targets = values(labels).astype(np.int64)
        return Arrays(images, targets, int(targets.max()) + 1)

    tested = [file for file in found if re.match(r"t10k|test", file.name, re.I)] if len(found) > 1 else []
    trained = [file for file in found if file not in tested]
    return part(trained[0]), part(tested[0]) if tested else None


# Arrays, for both tasks.

PAIRS = (("inputs", "targets"), ("images", "labels"), ("images", "masks"), ("x", "y"), ("X", "Y"))
PAIRS += (("X", "y"), ("data", "labels"), ("x_train", "y_train"), ("X_train", "y_train"))
PAIRS += (("train_images", "train_labels"), ("arr_0", "arr_1"))
HELD = (("x_test", "y_test"), ("X_test", "y_test"), ("x_val", "y_val"), ("test_images", "test_labels"))


def arrays(root):
    archives = [root] if root.suffix == ".npz" else files_in(root, re.compile(r"\.npz$", re.I))
    if len(archives) == 1:
        known = np.load(archives[0], allow_pickle=False)
    else:
        known = {file.stem: file for file in files_in(root, re.compile(r"\.npy$", re.I))}

    def part(pairs):
        for names in pairs:
            if all(name in known for name in names):
                images, targets = (values_of(known[name]) for name in names)
                return array_part(images, targets)
        return None

    train = part(PAIRS)
    return None if train is None else (train, part(HELD))


def values_of(entry):
    return np.load(entry, mmap_mode="r", allow_pickle=False) if isinstance(entry, Path) else entry


def array_part(images, targets):
    if images.ndim == 3:
        images = images[:, None]
    if images.ndim == 4 and images.shape[3] in (1, 3) and min(images.shape[1:3]) > 4:
        images = images.transpose(0, 3, 1, 2)
    if images.ndim != 4 or len(images) != len(targets):
        raise DataError(
            f"Images of the shape {images.shape} do not fit classes of the shape {targets.shape}.",
            "Save images as N x C x H x W, and a class for each image or each pixel.",
        )
    if images.dtype == np.uint8 and images.shape[1] == 1:
        images = np.repeat(images, 3, axis=1)
    if images.dtype != np.uint8:
        images = np.asarray(images, np.float32)
    targets = np.asarray(targets)
    if targets.ndim == 2 and targets.shape[1] == 1:
        targets = targets[:, 0]
    targets = targets.astype(np.int64)
    counted = targets[targets != IGNORED] if targets.ndim == 3 else targets
    if counted.size == 0 or counted.min() < 0:
        raise DataError("The targets hold no classes from 0 on.", "Save class numbers.")
    return Arrays(images, targets, int(counted.max()) + 1)


# Segmentation.

IMAGES = re.compile(
    r"^(images?|imgs?|photos?|pictures?|rgb|originals?|inputs?|frames|jpegimages|camerargb|leftimg8bit"
    r"|images?_.*|original_images)$",
    re.I,
)
MASKS = re.compile(
    r"^(masks?|msk|labels?|annotations?|seg|segmentations?|segmentationclass|semantic|gt|ground[ _-]?truth"
    r"|targets?|cameraseg|label_images.*|trimaps?)$",
    re.I,
)
ENDING = re.compile(r"[-_. ]?(L|masks?|labels?|labelIds|seg|segmentation|gt|P|pixels)$", re.I)
CAMVID = (
    ("images_prepped_{}", "annotations_prepped_{}"),
    ("{}", "{}annot"),
    ("{}", "{}_labels"),
    ("{}", "{}_masks"),
)


def masks_beside(root):
    """Folders of images and of masks: by their names, by part within them, or in CamVid's layouts."""
    groups = {}
    for images, masks in CAMVID:
        for part in ("train", "val", "test"):
            pair = root / images.format(part), root / masks.format(part)
            if all(folder.is_dir() for folder in pair):
                groups.setdefault(part_of(part), pair)
    if not groups:
        folders = folders_in(root)
        images = next((folder for folder in folders if IMAGES.match(folder.name)), None)
        masks = next((folder for folder in folders if MASKS.match(folder.name)), None)
        if images is None or masks is None:
            return None
        inner = {folder.name for folder in folders_in(masks)}
        named = [folder for folder in folders_in(images) if folder.name in inner]
        for folder in named:
            groups.setdefault(part_of(folder.name) or "train", (folder, masks / folder.name))
        if not named:
            groups["train"] = images, masks
    pairs = {part: paired(*folders) for part, folders in groups.items()}
    trained = pairs.get("train")
    if not trained:
        return None
    beside = [root, *(folder for pair in groups.values() for folder in pair[1:])]
    coding, names = coding_of([mask for _, mask in trained], beside)
    held = pairs.get("validation") or pairs.get("test")
    return Masked(trained, coding, names), Masked(held, coding, names) if held else None


def paired(images, masks):
    stems = {file.stem for file in files_in(images)}

    def key(file):
        return file.stem if file.stem in stems else ENDING.sub("", file.stem)

    by_key = {key(file): file for file in files_in(masks, re.compile(r"\.png$", re.I))}
    return [(file, by_key[file.stem]) for file in files_in(images) if file.stem in by_key]


CITYSCAPES = {7: 0, 8: 1, 11: 2, 12: 3, 13: 4, 17: 5, 19: 6, 20: 7, 21: 8, 22: 9, 23: 10, 24: 11, 25: 12}
CITYSCAPES.update({26: 13, 27: 14, 28: 15, 31: 16, 32: 17, 33: 18})


def cityscapes(root):
    images, masks = root / "leftImg8bit", root / "gtFine"
    if not images.is_dir() or not masks.is_dir():
        return None
    table = np.full(256, IGNORED, np.int64)
    for stored, trained in CITYSCAPES.items():
        table[stored] = trained
    names = [f"class {i}" for i in range(19)]

    def part(split):
        pairs, ready = [], False
        for file in sorted((images / split).rglob("*_leftImg8bit.png")):
            stem = masks / split / file.parent.name / file.name[: -len("_leftImg8bit.png")]
            for ending in ("_gtFine_labelTrainIds.png", "_gtFine_labelIds.png"):
                mask = Path(f"{stem}{ending}")
                if mask.is_file():
                    ready = ending.endswith("TrainIds.png")
                    pairs.append((file, mask))
                    break
        coding = (lambda ids, _: ids) if ready else (lambda ids, _: table[ids])
        return Masked(pairs, coding, names) if pairs else None

    train = part("train")
    return None if train is None else (train, part("val"))


def coding_of(masks, folders):
    """What pixels mean: (function of stored values and file, names). By 32 masks and lists beside them."""
    looked = [masks[i * len(masks) // min(32, len(masks))] for i in range(min(32, len(masks)))]
    values, coloured = set(), 0
    for file in looked:
        try:
            stored = np.unique(read_mask(file))
        except Unusable:
            continue  # it is told when its picture is drawn
        coloured += bool((stored > 255).any())
        values.update(int(value) for value in stored)
    colours, names = colours_beside(folders), names_beside(folders)
    if colours and (coloured * 2 > len(looked) or all(value * 0x010101 in colours for value in values)):
        return by_colour({colour: i for i, colour in enumerate(colours)}), list(colours.values())
    if coloured * 2 > len(looked):
        if len(values) > 128:
            raise DataError("The masks have more than 128 colours.", "List them in class_dict.csv.")
        found = sorted(value if value > 255 else value * 0x010101 for value in values)
        return by_colour({colour: i for i, colour in enumerate(found)}), [f"#{c:06x}" for c in found]
    if values == {0, IGNORED} and len(names or (0, 0)) == 2:
        return (lambda ids, _: (ids > 0).astype(np.int64)), names or ["background", "foreground"]
    highest = max((value for value in values if value != IGNORED), default=-1)
    return (lambda ids, _: ids), names or [f"class {i}" for i in range(highest + 1)]


def by_colour(class_of):
    known = np.array(sorted(class_of))
    classes = np.array([class_of[colour] for colour in known])

    def code(values, file):
        values = values if (values > 255).any() else values * 0x010101
        at = np.searchsorted(known, values).clip(max=len(known) - 1)
        if (known[at] != values).any():
            raise Unusable(f"{file} has a colour of no class")
        return classes[at]

    return code


def names_beside(folders):
    for folder in folders:
        for name in ("classes.txt", "class_names.txt", "labels.txt", "names.txt", "codes.txt"):
            if (folder / name).is_file():
                lines = (folder / name).read_text("utf-8", "replace").splitlines()
                names = [line.strip() for line in lines if line.strip()]
                if names:
                    return names
    return None


def colours_beside(folders):
    """Colour -> name, in the order of the list."""
    for folder in folders:
        for name in ("class_dict.csv", "label_colors.txt", "label_colours.txt", "labelmap.txt"):
            if (folder / name).is_file():
                found = {}
                for line in (folder / name).read_text("utf-8", "replace").splitlines():
                    first = re.match(r"^(.+?)[,;:]\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)", line.strip())
                    last = re.match(r"^(\d+)\s+(\d+)\s+(\d+)\s+(.+)$", line.strip())
                    if line.startswith("#") or not (first or last):
                        continue
                    title, *rgb = first.groups() if first else (last[4], last[1], last[2], last[3])
                    red, green, blue = map(int, rgb)
                    found.setdefault((red << 16) | (green << 8) | blue, title.strip())
                if len(found) > 1:
                    return found
    return None
`;
