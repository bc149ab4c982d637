"""What the independent DM server does in its sessions: a script of commands and tasks, inventory, delivery.

A script is a list. An entry that is a list is one package of commands; one that is an object is a task:
  {"task": "find"}                      finds the roots of SCOMO and FUMO by their Type
  {"task": "inventory", "by": "nodes" | "StructData"}   packages and components
  {"task": "await", "correlator": C}    asks for DevInfo until the alert with Correlator C is there
  {"task": "await", "uri": U, "value": V}   asks for U until it has that value
  {"task": "end"}                       ends the session; the rest is for the next one
  {"task": "alerts", "refuse": N}       answers the next N completion alerts by Status 500
In `uri` and `data` of a command are replaced: `{scomo}` and `{fumo}` by the roots that were found, `{files}` by the
address of `--files`, `{target:C}` by the Target of the alert with Correlator C.
"""
import json, re, time

from dmsession import Command, written

KINDS = {"urn:oma:mo:oma-scomo:1.0": "scomo", "urn:oma:mo:oma-fumo:1.0": "fumo"}
DEEPEST = 3
PATIENCE = 240     # seconds; ends what hangs


class Script:
    """The steps of a script file, each done once, over any number of sessions."""

    def __init__(self, path):
        self.steps, self.roots, self.done, self.refuse = [], {}, [], 0
        if path:
            with open(path) as f:
                self.steps = json.load(f)

    def run(self, session):
        while self.steps:
            step = self.steps.pop(0)
            if isinstance(step, list):
                got = yield [written(self.placed(entry, session.dms)) for entry in step]
                self.done.append([c.told() for c in got])
            elif step["task"] == "find":
                yield from self.find(".", 0)
                self.done.append(dict(self.roots))
            elif step["task"] == "inventory":
                self.done.append((yield from self.inventory(step.get("by", "nodes"))))
            elif step["task"] == "alerts":
                self.refuse = step["refuse"]
            elif step["task"] == "await":
                yield from self.wait(session, step)
            else:
                return

    def placed(self, entry, dms):
        """The entry with its placeholders replaced."""
        if "commands" in entry:
            return {**entry, "commands": [self.placed(e, dms) for e in entry["commands"]]}
        values = {**self.roots, "files": dms.url.rpartition("/")[0] + "/files",
                  **{f"target:{a['correlator']}": a["target"] for a in dms.alerts}}
        put = {name: re.sub(r"\{([a-z][^}]*)\}", lambda m: values.get(m.group(1), m.group(0)), entry[name])
               for name in ("uri", "data") if name in entry}
        return {**entry, **put}

    def wait(self, session, step):
        entry = self.placed({"uri": step.get("uri", "./DevInfo/Lang")}, session.dms)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if "uri" not in step and any(a["correlator"] == step["correlator"] for a in session.dms.alerts):
                return
            got, = yield [Command("Get", entry["uri"])]
            if "uri" in step and got.text() == step["value"]:
                return
            time.sleep(0.02)
        session.problem("alert-missing", json.dumps(step))

    def find(self, uri, depth):
        top, = yield [Command("Get", uri)]
        names = [n for n in top.text().split("/") if n] if top.code == 200 else []
        uris = [f"{uri}/{n}" for n in names if f"{uri}/{n}" not in ("./DevInfo", "./DevDetail", "./DMAcc")]
        if not uris:
            return
        got = yield [Command("Get", f"{u}?prop={p}") for u in uris for p in ("Format", "Type")]
        for at, below in enumerate(uris):
            form, kind = got[2 * at], got[2 * at + 1]
            if kind.code == 200 and kind.text() in KINDS:
                self.roots.setdefault(KINDS[kind.text()], below)
            elif form.code == 200 and form.text() == "node" and depth + 1 < DEEPEST:
                yield from self.find(below, depth + 1)

    def inventory(self, by):
        root = self.roots.get("scomo", "./SCM") + "/Inventory"
        if by == "StructData":
            got, = yield [Command("Get", f"{root}?list=StructData")]
            values = {u: v.decode("utf-8", "replace") for u, v in got.results.items()}
        else:
            values = {}
            for place in ("Delivered", "Deployed"):
                top, = yield [Command("Get", f"{root}/{place}")]
                names = [n for n in top.text().split("/") if n]
                leaves = ("PkgID", "State", "Status") if place == "Delivered" else \
                    ("ID", "Name", "Version", "PkgIDRef", "State", "Status")
                got = (yield [Command("Get", f"{root}/{place}/{n}/{leaf}") for n in names for leaf in leaves]) \
                    if names else []
                values.update({c.uri: c.text() for c in got if c.code == 200})
        out = {"delivered": {}, "deployed": {}}
        for uri, value in values.items():
            place, _, rest = uri[len(root) + 1:].partition("/")
            name, _, leaf = rest.partition("/")
            if place.lower() in out and leaf and "/" not in leaf and leaf != "Operations":
                out[place.lower()].setdefault(name, {})[leaf] = value
        return out
