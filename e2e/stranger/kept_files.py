"""What a client keeps on disk: its account, the deeds that have no answer yet, and the history it holds."""

import json
import os


def read_json(path, default):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return default


def write_json(path, value, durable=True):
    """Replaces a file whole. If it is to be durable, the disk has it on return; if not, the disk has it or the old one."""
    beside = f"{path}.new"
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    if not durable:
        return
    folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Outbox:
    """Deeds without an answer, oldest first; a deed is on disk before anybody sends it."""

    def __init__(self, folder):
        self._path = os.path.join(folder, "outbox.json")
        self._deeds = read_json(self._path, [])

    def __iter__(self):
        return iter(list(self._deeds))

    def __len__(self):
        return len(self._deeds)

    def add(self, deeds, epoch):
        self._deeds += ({"client_id": client_id, "deed": deed, "epoch": epoch} for client_id, deed in deeds)
        write_json(self._path, self._deeds)

    def forget(self, client_id):
        """True if it was there."""
        left = [kept for kept in self._deeds if kept["client_id"] != client_id]
        found = len(left) < len(self._deeds)
        if found:
            self._deeds = left
            # A deed that comes back to life is sent again, and does no harm.
            write_json(self._path, self._deeds, durable=False)
        return found


class Held:
    """One conversation as far as it is held: everything with `bottom` <= seq <= `cursor`."""

    def __init__(self, since):
        self.bottom, self.cursor = since + 1, since
        self.entries = {}


class History:
    """A journal of what was learned; the cursors come from the same lines as the entries, so they never disagree."""

    def __init__(self, folder):
        self.epoch, self.held = None, {}
        self._file = open(os.path.join(folder, "history.jsonl"), "a+b")
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            self._learn(json.loads(line))
            whole += len(line)
        self._file.truncate(whole)

    def cursors(self):
        return [[conversation, held.cursor] for conversation, held in self.held.items()]

    def enter_epoch(self, epoch):
        if epoch != self.epoch:
            self._note({"note": "epoch", "epoch": epoch})

    def start(self, conversation, since):
        """Nothing is held but the place after which changes will follow."""
        self._note({"note": "start", "conversation": conversation, "since": since})

    def leave(self, conversation):
        self._note({"note": "leave", "conversation": conversation})

    def append(self, change):
        entry = {key: value for key, value in change.items() if key != "conversation"}
        self._note({"note": "change", "conversation": change["conversation"], "entry": entry})

    def skip(self, conversation, to):
        self._note({"note": "skip", "conversation": conversation, "to": to})

    def prepend(self, page):
        """A page counts only if it ends where the history that is held begins."""
        held = self.held.get(page["conversation"])
        end = page.get("before", page["as_of"] + 1)
        if held and page["from"] < held.bottom <= end:
            self._note({"note": "page", **{key: page[key] for key in ("conversation", "from", "entries")}})

    def _note(self, note):
        self._file.write(json.dumps(note, ensure_ascii=False).encode() + b"\n")
        self._file.flush()
        self._learn(note)

    def _learn(self, note):
        kind, conversation = note["note"], note.get("conversation")
        held = self.held.get(conversation)
        if kind == "epoch":
            self.epoch, self.held = note["epoch"], {}
        elif kind == "start":
            self.held[conversation] = Held(note["since"])
        elif kind == "leave":
            del self.held[conversation]
        elif kind == "change":
            held.cursor = note["entry"]["seq"]
            held.entries[held.cursor] = note["entry"]
        elif kind == "skip":
            held.cursor = note["to"]
        elif kind == "page":
            for entry in note["entries"]:
                if entry["seq"] < held.bottom:
                    held.entries[entry["seq"]] = entry
            held.bottom = note["from"]
